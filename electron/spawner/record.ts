import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  bootId,
  groupAlive,
  groupMembers,
  readStat,
  signalGroup,
  signalProcess,
  strays,
  wallStart,
} from './processes.ts'

/**
 * The list, on disk, of process groups that run: one JSON object a line, `{ pid, start, session, wall, boot, run }` when one
 * starts and `{ pid, ended: true }` when it has ended; empty again when none is left, or it would grow with every task
 * there ever was. Written without fsync: it has to outlive processes, not the machine, which takes the groups with it.
 */
interface Entry {
  readonly pid: number
  /** Clock ticks since boot; null where there is no /proc, or it was over by then and had perhaps left others running. */
  readonly start: number | null
  /** The spawner's, in which its group is unless it leads one itself; null where there is no /proc. */
  readonly session: number | null
  /** Milliseconds since 1970. */
  readonly wall: number
  readonly boot: string
  readonly run: string
}

export class ProcessRecord {
  private readonly file: number
  private readonly boot = bootId()
  /** This process's. */
  readonly session = readStat(process.pid)?.session ?? null
  /** Ends that wait for the next start, to be written with it: an entry that is not true any more is told by its start. */
  private unwritten = ''
  private readonly live = new Set<number>()

  /** Truncates the file: sweep before. Throws where it cannot be written. */
  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true })
    closeSync(openSync(path, 'w'))
    // At its end, wherever that is after it was emptied.
    this.file = openSync(path, 'a')
  }

  started(pid: number, run: string): void {
    const start = readStat(pid)?.startTicks ?? null
    const entry: Entry = { pid, start, session: this.session, wall: Date.now(), boot: this.boot, run }
    this.live.add(pid)
    this.put(`${this.unwritten}${JSON.stringify(entry)}\n`)
  }

  ended(pid: number): void {
    this.live.delete(pid)
    this.unwritten += `{"pid":${pid},"ended":true}\n`
  }

  /** For when no start follows soon. */
  flush(): void {
    if (this.live.size === 0) this.empty()
    else if (this.unwritten !== '') this.put(this.unwritten)
  }

  private empty(): void {
    this.unwritten = ''
    try {
      ftruncateSync(this.file)
    } catch {
      // Then it tells of groups that are over, and whoever sweeps looks whether they are.
    }
  }

  private put(lines: string): void {
    this.unwritten = ''
    try {
      writeSync(this.file, lines)
    } catch {
      // A full disk costs the second line of defence only; the closing pipe still ends the groups.
    }
  }
}

/**
 * Kills (SIGKILL) every recorded process group that is still the one recorded: same boot, same start; and what left
 * its group but not its session. For the start of an engine, and for when its spawner died. Removes the file. Returns
 * the groups it killed. Out of reach: a daemon that left its session by `setsid`.
 */
export function sweepOrphans(recordPath: string): readonly { readonly pid: number; readonly run: string }[] {
  let text: string
  try {
    text = readFileSync(recordPath, 'utf8')
  } catch {
    return []
  }
  const live = new Map<number, Entry>()
  for (const line of text.split('\n')) {
    const entry = parse(line)
    if (entry === null) continue
    if ('ended' in entry) live.delete(entry.pid)
    else live.set(entry.pid, entry)
  }
  const boot = live.size > 0 ? bootId() : ''
  const entries = [...live.values()].filter((entry) => entry.boot === boot)
  const killed = []
  for (const entry of entries) {
    if (!isSame(entry)) continue
    signalGroup(entry.pid, 'SIGKILL')
    killed.push({ pid: entry.pid, run: entry.run })
  }
  if (entries.length > 0) killStrays(entries)
  rmSync(recordPath, { force: true })
  return killed
}

function killStrays(entries: readonly Entry[]): void {
  const leaders = new Set(entries.flatMap(({ pid, session }) => [pid, session]))
  const marks = new Set(entries.map(({ run }) => `DAGWRIGHT_RUN_ID=${run}`))
  for (const pid of strays(leaders, marks)) signalProcess(pid, 'SIGKILL')
}

function parse(line: string): Entry | { readonly pid: number; readonly ended: true } | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('pid' in value)) return null
    if (!Number.isInteger(value.pid) || (value.pid as number) < 2) return null
    return value as Entry | { readonly pid: number; readonly ended: true }
  } catch {
    return null
  }
}

function isSame(entry: Entry): boolean {
  if (process.platform !== 'linux') {
    const start = wallStart(entry.pid)
    // The record is written right after the start; `ps` tells whole seconds.
    return start !== null && Math.abs(start - entry.wall) < 3000
  }
  const leader = readStat(entry.pid)
  if (leader !== null) return leader.group === entry.pid && leader.startTicks === entry.start
  // The leader is gone. While any process is in its group the kernel does not give the number away again.
  const members = groupAlive(entry.pid) ? groupMembers(entry.pid) : null
  const first = members?.[0]
  if (first === undefined) return false
  const stat = readStat(first)
  if (stat === null || (entry.start !== null && stat.startTicks < entry.start)) return false
  return stat.session === entry.pid || stat.session === entry.session
}
