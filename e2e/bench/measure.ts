import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Cost {
  readonly seconds: number
  /** Of the process and its descendants; null where there is no /proc. */
  readonly cpuSeconds: number | null
  /** It was killed at the time limit: it takes longer than this. */
  readonly unfinished?: true
}

/**
 * Runs a program to its end. Throws with its last words where it fails. `limit`: after so many milliseconds it is killed,
 * and what it took until then is its cost.
 */
export function measure(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  limit?: number,
): Cost {
  const before = childTicks()
  const begin = performance.now()
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    killSignal: 'SIGKILL',
    ...(limit === undefined ? {} : { timeout: limit }),
  })
  const seconds = (performance.now() - begin) / 1000
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT')
    return { seconds, cpuSeconds: null, unfinished: true }
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.toString().slice(-500)}`)
  const after = childTicks()
  return { seconds, cpuSeconds: before === null || after === null ? null : (after - before) / 100 }
}

/** CPU time of all children that have ended, theirs included; in hundredths of a second, see proc_pid_stat(5). */
export function childTicks(): number | null {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')
    return Number(fields[13]) + Number(fields[14])
  } catch {
    return null
  }
}

/** CPU time of a live process alone, all its threads; 0 where there is no /proc. */
export function cpuSecondsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

/** The run of median wall time; null where there is none. */
export function median(costs: readonly (Cost | null)[]): Cost | null {
  const known = costs.filter((cost) => cost !== null).sort((a, b) => a.seconds - b.seconds)
  return known[Math.floor(known.length / 2)] ?? null
}

/** In a new folder that holds the file, and is removed afterwards. */
export function inFolder<T>(file: string, text: string, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  writeFileSync(join(folder, file), text)
  let result: T
  try {
    result = work(folder)
  } catch (error) {
    remove()
    throw error
  }
  if (result instanceof Promise) return result.finally(remove) as T
  remove()
  return result
}

/** Memory of a program, its own helpers included. */
export interface Peak {
  /** At the worst of the looks (10 a second): proportional set sizes added up, so that pages they share count once. */
  readonly megabytes: number
  readonly processes: number
}

/**
 * Runs a program of Dagwright's to its end and looks at its memory: its own, the spawner's and the fork server's, but
 * not the tasks'. Linux only.
 */
export async function peakOf(child: ChildProcess): Promise<Peak> {
  let peak: Peak = { megabytes: 0, processes: 0 }
  const timer = setInterval(() => {
    const own = ownProcesses(child.pid!)
    const megabytes = own.reduce((sum, pid) => sum + proportionalMegabytes(pid), 0)
    if (megabytes > peak.megabytes) peak = { megabytes, processes: own.length }
  }, 100)
  const code = await new Promise((resolve) => child.once('close', resolve))
  clearInterval(timer)
  if (code !== 0) throw new Error(`It ended with ${code}.`)
  return peak
}

/** A process and all below it. Linux only: elsewhere the process alone. */
export function descendantsOf(pid: number): readonly number[] {
  const all = [pid]
  for (const parent of all) all.push(...childrenOf(parent))
  return all
}

/** The process and those below it that are Node or the fork server: tasks run `sh`. */
function ownProcesses(pid: number): number[] {
  const own = [pid]
  for (const parent of own) {
    for (const child of childrenOf(parent)) {
      try {
        if (/node|python/.test(readlinkSync(`/proc/${child}/exe`))) own.push(child)
      } catch {
        // Gone meanwhile.
      }
    }
  }
  return own
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').trim().split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

function proportionalMegabytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

/** NODE_OPTIONS that make a Node run this module first. */
export function preload(code: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(code)}`
}

/** Starts a program without a terminal. */
export function begin(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(program, args, { cwd, env, stdio: 'ignore' })
}
