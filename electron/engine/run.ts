import { durationText } from '#shared/analysis/duration-text.ts'
import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import {
  type FinalState,
  instanceLabel,
  type JournalBody,
  type Mark,
  type Reason,
  type RunEnded,
} from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import { bodyOf } from '#shared/scheduler/journal.ts'
import { Handler, type Plan } from '#shared/scheduler/plan.ts'
import { outcomeOf } from '#shared/scheduler/run.ts'
import { createState, indexOf, instanceOf, type SchedulerState, stateOf, taskOf } from '#shared/scheduler/state.ts'
import { step } from '#shared/scheduler/step.ts'
import type { Command, InstanceNumber, SchedulerEvent } from '#shared/scheduler/types.ts'
import type { EngineServices } from './attempt-context.ts'
import type { SharedCapacity } from './capacity.ts'
import { JournalQueue } from './journal-queue.ts'
import type { Outputs } from './outputs.ts'
import type { RunHandle, RunRequest } from './ports.ts'
import { resumePoint } from './resume.ts'
import { type AttemptsOwner, RunAttempts } from './run-attempts.ts'
import { RunCapacity } from './run-capacity.ts'
import { RunClock } from './run-clock.ts'
import { type Answer, RunQuestions } from './run-questions.ts'
import { RunSatisfied, type Satisfied } from './run-satisfied.ts'
import { RunScope } from './run-scope.ts'
import { RunTimers } from './run-timers.ts'
import type { AttemptResult } from './runner.ts'

type Ended = Awaited<RunHandle['done']>
/** An event that waits for its turn: its time, and an answer's value, are found when it comes. null: nothing any more. */
type Pending = (t: Micros) => Answer | null

/**
 * One run: feeds the scheduler with what happens and carries out what it decides. Everything decided is journalled
 * first; a process starts only when what released it is durable.
 */
export class Run implements RunHandle, AttemptsOwner {
  readonly run: string
  readonly done: Promise<Ended>
  readonly request: RunRequest
  readonly services: EngineServices
  readonly state: SchedulerState
  readonly clock: RunClock
  readonly scope: RunScope
  readonly journal: JournalQueue
  private readonly plan: Plan
  private readonly attempts: RunAttempts
  private readonly capacity: RunCapacity
  private readonly satisfied: RunSatisfied
  private readonly timers: RunTimers
  private readonly questions: RunQuestions
  private readonly inbox: Pending[] = []
  private draining = false
  private killing = false
  private timedOut = false
  private ending = false
  private failure: AppErrorData | null = null
  private resolveDone: (ended: Ended) => void = () => undefined

  constructor(request: RunRequest, plan: Plan, services: EngineServices, shared: SharedCapacity) {
    this.run = request.header.run
    this.request = request
    this.plan = plan
    this.services = services
    this.scope = new RunScope(request.header, request.pipeline)
    this.questions = new RunQuestions(request, plan, this.scope)
    this.done = new Promise((resolve) => {
      this.resolveDone = resolve
    })
    const past = resumePoint(plan, request.past, request.header)
    this.clock = new RunClock(past?.t ?? 0)
    this.timers = new RunTimers(this.clock)
    this.state = past?.restored.state ?? createState(plan)
    this.journal = new JournalQueue(
      request.storage,
      past?.nextNumber ?? 0,
      (events) => request.onEvents(events),
      (error) => this.interrupt(appErrorOf(error)),
    )
    this.attempts = new RunAttempts(this)
    this.satisfied = new RunSatisfied(request.satisfied)
    this.capacity = new RunCapacity(plan, this.state, request.config, shared, () => this.drain())
    for (const [number, task] of request.pipeline.tasks.entries()) {
      if (plan.selected[number] === 0) this.scope.admitUnselected(task.id, request.satisfied)
    }
    this.capacity.join()
    if (past === null) this.begin()
    else if (past.ended !== null && request.marks.length === 0) this.finish({ state: past.ended.state })
    else this.resume(past)
    // Who opens an ended run again gives it its time again.
    this.watchTimeout(past?.lastEnd ? past.t : 0)
  }

