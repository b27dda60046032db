import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cost, inFolder, measure } from './measure.ts'
import type { Needs } from './shapes.ts'

/** The same graphs run by others: no-op tasks with `sh`, whole processes. null: not installed. */

export function runMake(needs: Needs, slots: number): Cost | null {
  const names = needs.map((_, task) => `t${task}`).join(' ')
  const rules = needs.map((own, task) => `t${task}: ${own.map((up) => `t${up}`).join(' ')}\n\t@:;\n`)
  const text = `.PHONY: all ${names}\nall: ${names}\n${rules.join('')}`
  return timed('make', ['-s', `-j${slots}`, 'all'], 'Makefile', text)
}

export function runNinja(needs: Needs, slots: number): Cost | null {
  const builds = needs.map((own, task) => `build t${task}: run ${own.map((up) => `t${up}`).join(' ')}\n`)
  return timed('ninja', ['--quiet', `-j${slots}`], 'build.ninja', `rule run\n  command = :\n${builds.join('')}`)
}

function timed(program: string, args: readonly string[], file: string, text: string): Cost | null {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) return null
  return inFolder(file, text, (folder) => measure(program, args, folder, process.env))
}

/** It may take half a minute for a thousand tasks on an idle machine; nobody waits for a bench for ever. */
const DAGU_LIMIT_MILLISECONDS = 60_000
const DAGU_PACKAGE = '@dagu-org/dagu-linux-x64'

/** The closest peer: a local engine with logs and history. Fetched into a temporary folder; null where it can't be had. */
export function runDagu(needs: Needs, slots: number): Cost | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null
  const prefix = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  try {
    spawnSync('npm', ['install', '--no-save', '--silent', '--prefix', prefix, DAGU_PACKAGE], { stdio: 'ignore' })
    const program = join(prefix, 'node_modules', DAGU_PACKAGE, 'bin/dagu')
    if (!existsSync(program)) return null
    const steps = needs.map((own, task) => {
      const depends = own.length === 0 ? '' : `, depends: [${own.map((up) => `t${up}`)}]`
      return `  - { name: t${task}, command: ":", shell: sh${depends} }`
    })
    const text = `type: graph\nmaxActiveSteps: ${slots}\nsteps:\n${steps.join('\n')}\n`
    return inFolder('bench.yaml', text, (folder) => {
      const env = { ...process.env, HOME: folder, DAGU_HOME: join(folder, 'dagu') }
      return measure(program, ['start', 'bench.yaml'], folder, env, DAGU_LIMIT_MILLISECONDS)
    })
  } finally {
    rmSync(prefix, { recursive: true, force: true })
  }
}
