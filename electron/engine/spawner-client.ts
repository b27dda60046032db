import type {
  FromSpawner,
  PrepareProcess,
  ProcessEnded,
  ProcessRefused,
  ToSpawner,
} from '#electron/spawner/protocol.ts'
import { sweepOrphans } from '#electron/spawner/record.ts'
import type { Micros } from '#shared/model/time.ts'
import { type HostCommand, HostProcess } from './host-process.ts'

/** What became of a process: it ended, never began, its spawner died under it, or no spawner comes up. */
export type ProcessFate =
  | ProcessEnded
  | ProcessRefused
  | { readonly type: 'lost'; readonly complaint: string }
  | { readonly type: 'unstartable'; readonly complaint: string }

/** A process that is ready to begin. */
export interface PreparedProcess {
  begin(): void
  stop(kill: boolean): void
  readonly fate: Promise<ProcessFate>
}

interface Waiting {
  readonly request: PrepareProcess
  readonly onStarted: (pid: number, at: Micros) => void
  readonly resolve: (fate: ProcessFate) => void
  begun: boolean
  stopped: boolean
}

/** A spawner's process that was started before its engine: it takes as long to come up as a workspace to open. */
export type SpawnerProcess = HostProcess<ToSpawner, FromSpawner>

/** After how many milliseconds a spawner that did not come up is tried again; then no more. */
const PAUSES = [100, 500]

/**
 * The engine's end of the spawner. Starts it when first needed; when it dies, kills what it recorded, reports those
 * processes lost and starts a new one for what comes next. One that dies before it is ready has started nothing, so
 * what it was asked for is asked of the next one, a few times.
 */
export class SpawnerClient {
  private readonly command: HostCommand
  private readonly record: string
  private ahead: SpawnerProcess | null
  private host: SpawnerProcess | null = null
  private ready = false
  private line = false
  private failedStarts = 0
  private restart: NodeJS.Timeout | null = null
  private readonly waiting = new Map<number, Waiting>()
  private nextId = 1
  private closing = false

  constructor(command: HostCommand, record: string, ahead: SpawnerProcess | null) {
    this.command = command
    this.ahead = ahead
    this.record = record
    sweepOrphans(record)
  }

  prepare(process: Omit<PrepareProcess, 'type' | 'id'>, onStarted: (pid: number, at: Micros) => void): PreparedProcess {
    const id = this.nextId
    this.nextId += 1
    const request: PrepareProcess = { ...process, type: 'prepare', id }
    const fate = new Promise<ProcessFate>((resolve) => {
      this.waiting.set(id, { request, onStarted, resolve, begun: false, stopped: false })
    })
    if (this.closing) this.settle(id, { type: 'lost', complaint: '' })
    else if (this.restart === null) this.connected().send(request)
    return { begin: () => this.begin(id), stop: (kill) => this.stop(id, kill), fate }
  }

  shift(run: string, by: Micros): void {
    this.host?.send({ type: 'shift', run, by })
  }

  /** Starts the spawner ahead of need: its start takes longer than a task's. */
  warm(): void {
    if (!this.closing && this.restart === null) this.connected()
  }

  async close(): Promise<void> {
    this.closing = true
    if (this.restart !== null) clearTimeout(this.restart)
    this.restart = null
    await (this.host ?? this.ahead)?.close()
    this.settleAll({ type: 'lost', complaint: '' })
  }

  private begin(id: number): void {
    const waiting = this.waiting.get(id)
    if (waiting === undefined || waiting.stopped) return
    waiting.begun = true
    if (this.line) this.host?.word(id)
    else this.host?.send({ type: 'begin', id })
  }

  private stop(id: number, kill: boolean): void {
    const waiting = this.waiting.get(id)
    if (waiting === undefined) return
    waiting.stopped = true
    if (this.host === null) this.settle(id, stoppedBefore(id))
    else this.host.send({ type: 'stop', id, kill })
  }

  private connected(): SpawnerProcess {
    if (this.host !== null) return this.host
    this.ready = false
    const process: SpawnerProcess = this.ahead ?? new HostProcess(this.command, [])
    this.ahead = null
    const host = process.listen(
      (message) => this.receive(message),
      (complaint) => this.died(complaint),
    )
    host.send({ type: 'configure', record: this.record })
    this.host = host
    return host
  }

  private receive(message: FromSpawner): void {
    if (message.type === 'ready') {
      this.ready = true
      this.line = message.line
      this.failedStarts = 0
    } else if (message.type === 'started') this.waiting.get(message.id)?.onStarted(message.pid, message.at)
    else this.settle(message.id, message)
  }

  private died(complaint: string): void {
    this.host = null
    this.line = false
    sweepOrphans(this.record)
    if (this.ready || this.closing) this.settleAll({ type: 'lost', complaint })
    else this.didNotComeUp(complaint)
  }

  private didNotComeUp(complaint: string): void {
    for (const [id, { stopped }] of [...this.waiting]) if (stopped) this.settle(id, stoppedBefore(id))
    const pause = PAUSES[this.failedStarts]
    this.failedStarts += 1
    if (pause === undefined) {
      // Whoever asks later gets as many tries again.
      this.failedStarts = 0
      this.settleAll({ type: 'unstartable', complaint })
    } else if (this.waiting.size > 0) this.restart = setTimeout(() => this.tryAgain(), pause)
  }

  private tryAgain(): void {
    this.restart = null
    for (const [id, { request, begun }] of this.waiting) {
      const host = this.connected()
      host.send(request)
      if (begun) host.send({ type: 'begin', id })
    }
  }

  private settleAll(fate: ProcessFate): void {
    for (const id of [...this.waiting.keys()]) this.settle(id, fate)
  }

  private settle(id: number, fate: ProcessFate): void {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    waiting?.resolve(fate)
  }
}

function stoppedBefore(id: number): ProcessRefused {
  return { type: 'refused', id, code: 'STOPPED', message: 'Stopped before it started.' }
}