  cancel(kill: boolean): void {
    this.killing ||= kill
    this.post((t) => ({ event: { type: 'cancel', t }, details: { kill } as Partial<JournalBody> }))
    if (kill) this.attempts.killAll({ code: 'cancelled', message: 'The run was killed' })
  }

  /** A person's word on an instance. False where the run has ended meanwhile: it must be opened again. */
  mark(mark: Mark): boolean {
    if (this.state.ended || this.failure !== null) return false
    this.post((t) => this.marking(mark, t))
    return true
  }

  private marking({ task, index, as, downstream }: Mark, t: Micros): Answer | null {
    const instance = instanceOf(this.state, this.plan.numberOf.get(task) ?? -1, index)
    return instance === undefined ? null : { event: { type: 'mark', t, instance, as, downstream } }
  }

  /** The machine slept; `counted`: its monotonic clock went on meanwhile. */
  suspended(duration: Micros, counted: boolean): void {
    const from = this.clock.now() - (counted ? duration : 0)
    if (!counted) {
      this.clock.shift(duration)
      this.services.spawner.shift(this.run, duration)
    }
    this.journal.add({ type: 'suspended', from, wall: new Date().toISOString() }, this.clock.now())
  }

  private begin(): void {
    this.journal.add(this.request.header, 0)
    this.feedWithRoom({ type: 'begin', t: 0 })
    this.drain()
  }

  private resume(past: NonNullable<ReturnType<typeof resumePoint>>): void {
    past.replay(this.scope, (task) => this.questions.items(task))
    this.satisfied.restore(this.request.past, this.plan, this.state)
    // What was asked before its end is not answered when a run is opened again.
    const { running, timers } = past.restored
    const pending = past.ended === null ? past.restored.pending : []
    const end = pending.find((command) => command.type === 'end')
    for (const command of pending) if (command !== end) this.carryOut(command, past.t)
    this.journal.add({ type: 'resumed', wall: new Date().toISOString() }, past.t)
    if (end) {
      // The journal was torn right before its last line. Nothing may follow that one: it is how a run is known to be over.
      this.carryOut(end, past.t)
      return
    }
    this.feedWithRoom({ type: 'resumed', t: past.t })
    for (const { instance } of running) {
      this.capacity.hold(instance)
      this.attempts.lost(instance, { code: 'lost', message: `The engine ended while ${this.label(instance)} ran` })
    }
    for (const { instance, until } of timers) this.setTimer(instance, until)
    for (const mark of this.request.marks) this.inbox.push((t) => this.marking(mark, t))
    this.drain()
    // Opened again for nothing: what was to be marked is not there, or the journal was torn before it was written.
    if (this.state.ended && !this.ending && past.lastEnd !== null)
      this.end({ ...past.lastEnd, type: 'end' }, this.clock.now())
  }

  /** For an event that starts what it can: other runs' use must limit that, and stand in the journal right before it. */
  private feedWithRoom(event: Extract<SchedulerEvent, { type: 'begin' | 'resumed' }>): void {
    const room = this.capacity.news()
    if (room === null) {
      this.feed(event, {})
      return
    }
    this.record({ type: 'capacity', t: event.t, ...room }, event.t)
    this.feed({ ...event, room }, {})
  }

  /** Queues an event and handles it, and all that follows, unless that is going on already. */
  private post(pending: Pending): void {
    this.inbox.push(pending)
    this.drain()
  }

  private drain(): void {
    if (this.draining || this.failure !== null) return
    this.draining = true
    for (;;) {
      this.tellCapacity()
      const pending = this.inbox.shift()
      if (pending === undefined) break
      const answer = pending(this.clock.now())
      if (answer !== null) this.feed(answer.event, answer.details ?? {})
    }
    this.draining = false
    this.capacity.announce()
  }

  private feed(event: SchedulerEvent, details: Partial<JournalBody>): void {
    const body = bodyOf(this.plan, this.state, event)
    if (body !== null) this.journal.add({ ...body, ...details } as JournalBody, event.t)
    step(this.plan, this.state, event, (command) => this.carryOut(command, event.t))
  }

