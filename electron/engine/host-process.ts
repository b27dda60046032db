import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { encodeFrame, frameReader, LINE } from '#electron/spawner/protocol.ts'

/** How to start one of the engine's own processes: a Node, and the entry file to run in it. */
export interface HostCommand {
  /** A Node, or Electron with ELECTRON_RUN_AS_NODE in `environment`. */
  readonly execPath: string
  /** Absolute path of the entry: `.mjs` as bundled, or `.ts` in the checkout. */
  readonly entry: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Of Node itself. */
  readonly flags?: readonly string[]
  /** It gets one more pipe: for the words of `word`, or for its frames, where others may write to its standard output. */
  readonly line?: 'words' | 'frames'
}

/**
 * One of the engine's own processes (spawner, SQL host), spoken to in frames over its standard input and output. It
 * ends when that input closes, so it cannot outlive the engine. It may be started before anybody listens to it.
 */
export class HostProcess<Send, Receive> {
  private readonly child: ChildProcess
  private readonly line: Writable | null
  private readonly frames: Readable | null
  private readonly gone: Promise<void>
  private closed = false
  /** The end of what it wrote to its standard error: why it died. */
  private complaint = ''
  private onExit: (complaint: string) => void = () => undefined

  constructor(command: HostCommand, args: readonly string[]) {
    this.child = spawn(command.execPath, [...(command.flags ?? []), command.entry, ...args], {
      env: command.environment as NodeJS.ProcessEnv,
      stdio: ['pipe', 'pipe', 'pipe', command.line ? 'pipe' : 'ignore'],
      // Outside the terminal's process group: Ctrl-C is the engine's to interpret.
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    const { stdin, stdout, stderr } = this.child
    // Where the system has no descriptors left there are no streams at all, whatever the types say.
    const streams: ChildProcess['stdio'] | undefined = this.child.stdio
    const line = streams?.[LINE] ?? null
    this.line = command.line === 'words' ? (line as Writable | null) : null
    this.frames = command.line === 'frames' ? (line as Readable | null) : stdout
    if (this.frames !== stdout) stdout?.resume()
    this.frames?.setEncoding('utf8')
    stderr?.setEncoding('utf8')
    stderr?.on('data', (text: string) => {
      this.complaint = (this.complaint + text).slice(-4000)
    })
    // A write to a process that just died; its exit says so too.
    for (const stream of [stdin, line]) stream?.on('error', () => undefined)
    const { promise: gone, resolve } = Promise.withResolvers<void>()
    this.gone = gone
    const over = () => {
      if (this.closed) return
      this.closed = true
      resolve()
      this.onExit(this.complaint.trim())
    }
    this.child.on('error', (error) => {
      this.complaint += error.message
      over()
    })
    // Whoever else holds the other end of the line must not hide that the process is gone.
    this.child.on('exit', () => this.line?.destroy())
    this.child.on('close', over)
  }

  /** To be called once. `onExit`: with its last words; also where it had died before. */
  listen(onMessage: (message: Receive) => void, onExit: (complaint: string) => void): this {
    this.onExit = onExit
    this.frames?.on('data', frameReader<Receive>(onMessage))
    if (this.closed) process.nextTick(onExit, this.complaint.trim())
    return this
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  send(message: Send): void {
    const { stdin } = this.child
    if (this.closed || !stdin) return
    if (stdin.writableCorked === 0) {
      // What is sent in one go travels in one go.
      stdin.cork()
      process.nextTick(() => stdin.uncork())
    }
    stdin.write(encodeFrame(message))
  }

  /** Sends 32 bits over its line. */
  word(value: number): void {
    if (this.closed || this.line === null) return
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeUInt32BE(value)
    this.line.write(bytes)
  }

  /** Closes its input, which ends it; resolves when it is gone. */
  async close(): Promise<void> {
    this.child.stdin?.end()
    this.line?.end()
    await this.gone
  }

  kill(): void {
    this.child.kill('SIGKILL')
  }

  /** Lets this process end although the host lives. */
  unref(): void {
    this.child.unref()
  }
}
