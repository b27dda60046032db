import type { FromSpawner, ProcessEnded, ProcessRefused, StartProcess, ToSpawner } from '#electron/spawner/protocol.ts'
import { sweepOrphans } from '#electron/spawner/record.ts'
import type { Micros } from '#shared/model/time.ts'
import { type HostCommand, HostProcess } from './host-process.ts'

/** What became of a process: it ended, never began, or its spawner died under it. */
export type ProcessFate = ProcessEnded | ProcessRefused | { readonly type: 'lost'; readonly complaint: string }

export interface SpawnedProcess {
  stop(kill: boolean): void
  readonly fate: Promise<ProcessFate>
}

interface Waiting {
  readonly onStarted: (pid: number) => void
  readonly resolve: (fate: ProcessFate) => void
}

/**
 * The engine's end of the spawner. Starts it when first needed; when it dies, kills what it recorded, reports those
 * processes lost and starts a new one for what comes next.
 */
export class SpawnerClient {
  private readonly command: HostCommand
  private readonly record: string
  private host: HostProcess<ToSpawner, FromSpawner> | null = null
  private readonly waiting = new Map<number, Waiting>()
  private nextId = 1
  private closing = false

  constructor(command: HostCommand, record: string) {
    this.command = command
    this.record = record
    sweepOrphans(record)
  }

  /** The spawner's process, where one runs. */
  get pid(): number | undefined {
    return this.host?.pid
  }

  start(request: Omit<StartProcess, 'type' | 'id'>, onStarted: (pid: number) => void): SpawnedProcess {
    const id = this.nextId
    this.nextId += 1
    const fate = new Promise<ProcessFate>((resolve) => this.waiting.set(id, { onStarted, resolve }))
    if (this.closing) this.settle(id, { type: 'lost', complaint: '' })
    else this.connected().send({ ...request, type: 'start', id })
    return { stop: (kill) => this.host?.send({ type: 'stop', id, kill }), fate }
  }

  shift(run: string, by: Micros): void {
    this.host?.send({ type: 'shift', run, by })
  }

  /** Starts the spawner ahead of need: its start takes longer than a task's. */
  warm(): void {
    if (!this.closing) this.connected()
  }

  async close(): Promise<void> {
    this.closing = true
    await this.host?.close()
  }

  private connected(): HostProcess<ToSpawner, FromSpawner> {
    if (this.host !== null) return this.host
    const host = new HostProcess<ToSpawner, FromSpawner>(
      this.command,
      [],
      (message) => this.receive(message),
      (complaint) => this.died(complaint),
    )
    host.send({ type: 'configure', record: this.record })
    this.host = host
    return host
  }

  private receive(message: FromSpawner): void {
    if (message.type === 'started') this.waiting.get(message.id)?.onStarted(message.pid)
    else this.settle(message.id, message)
  }

  private died(complaint: string): void {
    this.host = null
    sweepOrphans(this.record)
    for (const id of [...this.waiting.keys()]) this.settle(id, { type: 'lost', complaint })
  }

  private settle(id: number, fate: ProcessFate): void {
    const waiting = this.waiting.get(id)
    this.waiting.delete(id)
    waiting?.resolve(fate)
  }
}