  /** Room that other runs of the workspace leave, before anything is decided by it. */
  private tellCapacity(): void {
    if (!this.state.begun || this.state.ended) return
    const room = this.capacity.news()
    if (room !== null) this.feed({ type: 'capacity', t: this.clock.now(), ...room }, {})
  }

  private carryOut(command: Command, t: Micros): void {
    switch (command.type) {
      case 'ask':
        this.inbox.push((now) => this.questions.answer(command, now))
        return
      case 'expand':
        this.inbox.push((now) => this.questions.expand(command.task, now))
        return
      case 'queue':
        if (this.satisfy(command.instance)) return
        this.record(command, t)
        this.attempts.queued(command.instance)
        return
      case 'start':
        this.start(command, t)
        return
      case 'retry':
        this.record(command, t)
        this.setTimer(command.instance, command.until)
        return
      case 'settle':
        this.settle(command, t)
        return
      case 'reset':
        this.reset(command, t)
        return
      case 'stop':
        this.stop(command.instance, command.reason)
        return
      case 'end':
        this.end(command, t)
        return
    }
  }

  private record(message: Command | SchedulerEvent, t: Micros): void {
    const body = bodyOf(this.plan, this.state, message)
    if (body !== null) this.journal.add(body, t)
  }

  /** Whether the instance need not run. The scheduler asks here twice at most: when it queues it, and when it starts it. */
  private satisfy(instance: InstanceNumber): boolean {
    if (this.satisfied.of(instance) !== undefined) return true
    if (this.satisfied.find(instance, this.taskId(instance), this.label(instance)) === null) return false
    this.inbox.push((t) => this.withoutRunning(instance, t))
    return true
  }

  private start(command: Extract<Command, { type: 'start' }>, t: Micros): void {
    const { instance, attempt } = command
    this.capacity.hold(instance)
    if (this.satisfy(instance)) return
    this.record(command, t)
    this.attempts.start(instance, attempt)
  }

  found(instance: InstanceNumber, outputs: Outputs): void {
    this.post((t) => {
      const waits = stateOf(this.state, instance) === 'running' || stateOf(this.state, instance) === 'queued'
      if (!waits) return null
      this.satisfied.take(instance, { origin: 'cached', outputs })
      return this.withoutRunning(instance, t)
    })
  }

  private withoutRunning(instance: InstanceNumber, t: Micros): Answer {
    const details: Partial<Satisfied> = this.satisfied.of(instance) ?? {}
    // A branch may look at its own task's outputs, before the task has settled.
    this.scope.succeeded(this.taskId(instance), indexOf(this.state, instance), details.outputs ?? {})
    return { event: { type: 'satisfied', t, instance }, details }
  }

  over(instance: InstanceNumber, result: AttemptResult): void {
    this.post((t) => {
      const { outcome, retryable, retryAfter, reason, ...facts } = result
      if (outcome === 'success') {
        this.scope.succeeded(this.taskId(instance), indexOf(this.state, instance), result.outputs ?? {})
      }
      this.capacity.release(instance)
      const event: SchedulerEvent = {
        type: 'finished',
        t,
        instance,
        outcome,
        retryable,
        random: Math.random(),
        reason,
        ...(retryAfter === undefined ? {} : { retryAt: t + retryAfter }),
      }
      return { event, details: facts as Partial<JournalBody> }
    })
  }

  private settle(command: Extract<Command, { type: 'settle' }>, t: Micros): void {
    const id = this.plan.ids[command.task]!
    const given = this.satisfied.of(command.instance)
    this.capacity.release(command.instance)
    const body = bodyOf(this.plan, this.state, command)
    if (given !== undefined && command.state === 'success') {
      this.journal.add({ ...body, origin: given.origin, outputs: given.outputs } as JournalBody, t)
    } else if (body !== null) this.journal.add(body, t)
    if (this.isWhole(command)) this.scope.settled(id, command.state)
  }

