import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preload } from './measure.ts'

/** Of some processes' event loops. */
export interface Stalls {
  /** The longest time that a loop did not turn, by the wall's clock: what others hold the processor for is in it. */
  readonly wall: number
  /** What one turn computed at most. */
  readonly cpu: number
  /** How many turns took longer than `GOAL_MILLISECONDS`: by the wall's clock, and of computing. */
  readonly longByWall: number
  readonly longByCpu: number
  /** The longest pause of the garbage collector; it is part of its turn. */
  readonly collecting: number
  /** Of the looks, together: what the turns are to be compared with. */
  readonly seconds: number
}

export const GOAL_MILLISECONDS = 20

/** The entry of the process that `startIdle` starts. */
export const IDLE = 'idle'

/**
 * Starts a process that has nothing to do, in a session of its own: how long its loop does not turn is what the machine
 * keeps any process waiting. `stop` resolves when it has ended.
 */
export function startIdle(options: string): { stop(): Promise<void> } {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', IDLE], {
    detached: true,
    env: { ...process.env, NODE_OPTIONS: options },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  return {
    stop() {
      child.stdin.end()
      return ended
    },
  }
}

/**
 * Processes started with `options` report, at their end, when their event loop did not turn. `stalls`, to be called when
 * they have ended and before `discard`: of those with this entry, from `after` milliseconds of their life on, or from the time `since`
 * (milliseconds since 1970) on where that is later.
 */
export function watchLoops(after: number): {
  readonly options: string
  stalls(entry: string, since?: number): Stalls
  discard(): void
} {
  const reports = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  return {
    options: preload(`const reports = ${JSON.stringify(reports)}\n${OBSERVER}`),
    stalls(entry, since = 0) {
      const all = readdirSync(reports).map(
        (name) => JSON.parse(readFileSync(join(reports, name), 'utf8')) as LoopReport,
      )
      const own = all
        .filter((report) => report.entry.endsWith(entry))
        .map((report) => ({ ...report, from: Math.max(since, report.begin + after) }))
      const counted = <T extends Spell>(spells: (report: LoopReport) => readonly T[]) =>
        own.flatMap((report) => spells(report).filter(({ from }) => from >= report.from))
      const turns = counted(({ turns }) => turns)
      return {
        wall: longest(turns.map(({ wall }) => wall)),
        cpu: longest(turns.map(({ cpu }) => cpu)),
        longByWall: turns.filter(({ wall }) => wall > GOAL_MILLISECONDS).length,
        longByCpu: turns.filter(({ cpu }) => cpu > GOAL_MILLISECONDS).length,
        collecting: longest(counted(({ collections }) => collections).map(({ wall }) => wall)),
        seconds: own.reduce((sum, { from, end }) => sum + Math.max(0, end - from) / 1000, 0),
      }
    },
    discard: () => rmSync(reports, { recursive: true, force: true }),
  }
}

/** Milliseconds; `from` since 1970. */
interface Spell {
  readonly from: number
  readonly wall: number
}

/** Times in milliseconds since 1970. */
interface LoopReport {
  readonly entry: string
  readonly begin: number
  readonly end: number
  readonly turns: readonly (Spell & { readonly cpu: number })[]
  readonly collections: readonly Spell[]
}

const longest = (times: readonly number[]) => Math.max(0, ...times)

/** Looks every other millisecond, and keeps what took longer than four. */
const OBSERVER = `
  import { writeFileSync } from 'node:fs'
  import { PerformanceObserver } from 'node:perf_hooks'
  const begin = Date.now()
  const turns = []
  const collections = []
  const cpuNow = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  let last = performance.now()
  let lastCpu = cpuNow()
  setInterval(() => {
    const now = performance.now()
    const wall = now - last - 2
    const cpu = cpuNow()
    if (wall > 4) turns.push({ from: Date.now() - wall, wall, cpu: cpu - lastCpu })
    last = now
    lastCpu = cpu
  }, 2).unref()
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      if (duration > 4) collections.push({ from: performance.timeOrigin + startTime, wall: duration })
  }).observe({ entryTypes: ['gc'] })
  process.on('exit', () => writeFileSync(reports + '/' + process.pid,
    JSON.stringify({ entry: process.argv[1] ?? '', begin, end: Date.now(), turns, collections })))`
