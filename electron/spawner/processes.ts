import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** Facts about processes of this machine, from /proc where there is one. */

export interface ProcessStat {
  readonly state: string
  readonly group: number
  readonly session: number
  /** Clock ticks of the process and of the children it waited for. */
  readonly cpuTicks: number
  /** Clock ticks since boot; together with the pid it names a process for good. */
  readonly startTicks: number
  readonly residentPages: number
}

/** null where the process is gone or there is no /proc. Fields as in proc_pid_stat(5). */
export function readStat(pid: number): ProcessStat | null {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return null
  }
  // The name stands in parentheses and may hold anything, parentheses and spaces included.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const number = (field: number) => Number(fields[field - 3])
  return {
    state: fields[0]!,
    group: number(5),
    session: number(6),
    cpuTicks: number(14) + number(15) + number(16) + number(17),
    startTicks: number(22),
    residentPages: number(24),
  }
}

/** Identifies this boot, so that a pid of an earlier one is never mistaken. */
export function bootId(): string {
  try {
    if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    if (process.platform === 'darwin')
      return execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim()
    return execFileSync(
      'powershell',
      ['-NoProfile', '-Command', '(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.Ticks'],
      {
        encoding: 'utf8',
        windowsHide: true,
      },
    ).trim()
  } catch {
    return 'unknown'
  }
}

/** Processes of a group that still run (zombies do not). Linux only; elsewhere null. */
export function groupMembers(group: number): readonly number[] | null {
  if (process.platform !== 'linux') return null
  const members: number[] = []
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    const stat = readStat(pid)
    if (stat !== null && stat.group === group && stat.state !== 'Z' && stat.state !== 'X') members.push(pid)
  }
  return members
}

/**
 * Processes in one of the sessions `leaders` but in none of the groups `leaders`, that began with one of `marks`
 * (NAME=VALUE) in their environment: what a shell with job control (`set -m`) starts leads a group of its own. Linux
 * only; elsewhere none.
 */
export function strays(leaders: ReadonlySet<number | null>, marks: ReadonlySet<string>): readonly number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    const stat = Number.isInteger(pid) ? readStat(pid) : null
    if (stat === null || leaders.has(stat.group) || !leaders.has(stat.session)) return []
    return environmentOf(pid).some((setting) => marks.has(setting)) ? [pid] : []
  })
}

/** As NAME=VALUE, when it began; none of a zombie, and of what is gone. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Whether any process of the group still runs. On Windows: whether the process itself does. */
export function groupAlive(group: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? group : -group, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  const members = groupMembers(group)
  return members === null || members.length > 0
}

/** Signals a whole process group; on Windows ends the process tree (softly where `signal` is SIGTERM). */
export function signalGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    const force = signal === 'SIGKILL' ? ['/F'] : []
    spawnSync('taskkill', ['/PID', String(group), '/T', ...force], { stdio: 'ignore', windowsHide: true })
    return
  }
  signalProcess(-group, signal)
}

/** `pid`: a process, or a group as a negative number. */
export function signalProcess(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
    // What is stopped hears it only when it goes on.
    if (signal === 'SIGTERM') process.kill(pid, 'SIGCONT')
  } catch {
    // Gone already.
  }
}

/** Start of a process in milliseconds since 1970, to the second, where there is no /proc; null where it is gone. */
export function wallStart(pid: number): number | null {
  try {
    const text =
      process.platform === 'win32'
        ? execFileSync(
            'powershell',
            ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToUniversalTime().ToString('o')`],
            { encoding: 'utf8', windowsHide: true, stdio: ['ignore', 'pipe', 'ignore'] },
          )
        : execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
            encoding: 'utf8',
            env: { ...process.env, LC_ALL: 'C' },
            stdio: ['ignore', 'pipe', 'ignore'],
          })
    const time = Date.parse(text.trim())
    return Number.isNaN(time) ? null : time
  } catch {
    return null
  }
}
