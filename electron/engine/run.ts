import type { AppErrorData } from '#shared/contract/error.ts'
import { type FinalState, instanceLabel, type JournalBody, type Mark, type Reason } from '#shared/journal/event.ts'
import type { Steps } from '#shared/model/steps.ts'
import type { Micros } from '#shared/model/time.ts'
import { bodyOf } from '#shared/scheduler/journal.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import { createState, indexOf, instanceOf, type SchedulerState, stateOf, taskOf } from '#shared/scheduler/state.ts'
import { step } from '#shared/scheduler/step.ts'
import type { Command, InstanceNumber, SchedulerEvent } from '#shared/scheduler/types.ts'
import type { EngineServices } from './attempt-context.ts'
import type { SharedCapacity } from './capacity.ts'
import { JournalQueue } from './journal-queue.ts'
import type { RunHandle, RunRequest } from './ports.ts'
import type { ResumePoint } from './resume.ts'
import { type AttemptsOwner, RunAttempts } from './run-attempts.ts'
import type { CachedResult } from './run-cache.ts'
import { RunCapacity } from './run-capacity.ts'
import { RunClock } from './run-clock.ts'
import { RunEnd } from './run-end.ts'
import { type Answer, RunQuestions } from './run-questions.ts'
import { RunSatisfied } from './run-satisfied.ts'
import { RunScope } from './run-scope.ts'
import { RunTimers } from './run-timers.ts'
import type { AttemptResult } from './runner.ts'

/** An event that waits for its turn: its time, and an answer's value, are found when it comes. null: nothing any more. */
type Pending = (t: Micros) => Answer | null

/**
 * One run: feeds the scheduler with what happens and carries out what it decides. Everything decided is journalled
 * first; a process starts only when what released it is durable.
 */
export class Run implements RunHandle, AttemptsOwner {
  readonly run: string
  readonly request: RunRequest
  readonly services: EngineServices
  readonly plan: Plan
  readonly state: SchedulerState
  readonly clock: RunClock
  readonly scope: RunScope
  readonly journal: JournalQueue
  private readonly attempts: RunAttempts
  private readonly capacity: RunCapacity
  private readonly satisfied: RunSatisfied
  private readonly timers: RunTimers
  private readonly ending: RunEnd
  private readonly questions: RunQuestions
  private readonly past: ResumePoint | null
  private readonly inbox: Pending[] = []
  private opening = true
  private draining = false
  private killing = false

  /** `past`: where it goes on; null for a new run. Nothing happens before `open`. */
  constructor(
    request: RunRequest,
    plan: Plan,
    past: ResumePoint | null,
    services: EngineServices,
    shared: SharedCapacity,
  ) {
    this.run = request.header.run
    this.request = request
    this.plan = plan
    this.services = services
    this.scope = new RunScope(request.header, request.pipeline)
    this.questions = new RunQuestions(request, plan, this.scope)
    this.past = past
    this.clock = new RunClock(past?.t ?? 0)
    this.timers = new RunTimers(this.clock)
    this.state = past?.restored.state ?? createState(plan)
    this.journal = new JournalQueue(
      request.storage,
      past?.nextNumber ?? 0,
      (events) => request.onEvents(events),
      (error) => this.ending.broke(error),
    )
    this.attempts = new RunAttempts(this)
    this.satisfied = new RunSatisfied(request.satisfied, plan, this.state, this.scope)
    this.capacity = new RunCapacity(plan, this.state, request.config, shared, () => this.drain())
    this.ending = new RunEnd({ request, journal: this.journal, attempts: this.attempts, clock: this.clock }, () => {
      this.timers.clear()
      this.capacity.leave()
    })
  }

