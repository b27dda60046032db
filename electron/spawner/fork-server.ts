import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { FORK_SERVER } from './fork-server-program.ts'
import { type Launch, type Launcher, type LaunchListener, type LaunchOrder, STOPPED } from './launcher.ts'
import type { Stream } from './log.ts'

const HEADER_BYTES = 9
/** Where a Python of the system lies. Not the PATH's: that may be a script that looks for another. */
export const SYSTEM_PYTHONS: readonly string[] = ['/usr/bin/python3', '/usr/local/bin/python3']

/** Of several names for one number (SIGABRT, SIGIOT) the first. */
const SIGNALS = new Map(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
)
const STREAMS: Readonly<Record<string, Stream>> = { O: 'out', E: 'err' }

/** Starts processes from a small helper, see `fork-server-program.ts`. */
export class ForkServer implements Launcher {
  /** Whether it came up; where it did not, it has started nothing. */
  readonly ready: Promise<boolean>
  private readonly helper: ChildProcess
  private readonly listeners = new Map<number, LaunchListener>()
  private readonly gone: Promise<void>
  private onDeath: () => void
  private rest: Buffer = Buffer.alloc(0)
  private greet: () => void = () => undefined

  /**
   * `line`: the descriptor at which it listens for ids that may begin. `onDeath`: it came up and died under its processes,
   * which it may have left running.
   */
  constructor(python: string, line: number | null, onDeath: () => void) {
    // Isolated (-I) and without site packages (-S): only the standard library, whatever the surroundings say.
    this.helper = spawn(python, ['-I', '-S', '-c', FORK_SERVER], {
      cwd: '/',
      stdio: ['pipe', 'pipe', 'ignore', line ?? 'pipe'],
    })
    this.onDeath = onDeath
    let up = false
    this.gone = new Promise((resolve) => {
      this.helper.on('error', () => resolve())
      this.helper.on('exit', () => resolve())
    })
    this.ready = new Promise((resolve) => {
      this.greet = () => {
        up = true
        resolve(true)
      }
      this.helper.on('error', () => resolve(false))
      this.helper.on('exit', () => (up ? this.onDeath() : resolve(false)))
    })
    this.helper.stdout!.on('data', (chunk: Buffer) => this.receive(chunk))
    // A write to a helper that just died; its exit says so too.
    this.helper.stdin!.on('error', () => undefined)
  }

  prepare(order: LaunchOrder, listener: LaunchListener): Launch {
    const { id } = order
    const settings = Object.entries(order.env).map(([name, value]) => `${name}=${value}`)
    const texts = [order.cwd, order.command, String(order.args.length), ...order.args, ...settings]
    if (texts.some((text) => text.includes('\0'))) {
      process.nextTick(() =>
        listener.refused('EINVAL', 'Its command and environment must be texts without null bytes.'),
      )
    } else {
      this.listeners.set(id, listener)
      this.send('P', id, texts.join('\0'))
    }
    const send = (kind: 'B' | 'W' | 'D') => {
      if (this.listeners.has(id)) this.send(kind, id, '')
    }
    return { begin: () => send('B'), withdraw: () => send('W'), disconnect: () => send('D') }
  }

  /** Ends it, and what it still runs. */
  async close(): Promise<void> {
    this.onDeath = () => undefined
    this.helper.stdin!.end()
    await this.gone
  }

  private send(kind: 'P' | 'B' | 'W' | 'D', id: number, payload: string): void {
    const body = Buffer.from(payload)
    const header = Buffer.alloc(HEADER_BYTES)
    header.write(kind, 0, 'latin1')
    header.writeUInt32BE(id, 1)
    header.writeUInt32BE(body.length, 5)
    this.helper.stdin!.write(Buffer.concat([header, body]))
  }

  private receive(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    let at = 0
    while (bytes.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + bytes.readUInt32BE(at + 5)
      if (end > bytes.length) break
      this.told(String.fromCharCode(bytes[at]!), bytes.readUInt32BE(at + 1), bytes.subarray(at + HEADER_BYTES, end))
      at = end
    }
    this.rest = bytes.subarray(at)
  }

  private told(kind: string, id: number, payload: Buffer): void {
    if (kind === 'H') this.greet()
    const listener = this.listeners.get(id)
    if (listener === undefined) return
    switch (kind) {
      case 'S':
        listener.started(payload.readUInt32BE(0))
        return
      case 'O':
      case 'E':
        listener.output(STREAMS[kind]!, payload)
        return
      case 'X': {
        const code = payload.readInt32BE(0)
        if (code < 0) listener.exited(null, SIGNALS.get(-code) ?? `signal ${-code}`)
        else listener.exited(code, null)
        return
      }
      case 'R': {
        const [code, message] = payload.toString().split('\0') as [string, string]
        this.listeners.delete(id)
        listener.refused(code, message)
        return
      }
      case 'W':
        this.listeners.delete(id)
        listener.refused(STOPPED.code, STOPPED.message)
        return
      case 'C':
        this.listeners.delete(id)
        listener.closed(payload.length === 0)
        return
    }
  }
}