  /** Back to pending, to run again: what it made is void, and no earlier result stands for it. */
  private reset(command: Extract<Command, { type: 'reset' }>, t: Micros): void {
    const { task, instance } = command
    this.record(command, t)
    this.scope.reset(this.plan.ids[task]!, instance < 0 ? null : indexOf(this.state, instance))
    this.satisfied.runAgain(instance, this.plan.ids[task]!)
    this.attempts.runAgain(instance, this.plan.ids[task]!)
  }

  /** Whether the command is about the task, not about one instance of a mapped one. */
  private isWhole(command: {
    readonly task: number
    readonly instance: InstanceNumber
    readonly state: FinalState
  }): boolean {
    return command.instance < 0 || indexOf(this.state, command.instance) === null
  }

  private stop(instance: InstanceNumber, reason: Reason): void {
    this.attempts.stop(instance, this.timedOut ? this.timeoutReason() : reason, this.killing)
  }

  private setTimer(instance: InstanceNumber, until: Micros): void {
    this.timers.at(until, () => this.post((t) => ({ event: { type: 'timer', t, instance } })))
  }

  /** `from`: when the time began that the run may take. */
  private watchTimeout(from: Micros): void {
    const { timeout } = this.request.pipeline
    if (timeout === null || this.state.ended) return
    this.timers.at(from + timeout, () => {
      this.timedOut = true
      this.cancel(false)
    })
  }

  private timeoutReason(): Reason {
    const timeout = durationText(this.request.pipeline.timeout ?? 0)
    return { code: 'run_timeout', message: `The run took longer than its timeout of ${timeout}` }
  }

  private end(command: Extract<Command, { type: 'end' }>, t: Micros): void {
    this.ending = true
    const noted = this.attempts.whenNoted()
    if (noted !== null) {
      void noted.then(() => this.failure === null && this.end(command, this.clock.now()))
      return
    }
    // The scheduler knows a cancelled run only; that it was the clock that cancelled it makes it a failed one.
    const ended: Pick<RunEnded, 'state' | 'reason'> =
      this.timedOut && command.state === 'cancelled' ? { state: 'failed', reason: this.timeoutReason() } : command
    this.journal.add({ type: 'ended', state: ended.state, reason: ended.reason }, t)
    this.journal.whenDurable(() => queueMicrotask(() => this.finish({ state: ended.state })))
  }

  /** What a handler of the run's end is told about it; other tasks are told nothing. */
  variablesOf(task: number): Readonly<Record<string, string>> {
    if (this.plan.handler[task] === Handler.none) return {}
    const failed = this.plan.ids.filter((_, number) => stateOf(this.state, number) === 'failed')
    return {
      DAGWRIGHT_RUN_STATE: outcomeOf(this.plan, this.state).state,
      DAGWRIGHT_FAILED_TASKS: failed.join(' '),
    }
  }

  broke(failure: AppErrorData): void {
    this.interrupt(failure)
  }

  /** The run cannot go on: what runs is killed, nothing more is decided, and what is journalled so far is its end. */
  private interrupt(failure: AppErrorData): void {
    this.failure ??= failure
    this.attempts.abandon(this.failure)
    this.finishInterrupted()
  }

  private finishInterrupted(): void {
    const { failure } = this
    if (this.attempts.count > 0 || failure === null) return
    const finish = () => this.finish({ state: 'interrupted', error: failure })
    if (this.journal.broken) finish()
    else this.journal.whenDurable(() => queueMicrotask(finish))
  }

  private finish(ended: Ended): void {
    this.timers.clear()
    this.journal.abandon()
    this.capacity.leave()
    void this.request.storage
      .close()
      .catch(() => undefined)
      .then(() => this.resolveDone(ended))
  }

  private taskId(instance: InstanceNumber): string {
    return this.plan.ids[taskOf(this.state, instance)]!
  }

  private label(instance: InstanceNumber): string {
    return instanceLabel(this.taskId(instance), indexOf(this.state, instance))
  }
}

function appErrorOf(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.data
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'IO_ERROR', message: `The run's journal could not be written: ${message}` }
}
