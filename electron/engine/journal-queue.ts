import type { JournalBody, JournalEvent } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import type { RunStorage } from './ports.ts'

/** A person's eye does not notice it; a disk that syncs a thousand times a second does. */
const UNHURRIED_MILLISECONDS = 20

interface Action {
  readonly run: () => void
  readonly ready: (() => void) | undefined
}

/**
 * Writes a run's journal: one append in flight, what arrives meanwhile is the next batch. What has to wait until it is
 * durable (a process to start, the end to report) is given along and runs after its batch; what can be readied for it
 * is readied while the disk writes.
 */
export class JournalQueue {
  private readonly storage: RunStorage
  private readonly onDurable: (events: readonly JournalEvent[]) => void
  private readonly onFailure: (error: unknown) => void
  private nextNumber: number
  private last: Micros = 0
  private events: JournalEvent[] = []
  private actions: Action[] = []
  private busy = false
  /** It could not be written, or was abandoned: nothing more will be durable. */
  broken = false
  private unhurried: NodeJS.Timeout | null = null

  constructor(
    storage: RunStorage,
    nextNumber: number,
    onDurable: (events: readonly JournalEvent[]) => void,
    onFailure: (error: unknown) => void,
  ) {
    this.storage = storage
    this.nextNumber = nextNumber
    this.onDurable = onDurable
    this.onFailure = onFailure
  }

  add(body: JournalBody, t: Micros): void {
    this.push(body, t)
    this.wake()
  }

  /**
   * For events that nothing waits for: they travel with the next batch, or alone after a moment. One that is told late
   * stands at the last event's time, as a journal's time never falls.
   */
  addUnhurried(body: JournalBody, t: Micros): void {
    this.push(body, Math.max(t, this.last))
    this.unhurried ??= setTimeout(() => {
      this.unhurried = null
      this.wake()
    }, UNHURRIED_MILLISECONDS)
  }

  private push(body: JournalBody, t: Micros): void {
    this.events.push({ n: this.nextNumber, t, ...body })
    this.nextNumber += 1
    this.last = t
  }

  /**
   * Runs `action` once everything added so far is durable; never, where it could not be written. `ready` runs before,
   * but after the event at hand and all that follows from it.
   */
  whenDurable(action: () => void, ready?: () => void): void {
    this.actions.push({ ready, run: action })
    this.wake()
  }

  /** Drops what is not written yet and takes no more. */
  abandon(): void {
    this.broken = true
    if (this.unhurried !== null) clearTimeout(this.unhurried)
  }

  private wake(): void {
    if (this.busy || this.broken) return
    this.busy = true
    // After the current event and all that follows from it: what belongs together travels together.
    queueMicrotask(() => void this.write())
  }

  private async write(): Promise<void> {
    while (!this.broken && (this.events.length > 0 || this.actions.length > 0)) {
      const { events, actions } = this
      this.events = []
      this.actions = []
      const written = events.length > 0 ? this.storage.append(events) : null
      for (const { ready } of actions) ready?.()
      try {
        await written
      } catch (error) {
        this.broken = true
        this.onFailure(error)
        return
      }
      for (const { run } of actions) run()
      if (events.length > 0) this.onDurable(events)
    }
    this.busy = false
  }
}
