import type { RunSummary } from '#shared/contract/data.ts'
import type { AppErrorData } from '#shared/contract/error.ts'
import { WATCH_BATCH_EVENTS, WATCH_WINDOW_EVENTS } from '#shared/contract/watching.ts'
import type { AttemptState, JournalEvent } from '#shared/journal/event.ts'
import { applyEvent } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { runSummaryOf } from '#shared/journal/summary.ts'
import { JournalTail } from './journal-tail.ts'
import { abortableStream, Signal } from './stream.ts'

/** Recent events kept for all watchers of a run together; who is further behind reads the journal file. */
const RECENT_EVENTS = 2 * WATCH_BATCH_EVENTS
/**
 * From one batch for a watcher to the next, while the run goes on. The engine publishes with every write to the disk, a
 * thousand times a second; a message each costs both ends more than all that is in it, and nobody sees more.
 */
const PACE_MILLISECONDS = 100
/** With more events than this in a batch the run keeps the machine busy, and each message takes from its tasks. */
const BUSY_EVENTS = 200
const BUSY_PACE_MILLISECONDS = 250

export interface EventBatch {
  readonly events: JournalEvent[]
  readonly live: boolean
  /** In the last batch of a run whose engine had to give up: why. */
  readonly failure?: AppErrorData
}

/**
 * A live run's events for any number of watchers. Only durable events are published, so the journal file has all of
 * them and a watcher is nothing but a number: however slow it is, it costs no memory.
 */
export class RunFeed {
  readonly #journal: string
  readonly #view: RunView
  readonly #changed = new Signal()
  readonly #over = new Signal()
  #recent: JournalEvent[] = []
  #ended = false
  #failure: AppErrorData | null = null
  #watchers = 0

  /** `view`: where the run stands; the feed goes on with it. `past`: for a resume, what the journal holds already. */
  constructor(view: RunView, journal: string, past: readonly JournalEvent[]) {
    this.#journal = journal
    this.#view = view
    this.#recent = past.slice(-RECENT_EVENTS)
  }

  get ended(): boolean {
    return this.#ended
  }

  /** How many are watching now. */
  get watchers(): number {
    return this.#watchers
  }

  /** Durable events, in order. */
  publish(events: readonly JournalEvent[]): void {
    for (const event of events) applyEvent(this.#view, event)
    this.#recent.push(...events)
    // Cut in steps, so that a busy run does not copy the list with every batch.
    if (this.#recent.length > 2 * RECENT_EVENTS) this.#recent = this.#recent.slice(-RECENT_EVENTS)
    this.#changed.fire()
  }

  /** No engine writes this run any more. `failure`: why, where that is not its end. */
  end(failure: AppErrorData | null = null): void {
    this.#ended = true
    this.#failure = failure
    this.#changed.fire()
    this.#over.fire()
  }

  summary(): RunSummary {
    return runSummaryOf(this.#view, { live: !this.#ended, damaged: false })
  }

  attemptState(task: string, index: number | null, attempt: number): AttemptState | 'unknown' {
    const instance = this.#view.tasks.get(task)?.instances[index ?? 0]
    return instance?.attempts.find((candidate) => candidate.attempt === attempt)?.state ?? 'unknown'
  }

  /** Resolves at the next change, or when the signal aborts. */
  wait(signal: AbortSignal): Promise<void> {
    return this.#ended ? Promise.resolve() : this.#changed.wait(signal)
  }

  /** Resolves after the milliseconds, at the run's end, or when the signal aborts. */
  rest(signal: AbortSignal, milliseconds: number): Promise<void> {
    return this.#ended ? Promise.resolve() : this.#over.wait(signal, milliseconds)
  }

  watch(after: number, outer: AbortSignal | undefined): AsyncIteratorObject<EventBatch> {
    return abortableStream(outer, (signal) => this.#follow(after, signal))
  }

  async *#follow(after: number, signal: AbortSignal): AsyncGenerator<EventBatch> {
    const behind = new JournalTail(this.#journal)
    let sent = after
    let budget = WATCH_WINDOW_EVENTS
    this.#watchers++
    try {
      while (!signal.aborted) {
        const ended = this.#ended
        const { events, areAll } = await this.#next(sent, behind)
        const last = events.at(-1)
        if (last === undefined) {
          if (ended) {
            yield { events: [], live: false, ...(this.#failure === null ? {} : { failure: this.#failure }) }
            return
          }
          await this.wait(signal)
          continue
        }
        for (let start = 0; start < events.length; start += WATCH_BATCH_EVENTS) {
          yield { events: events.slice(start, start + WATCH_BATCH_EVENTS), live: true }
        }
        sent = last.n
        budget -= events.length
        if (budget <= 0) return
        if (areAll) await this.rest(signal, events.length > BUSY_EVENTS ? BUSY_PACE_MILLISECONDS : PACE_MILLISECONDS)
      }
    } finally {
      this.#watchers--
      await behind.close()
    }
  }

  /** Events after number `sent`: all there are, from memory, where it reaches that far back; else some, from the file. */
  async #next(sent: number, behind: JournalTail): Promise<{ events: JournalEvent[]; areAll: boolean }> {
    const first = this.#recent[0]
    if (first !== undefined && sent + 1 >= first.n) {
      // Numbers have no gaps, so the place in the list is known.
      return { events: this.#recent.slice(sent + 1 - first.n), areAll: true }
    }
    while (true) {
      const read = await behind.read()
      if (read.length === 0) return { events: [], areAll: true }
      const wanted = read.filter((event) => event.n > sent)
      if (wanted.length > 0) return { events: wanted, areAll: false }
    }
  }
}
