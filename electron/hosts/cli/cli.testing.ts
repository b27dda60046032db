import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, 'main.ts')
/** Half of what a start costs is reading TypeScript; dozens of starts read the same. */
const COMPILE_CACHE = join(import.meta.dirname, '../../../node_modules/.cache/cli')

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A workspace in a temporary folder, and the real command line started in it. */
export interface CliBench {
  readonly root: string
  /** Of every command. */
  readonly env: NodeJS.ProcessEnv
  put(path: string, text: string): Promise<void>
  remove(path: string): Promise<void>
  run(...args: string[]): Promise<Outcome>
  start(...args: string[]): {
    readonly child: ChildProcess
    readonly outcome: Promise<Outcome>
    stderrHas(text: string): Promise<void>
  }
  close(): Promise<void>
}

export async function openCliBench(): Promise<CliBench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-cli-')))
  const root = join(folder, 'workspace')
  await mkdir(root)
  await writeFile(join(root, 'dagwright.yaml'), 'retention: { runs: 50 }\n')
  const env = { ...process.env, DAGWRIGHT_HOME: join(folder, 'home'), NO_COLOR: '1', NODE_COMPILE_CACHE: COMPILE_CACHE }

  function start(...args: string[]) {
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    const listeners = new Set<() => void>()
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text
      for (const listener of listeners) listener()
    })
    const outcome = new Promise<Outcome>((resolve) => {
      child.on('close', (code) => {
        for (const listener of listeners) listener()
        resolve({ code, ...said })
      })
    })
    return {
      child,
      outcome,
      stderrHas: (text: string) =>
        new Promise<void>((resolve, reject) => {
          const look = () => {
            if (said.stderr.includes(text)) resolve()
            else if (child.exitCode !== null) reject(new Error(`It ended without saying "${text}":\n${said.stderr}`))
          }
          listeners.add(look)
          look()
        }),
    }
  }

  return {
    root,
    env,
    put: (path, text) => writeFile(join(root, path), text),
    remove: (path) => rm(join(root, path)),
    run: (...args) => start(...args).outcome,
    start,
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
