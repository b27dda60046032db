import { type ChildProcess, spawn } from 'node:child_process'
import type { Stream } from './log.ts'

/** A process to start. Everything it gets is said here: nothing is inherited but the user and the limits. */
export interface LaunchOrder {
  /** Larger than that of every order before. */
  readonly id: number
  /** Absolute, or relative to `cwd`: PATH is not searched. */
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * What becomes of it, never told before the call that caused it has returned: `refused`, or `started`, then `exited`,
 * then `closed`.
 */
export interface LaunchListener {
  /** It leads a process group of its own, so that a signal reaches everything it starts. */
  started(pid: number): void
  /** It never ran. `code`: the system's (ENOENT, E2BIG, …), or STOPPED. */
  refused(code: string, message: string): void
  output(stream: Stream, chunk: Buffer): void
  exited(code: number | null, signal: string | null): void
  /** All its output has come: nobody holds its pipes any more. `alone`: certainly nothing of its group runs either. */
  closed(alone: boolean): void
}

/** A process that is ready to begin. */
export interface Launch {
  begin(): void
  /** It shall not begin: it is refused as STOPPED, unless it has begun already. */
  withdraw(): void
  /** Closes its pipes, whoever still writes to them. */
  disconnect(): void
}

/** Starts processes with no input, and pipes for their output. */
export interface Launcher {
  prepare(order: LaunchOrder, listener: LaunchListener): Launch
  /** Nothing begins any more. Ends what it needed for itself, once nothing runs any more. */
  close(): Promise<void>
}

export const STOPPED = { code: 'STOPPED', message: 'Stopped before it started.' }

/** Starts them from this very process. */
export class NodeLauncher implements Launcher {
  private readonly waiting: (() => void)[] = []
  private scheduled = false

  prepare(order: LaunchOrder, listener: LaunchListener): Launch {
    let child: ChildProcess | null = null
    let over = false
    const launch = () => {
      if (over) return
      over = true
      child = start(order, listener)
    }
    return {
      begin: () => {
        this.waiting.push(launch)
        this.schedule()
      },
      withdraw() {
        if (!over) refuseSoon(listener, STOPPED)
        over = true
      },
      disconnect() {
        child?.stdout?.destroy()
        child?.stderr?.destroy()
      },
    }
  }

  async close(): Promise<void> {
    this.waiting.length = 0
  }

  /** One start a turn of the loop: several in a row would starve pipes and exits. */
  private schedule(): void {
    if (this.scheduled || this.waiting.length === 0) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      this.waiting.shift()?.()
      this.schedule()
    })
  }
}

function start(order: LaunchOrder, listener: LaunchListener): ChildProcess | null {
  let child: ChildProcess
  try {
    child = spawn(order.command, order.args, {
      cwd: order.cwd,
      env: order.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows this would open a console.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
  } catch (error) {
    refuseSoon(listener, error as NodeJS.ErrnoException)
    return null
  }
  const { pid } = child
  child.on('error', (error) => {
    if (pid === undefined) refuseSoon(listener, error)
  })
  if (pid === undefined) return null
  process.nextTick(() => listener.started(pid))
  child.stdout?.on('data', (chunk: Buffer) => listener.output('out', chunk))
  child.stderr?.on('data', (chunk: Buffer) => listener.output('err', chunk))
  child.on('exit', (code, signal) => listener.exited(code, signal))
  child.on('close', () => listener.closed(false))
  return child
}

function refuseSoon(listener: LaunchListener, { code, message }: { readonly code?: string; readonly message: string }) {
  process.nextTick(() => listener.refused(code ?? 'UNKNOWN', message))
}
