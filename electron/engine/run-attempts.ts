import type { AppErrorData } from '#shared/contract/error.ts'
import { instanceLabel, type Reason } from '#shared/journal/event.ts'
import type { Task } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import { indexOf, type SchedulerState, taskOf } from '#shared/scheduler/state.ts'
import type { InstanceNumber } from '#shared/scheduler/types.ts'
import { type AttemptPlace, attemptContext, type EngineServices } from './attempt-context.ts'
import { ExpressionError } from './expressions.ts'
import { handlerVariables } from './handler-variables.ts'
import type { JournalQueue } from './journal-queue.ts'
import { PROCESS_KINDS, startAttempt } from './kinds/runners.ts'
import { LiveAttempt } from './live-attempt.ts'
import type { RunRequest } from './ports.ts'
import { type CachedResult, type Found, RunCache } from './run-cache.ts'
import type { RunClock } from './run-clock.ts'
import { RunNotes } from './run-notes.ts'
import { wordingOf } from './run-questions.ts'
import type { RunScope } from './run-scope.ts'
import { type AttemptResult, failed, type RunningAttempt } from './runner.ts'

/** Attempts of one instance that may be lost to dying processes before that counts as its failure. */
const MOST_LOSSES = 3

/** What the attempts of a run need of it. */
export interface AttemptsOwner {
  readonly request: RunRequest
  readonly services: EngineServices
  readonly plan: Plan
  readonly state: SchedulerState
  readonly scope: RunScope
  readonly clock: RunClock
  readonly journal: JournalQueue
  /** An attempt is over. */
  over(instance: InstanceNumber, result: AttemptResult): void
  /** The instance need not run: an earlier result of the same work was found. */
  found(instance: InstanceNumber, result: CachedResult): void
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
  private readonly cache: RunCache
  /** Tasks that a person cleared: the cache does not stand for them. */
  private readonly again = new Set<string>()
  /** Earlier results that are being looked for, or were looked for while their instance waited for a slot. */
  private readonly lookups = new Map<InstanceNumber, Promise<Found>>()
  private readonly notes: RunNotes
  private failure: AppErrorData | null = null

  constructor(owner: AttemptsOwner) {
    this.owner = owner
    const { request, services, scope, journal, clock } = owner
    this.cache = new RunCache(request, services, scope)
    this.notes = new RunNotes(journal, clock, services.versions, request.contentOf)
  }

  /** Processes that have not ended yet. */
  get count(): number {
    return this.running.size
  }

  /** The instance waits for a slot: what need not run need not wait. */
  queued(instance: InstanceNumber): void {
    if (!this.mayBeCached(instance)) return
    void this.lookUp(instance).then(({ result }) => {
      if (result !== null) this.owner.found(instance, result)
    })
  }

  /**
   * Starts the attempt once everything journalled so far is durable, unless an earlier result is found. A process is
   * readied meanwhile.
   */
  start(instance: InstanceNumber, attempt: number): void {
    this.launching.set(instance, null)
    const { journal } = this.owner
    if (this.mayBeCached(instance)) journal.whenDurable(() => this.lookThenLaunch(instance, attempt))
    else if (PROCESS_KINDS.has(this.taskOf(instance).kind)) {
      let begin = () => {}
      const ready = () => this.launch(instance, attempt, null, (released) => (begin = released))
      journal.whenDurable(() => begin(), ready)
    } else journal.whenDurable(() => this.launch(instance, attempt, null))
  }

  /** The instance (-1: all of the task) shall run again. */
  runAgain(instance: InstanceNumber, task: string): void {
    this.lookups.delete(instance)
    this.losses.delete(instance)
    this.again.add(task)
  }

  private mayBeCached(instance: InstanceNumber): boolean {
    const task = this.taskOf(instance)
    return this.cache.allows(task) && !this.again.has(task.id)
  }

  private lookThenLaunch(instance: InstanceNumber, attempt: number): void {
    void this.lookUp(instance).then(({ key, result }) => {
      this.lookups.delete(instance)
      // Stopped meanwhile, and told so.
      if (!this.launching.has(instance)) return
      if (result === null) this.launch(instance, attempt, key)
      else {
        this.launching.delete(instance)
        this.owner.found(instance, result)
      }
    })
  }

  private lookUp(instance: InstanceNumber): Promise<Found> {
    const found = this.lookups.get(instance) ?? this.cache.find(this.placeOf(instance, 1))
    this.lookups.set(instance, found)
    return found
  }

  /** Ends an attempt; that it is over is still told. */
  stop(instance: InstanceNumber, reason: Reason, kill: boolean): void {
    if (this.launching.has(instance)) {
      this.launching.set(instance, reason)
      // A large input may be read for long; nothing has begun.
      if (this.lookups.delete(instance)) this.launch(instance, 0, null)
    }
    this.running.get(instance)?.stop(reason, kill)
  }

  /** Resolves once nothing more will be noted about attempts that are over; null: at once. */
  whenNoted(): Promise<void> | null {
    return this.notes.whenDone()
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

  /** `key`: under which a success is kept for later runs. */
  private launch(
    instance: InstanceNumber,
    attempt: number,
    key: string | null,
    whenReleased: AttemptPlace['whenReleased'] = (begin) => begin(),
  ): void {
    if (this.failure !== null) return
    const stopped = this.launching.get(instance) ?? null
    this.launching.delete(instance)
    if (stopped !== null) {
      this.report(instance, { ...failed(stopped, false), outcome: 'cancelled' })
      return
    }
    const { request, services, scope } = this.owner
    const place = this.placeOf(instance, attempt, whenReleased)
    const { task, index } = place
    let running: RunningAttempt
    try {
      const context = attemptContext(request, services, scope, place)
      running = startAttempt(task, context)
      this.notes.note(task, index, attempt, context)
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
      else {
        if (key !== null && result.outcome === 'success') {
          this.notes.waitFor(this.cache.keep(place, key, result.outputs ?? {}))
        }
        this.report(instance, result)
      }
    })
  }

  private placeOf(
    instance: InstanceNumber,
    attempt: number,
    whenReleased: AttemptPlace['whenReleased'] = (begin) => begin(),
  ): AttemptPlace {
    const { plan, state, clock, journal } = this.owner
    const variables = handlerVariables(plan, state, taskOf(state, instance))
    const task = this.taskOf(instance)
    const index = indexOf(state, instance)
    const onStarted: AttemptPlace['onStarted'] = (pid, at) => {
      const t: Micros = at === undefined ? clock.now() : at - clock.epoch
      journal.addUnhurried({ type: 'started', task: task.id, index, attempt, pid }, t)
    }
    return { task, index, attempt, epoch: clock.epoch, variables, whenReleased, onStarted }
  }

  private taskOf(instance: InstanceNumber): Task {
    return this.owner.request.pipeline.tasks[taskOf(this.owner.state, instance)]!
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
