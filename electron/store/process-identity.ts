import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import { promisify } from 'node:util'

/**
 * Which process: a pid alone comes back in another one, so its start time and the boot it belongs to are kept with it.
 */
export interface ProcessIdentity {
  readonly pid: number
  /** In the system's own form; null where it cannot be told. */
  readonly startTime: string | null
  readonly bootId: string
  readonly host: string
}

/** Seconds by which two readings of the same boot time may differ where it has to be computed. */
const BOOT_TOLERANCE = 120

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startTime: await startTimeOf(pid), bootId: await readBootId(), host: hostname() }
}

/** False only where the process is certainly gone: one on another machine counts as running. */
export async function isRunning(one: ProcessIdentity): Promise<boolean> {
  if (one.host !== hostname()) return true
  if (!isSameBoot(one.bootId, await readBootId())) return false
  if (!isAlive(one.pid)) return false
  const startTime = await startTimeOf(one.pid)
  return startTime === null || one.startTime === null || startTime === one.startTime
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function startTimeOf(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
    // proc(5): field 22, counted after the command's name, which may itself hold spaces and parentheses. 'Z' is dead.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields?.[0] === 'Z' ? 'ended' : (fields?.[19] ?? null)
  }
  if (process.platform === 'win32') return null
  const listed = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => null)
  return listed?.stdout.trim() || null
}

async function readBootId(): Promise<string> {
  const linux = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null)
  return linux?.trim() ?? `since ${Math.round(Date.now() / 1000 - uptime())}`
}

function isSameBoot(a: string, b: string): boolean {
  const [since, other] = [a, b].map((id) => /^since (\d+)$/.exec(id)?.[1])
  if (since === undefined || other === undefined) return a === b
  return Math.abs(Number(since) - Number(other)) <= BOOT_TOLERANCE
}
