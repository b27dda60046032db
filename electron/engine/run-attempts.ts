import type { AppErrorData } from '#shared/contract/error.ts'
import { instanceLabel, type Reason } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import { indexOf, type SchedulerState, taskOf } from '#shared/scheduler/state.ts'
import type { InstanceNumber } from '#shared/scheduler/types.ts'
import { attemptContext, type EngineServices } from './attempt-context.ts'
import { ExpressionError } from './expressions.ts'
import type { JournalQueue } from './journal-queue.ts'
import { startAttempt } from './kinds/runners.ts'
import { LiveAttempt } from './live-attempt.ts'
import type { RunRequest } from './ports.ts'
import type { RunClock } from './run-clock.ts'
import { wordingOf } from './run-questions.ts'
import type { RunScope } from './run-scope.ts'
import { type AttemptResult, failed, type RunningAttempt } from './runner.ts'

/** Attempts of one instance that may be lost to dying processes before that counts as its failure. */
const MOST_LOSSES = 3

/** What the attempts of a run need of it. */
export interface AttemptsOwner {
  readonly request: RunRequest
  readonly services: EngineServices
  readonly state: SchedulerState
  readonly scope: RunScope
  readonly clock: RunClock
  readonly journal: JournalQueue
  /** An attempt is over. */
  over(instance: InstanceNumber, result: AttemptResult): void
  /** An attempt ended because the engine itself cannot go on; it has no result. */
  broke(failure: AppErrorData): void
}

/** The attempts of a run that are being started or run: a process starts only when what released it is durable. */
export class RunAttempts {
  private readonly owner: AttemptsOwner
  private readonly running = new Map<InstanceNumber, LiveAttempt>()
  /** Started by the scheduler, not running yet: the journal is being written. The reason: stopped meanwhile. */
  private readonly launching = new Map<InstanceNumber, Reason | null>()
  private readonly losses = new Map<InstanceNumber, number>()
  private failure: AppErrorData | null = null

  constructor(owner: AttemptsOwner) {
    this.owner = owner
  }

  /** Processes that have not ended yet. */
  get count(): number {
    return this.running.size
  }

  /** Starts the attempt once everything journalled so far is durable. */
  start(instance: InstanceNumber, attempt: number): void {
    this.launching.set(instance, null)
    this.owner.journal.whenDurable(() => this.launch(instance, attempt))
  }

  /** Ends an attempt; that it is over is still told. */
  stop(instance: InstanceNumber, reason: Reason, kill: boolean): void {
    if (this.launching.has(instance)) this.launching.set(instance, reason)
    this.running.get(instance)?.stop(reason, kill)
  }

  killAll(reason: Reason): void {
    for (const attempt of this.running.values()) attempt.stop(reason, true)
  }

  /** The run cannot go on: what runs is killed and, as it ends, told as broken; nothing more starts. */
  abandon(failure: AppErrorData): void {
    this.failure = failure
    this.killAll({ code: 'error', message: failure.message })
  }

  /** The attempt died with its host. It runs again for nothing, but not for ever. */
  lost(instance: InstanceNumber, reason: Reason): void {
    this.report(instance, { ...failed(reason, true), outcome: 'lost' })
  }

  private launch(instance: InstanceNumber, attempt: number): void {
    if (this.failure !== null) return
    const stopped = this.launching.get(instance) ?? null
    this.launching.delete(instance)
    if (stopped !== null) {
      this.report(instance, { ...failed(stopped, false), outcome: 'cancelled' })
      return
    }
    const { request, services, scope, state } = this.owner
    const task = request.pipeline.tasks[taskOf(state, instance)]!
    const index = indexOf(state, instance)
    const onStarted = (pid: number | null) => {
      const t: Micros = this.owner.clock.now()
      this.owner.journal.addUnhurried({ type: 'started', task: task.id, index, attempt, pid }, t)
    }
    let running: RunningAttempt
    try {
      const place = { task, index, attempt, epoch: this.owner.clock.epoch, onStarted }
      running = startAttempt(task, attemptContext(request, services, scope, place))
    } catch (error) {
      const code = error instanceof ExpressionError ? 'expression_error' : 'error'
      this.report(instance, failed({ code, message: wordingOf(error) }, false))
      return
    }
    const live = new LiveAttempt(running, instanceLabel(task.id, index), task.timeout)
    this.running.set(instance, live)
    void live.result().then((result) => {
      this.running.delete(instance)
      const failure = this.failure ?? result.engineFailure
      if (failure !== undefined) this.owner.broke(failure)
      else this.report(instance, result)
    })
  }

  private report(instance: InstanceNumber, result: AttemptResult): void {
    this.owner.over(instance, this.boundLosses(instance, result))
  }

  private boundLosses(instance: InstanceNumber, result: AttemptResult): AttemptResult {
    if (result.outcome !== 'lost') return result
    const losses = (this.losses.get(instance) ?? 0) + 1
    this.losses.set(instance, losses)
    return losses <= MOST_LOSSES ? result : { ...result, outcome: 'failed', retryable: false }
  }
}
