import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inFolder, measure, preload } from './measure.ts'

/** Runs by turns: in a process that holds nothing else, and in one that holds a gigabyte. */
export interface Held {
  readonly alone: readonly HeldRun[]
  readonly holding: readonly HeldRun[]
}

export interface HeldRun {
  readonly seconds: number
  /** Of that process alone: less moved by what else the machine does. */
  readonly cpuSeconds: number
}

/**
 * What memory of the app's own process costs a run that it starts. The clock begins in that process once the gigabyte is
 * allocated and touched, and ends before it is given back: an app has it before a run and keeps it after.
 */
export function runHeld(cli: string, pipeline: string, env: NodeJS.ProcessEnv, repeats: number): Held {
  const alone: HeldRun[] = []
  const holding: HeldRun[] = []
  for (let turn = 0; turn < repeats; turn++) {
    alone.push(clocked(cli, pipeline, env, ''))
    holding.push(clocked(cli, pipeline, env, HOLD_A_GIGABYTE))
  }
  return { alone, holding }
}

const HOLD_A_GIGABYTE = 'globalThis.held = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 26, 1))'

function clocked(cli: string, pipeline: string, env: NodeJS.ProcessEnv, before: string): HeldRun {
  const report = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  const path = join(report, 'run.json')
  const clock = preload(`
    import { writeFileSync } from 'node:fs'
    if (process.argv[1] === ${JSON.stringify(cli)}) {
      ${before}
      const begin = performance.now(), used = process.cpuUsage()
      process.on('exit', () => {
        const { user, system } = process.cpuUsage(used)
        const run = { seconds: (performance.now() - begin) / 1000, cpuSeconds: (user + system) / 1e6 }
        writeFileSync(${JSON.stringify(path)}, JSON.stringify(run))
      })
    }`)
  try {
    return inFolder('bench.dag.yaml', pipeline, (folder) => {
      measure(process.execPath, [cli, 'run', 'bench.dag.yaml'], folder, { ...env, NODE_OPTIONS: clock })
      return JSON.parse(readFileSync(path, 'utf8')) as HeldRun
    })
  } finally {
    rmSync(report, { recursive: true })
  }
}
