import { type ChildProcess, spawn } from 'node:child_process'
import type { Stream } from './log.ts'

/** A process to start. Everything it gets is said here: nothing is inherited but the user and the limits. */
export interface LaunchOrder {
  /** Absolute, or relative to `cwd`: PATH is not searched. */
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

/** What becomes of it, never told before `launch` has returned: `refused`, or `started`, then `exited`, then `closed`. */
export interface LaunchListener {
  /** It leads a process group (and session) of its own, so that a signal reaches everything it starts. */
  started(pid: number): void
  /** It never ran. `code`: the system's (ENOENT, E2BIG, …). */
  refused(code: string, message: string): void
  output(stream: Stream, chunk: Buffer): void
  exited(code: number | null, signal: string | null): void
  /** All its output has come: nobody holds its pipes any more. */
  closed(): void
}

/** Starts processes with no input, and pipes for their output. */
export interface Launcher {
  /** Returns how to close its pipes, whoever still writes to them. */
  launch(order: LaunchOrder, listener: LaunchListener): () => void
  /** Ends what it needed for itself, once nothing runs any more. */
  close(): Promise<void>
}

/** Starts them from this very process. */
export const nodeLauncher: Launcher = {
  launch(order, listener) {
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
      return () => undefined
    }
    const { pid } = child
    child.on('error', (error) => {
      if (pid === undefined) refuseSoon(listener, error)
    })
    if (pid === undefined) return () => undefined
    process.nextTick(() => listener.started(pid))
    child.stdout?.on('data', (chunk: Buffer) => listener.output('out', chunk))
    child.stderr?.on('data', (chunk: Buffer) => listener.output('err', chunk))
    child.on('exit', (code, signal) => listener.exited(code, signal))
    child.on('close', () => listener.closed())
    return () => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    }
  },
  close: async () => undefined,
}

function refuseSoon(listener: LaunchListener, { code, message }: NodeJS.ErrnoException): void {
  process.nextTick(() => listener.refused(code ?? 'UNKNOWN', message))
}