  /** Begins the run, or goes on with it. To be called once, and taken to its end. */
  *open(): Steps<void> {
    const { past, plan, request } = this
    for (const [number, task] of request.pipeline.tasks.entries()) {
      if (plan.selected[number] === 0) this.scope.admitUnselected(task.id, request.satisfied)
    }
    yield
    this.capacity.join()
    if (past === null) yield* this.begin()
    else if (past.ended !== null && request.marks.length === 0) this.ending.close({ state: past.ended.state })
    else yield* this.resume(past)
    // Who opens an ended run again gives it its time again.
    this.watchTimeout(past?.lastEnd ? past.t : 0)
  }

  get done(): RunHandle['done'] {
    return this.ending.done
  }

  cancel(kill: boolean): void {
    this.killing ||= kill
    this.post((t) => ({ event: { type: 'cancel', t }, details: { kill } as Partial<JournalBody> }))
    if (kill) this.attempts.killAll({ code: 'cancelled', message: 'The run was killed' })
  }

  /** A person's word on an instance. False where the run has ended meanwhile: it must be opened again. */
  mark(mark: Mark): boolean {
    if (this.state.ended || this.ending.failed) return false
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

  private *begin(): Steps<void> {
    this.journal.add(this.request.header, 0)
    // The header, with what every task is expected to take, is long to write.
    yield
    if (this.ending.failed) return
    this.feedWithRoom({ type: 'begin', t: 0 })
    this.opening = false
    this.drain()
  }

  private *resume(past: ResumePoint): Steps<void> {
    yield* past.replay(this.scope, (task) => this.questions.items(task))
    this.satisfied.restore(this.request.past)
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
    this.opening = false
    this.drain()
    // Opened again for nothing: what was to be marked is not there, or the journal was torn before it was written.
    if (this.state.ended && !this.ending.begun && past.lastEnd !== null) this.ending.end(past.lastEnd, this.clock.now())
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
    if (this.opening || this.draining || this.ending.failed) return
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
    // Its verdict stands: a cancel or the run's timeout comes too late, and must not stand in the journal either.
    if (this.state.ended && event.type !== 'mark' && event.type !== 'resumed') return
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
        this.ending.end(command, t)
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
    if (this.satisfied.find(instance) === null) return false
    this.inbox.push((t) => this.satisfied.success(instance, t))
    return true
  }

  private start(command: Extract<Command, { type: 'start' }>, t: Micros): void {
    const { instance, attempt } = command
    this.capacity.hold(instance)
    if (this.satisfy(instance)) return
    this.record(command, t)
    this.attempts.start(instance, attempt)
  }

  found(instance: InstanceNumber, result: CachedResult): void {
    this.post((t) => {
      const waits = stateOf(this.state, instance) === 'running' || stateOf(this.state, instance) === 'queued'
      if (!waits) return null
      this.satisfied.take(instance, { origin: 'cached', ...result })
      return this.satisfied.success(instance, t)
    })
  }

  over(instance: InstanceNumber, result: AttemptResult): void {
    this.post((t) => {
      const { outcome, retryable, retryAfter, reason, ...facts } = result
      if (outcome === 'success') {
        this.scope.succeeded(
          this.plan.ids[taskOf(this.state, instance)]!,
          indexOf(this.state, instance),
          result.outputs ?? {},
        )
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
      this.journal.add({ ...body, ...given } as JournalBody, t)
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
    this.attempts.stop(instance, reason, this.killing)
  }

  private setTimer(instance: InstanceNumber, until: Micros): void {
    this.timers.at(until, () => this.post((t) => ({ event: { type: 'timer', t, instance } })))
  }

  /** `from`: when the time began that the run may take. */
  private watchTimeout(from: Micros): void {
    const { timeout } = this.request.pipeline
    if (timeout === null || this.state.ended || this.ending.failed) return
    this.timers.at(from + timeout, () => this.post((t) => ({ event: { type: 'cancel', t, timeout } })))
  }

  broke(failure: AppErrorData): void {
    this.ending.interrupt(failure)
  }

  private label(instance: InstanceNumber): string {
    return instanceLabel(this.plan.ids[taskOf(this.state, instance)]!, indexOf(this.state, instance))
  }
}
