import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import type { RunEnded } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import type { JournalQueue } from './journal-queue.ts'
import type { RunHandle, RunRequest } from './ports.ts'
import type { RunAttempts } from './run-attempts.ts'
import type { RunClock } from './run-clock.ts'

type Ended = Awaited<RunHandle['done']>
type Verdict = Pick<RunEnded, 'state' | 'reason'>

interface EndingRun {
  readonly request: RunRequest
  readonly journal: JournalQueue
  readonly attempts: RunAttempts
  readonly clock: RunClock
}

/** How a run comes to its end: by its verdict once all is noted, or because the engine cannot go on with it. */
export class RunEnd {
  readonly done: Promise<Ended>
  /** The scheduler has given its verdict. */
  begun = false
  private readonly run: EndingRun
  private readonly leave: () => void
  private failure: AppErrorData | null = null
  private resolveDone: (ended: Ended) => void = () => undefined

  /** `leave`: gives back what the run holds of its workspace. */
  constructor(run: EndingRun, leave: () => void) {
    this.run = run
    this.leave = leave
    this.done = new Promise((resolve) => {
      this.resolveDone = resolve
    })
  }

  /** The run cannot go on: nothing more may be decided. */
  get failed(): boolean {
    return this.failure !== null
  }

  end(verdict: Verdict, t: Micros): void {
    this.begun = true
    const { attempts, journal, clock } = this.run
    const noted = attempts.whenNoted()
    if (noted !== null) {
      void noted.then(() => !this.failed && this.end(verdict, clock.now()))
      return
    }
    const { state, reason } = verdict
    journal.add({ type: 'ended', state, reason }, t)
    journal.whenDurable(() => queueMicrotask(() => this.close({ state })))
  }

  /** The journal cannot be written. */
  broke(error: unknown): void {
    this.interrupt(appErrorOf(error))
  }

  /** What runs is killed, nothing more is decided, and what is journalled so far is the run's end. */
  interrupt(failure: AppErrorData): void {
    this.failure ??= failure
    const { attempts, journal } = this.run
    const error = this.failure
    attempts.abandon(error)
    if (attempts.count > 0) return
    const close = () => this.close({ state: 'interrupted', error })
    if (journal.broken) close()
    else journal.whenDurable(() => queueMicrotask(close))
  }

  /** The run is over: its journal is closed and who waits for it is told. */
  close(ended: Ended): void {
    this.leave()
    this.run.journal.abandon()
    void this.run.request.storage
      .close()
      .catch(() => undefined)
      .then(() => this.resolveDone(ended))
  }
}

function appErrorOf(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.data
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'IO_ERROR', message: `The run's journal could not be written: ${message}` }
}
