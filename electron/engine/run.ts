import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import { type FinalState, instanceLabel, type JournalBody, type Reason, type RunEnded } from '#shared/journal/event.ts'
import type { Json, Task } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { bodyOf } from '#shared/scheduler/journal.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import { createState, indexOf, type SchedulerState, taskOf } from '#shared/scheduler/state.ts'
import { step } from '#shared/scheduler/step.ts'
import type { Command, InstanceNumber, SchedulerEvent } from '#shared/scheduler/types.ts'
import { branchChoice, condition, itemsOf } from './answers.ts'
import { attemptContext, type EngineServices, scopeOf, secretsOf } from './attempt-context.ts'
import type { Capacity, CapacityUser, SharedCapacity } from './capacity.ts'
import { bindExpressions, ExpressionError, type Expressions } from './expressions.ts'
import { JournalQueue } from './journal-queue.ts'
import { startAttempt } from './kinds/runners.ts'
import { LiveAttempt } from './live-attempt.ts'
import type { RunHandle, RunRequest } from './ports.ts'
import { resumePoint } from './resume.ts'
import { RunClock } from './run-clock.ts'
import { RunScope } from './run-scope.ts'
import { type AttemptResult, failed, type RunningAttempt } from './runner.ts'

/** Lists of items up to this size stand in the journal; larger ones are evaluated again when they are needed. */
const JOURNALLED_ITEMS_BYTES = 16 * 1024

type Ended = Awaited<RunHandle['done']>
/** An event that waits for its turn: its time, and answers, are found when it comes. */
type Pending = (t: Micros) => { readonly event: SchedulerEvent; readonly details?: Partial<JournalBody> } | null

/**
 * One run: feeds the scheduler with what happens and carries out what it decides. Everything decided is journalled
 * first; a process starts only when what released it is durable.
 */
export class Run implements RunHandle, CapacityUser {
  readonly run: string
  readonly done: Promise<Ended>
  private readonly request: RunRequest
  private readonly services: EngineServices
  private readonly shared: SharedCapacity
  private readonly plan: Plan
  private readonly state: SchedulerState
  private readonly tasks: readonly Task[]
  private readonly clock: RunClock
  private readonly scope: RunScope
  private readonly journal: JournalQueue
  private readonly attempts = new Map<InstanceNumber, LiveAttempt>()
  /** Started by the scheduler, not running yet: the journal is being written. */
  private readonly launching = new Map<InstanceNumber, Reason | null>()
  /** Satisfied instances, by what. */
  private readonly satisfying = new Map<InstanceNumber, NonNullable<ReturnType<RunRequest['satisfied']['get']>>>()
  private readonly timers = new Set<NodeJS.Timeout>()
  private readonly inbox: Pending[] = []
  private draining = false
  private told: Capacity | null = null
  /** Instances that hold a slot. */
  private readonly holding = new Set<InstanceNumber>()
  private readonly usedPools = new Map<string, number>()
  private useChanged = false
  private killing = false
  private timedOut = false
  private failure: AppErrorData | null = null
  private resolveDone: (ended: Ended) => void = () => undefined

  constructor(request: RunRequest, plan: Plan, services: EngineServices, shared: SharedCapacity) {
    this.run = request.header.run
    this.request = request
    this.plan = plan
    this.services = services
    this.shared = shared
    this.tasks = request.pipeline.tasks
    this.scope = new RunScope(request.header, request.pipeline)
    this.done = new Promise((resolve) => {
      this.resolveDone = resolve
    })
    const past = resumePoint(plan, request.past, request.header)
    this.clock = new RunClock(past?.t ?? 0)
    this.state = past?.restored.state ?? createState(plan)
    this.journal = new JournalQueue(
      request.storage,
      past?.nextNumber ?? 0,
      (events) => request.onEvents(events),
      (error) => this.stopForDisk(error),
    )
    for (const [number, task] of this.tasks.entries()) {
      if (plan.selected[number] === 0) this.scope.admitUnselected(task.id, request.satisfied)
    }
    shared.join(this)
    if (past === null) this.begin()
    else if (past.ended !== null) this.finish({ state: past.ended })
    else this.resume(past)
    this.watchTimeout()
  }

  get used(): Capacity {
    return { slots: this.holding.size, pools: this.usedPools }
  }

  roomChanged(): void {
    this.drain()
  }

  cancel(kill: boolean): void {
    this.killing ||= kill
    this.post((t) => ({ event: { type: 'cancel', t }, details: { kill } as Partial<JournalBody> }))
    if (!kill) return
    for (const attempt of this.attempts.values())
      attempt.stop({ code: 'cancelled', message: 'The run was killed' }, true)
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

  /** What this run may use now, of its own limits and the workspace's. */
  private room(): Capacity {
    const left = this.shared.leftTo(this, this.request.config)
    const { plan } = this
    return {
      slots: Math.min(left.slots, plan.slots),
      pools: new Map(
        plan.poolNames.map((name, pool) => [name, Math.min(left.pools.get(name) ?? Infinity, plan.poolSize[pool]!)]),
      ),
    }
  }

  private begin(): void {
    this.journal.add(this.request.header, 0)
    // The scheduler takes no event before `begin`, and `begin` starts what it can: so the room is set beforehand. The
    // `capacity` event that the journal needs follows.
    const room = this.room()
    this.state.slotLimit = room.slots
    this.plan.poolNames.forEach((name, pool) => {
      this.state.poolLimit[pool] = room.pools.get(name)!
    })
    this.post(() => ({ event: { type: 'begin', t: 0 } }))
  }

  private resume(past: NonNullable<ReturnType<typeof resumePoint>>): void {
    past.replay(this.scope, (task) => this.items(task))
    const { pending, running, timers } = past.restored
    for (const command of pending) this.carryOut(command, past.t)
    this.journal.add({ type: 'resumed', wall: new Date().toISOString() }, past.t)
    this.post(() => ({ event: { type: 'resumed', t: past.t } }))
    for (const { instance } of running) {
      this.hold(instance)
      const reason: Reason = { code: 'lost', message: `The engine ended while ${this.label(instance)} ran` }
      this.report(instance, { ...failed(reason, true), outcome: 'lost' })
    }
    for (const { instance, until } of timers) this.setTimer(instance, until)
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
      const made = pending(this.clock.now())
      if (made !== null) this.feed(made.event, made.details ?? {})
    }
    this.draining = false
    if (!this.useChanged) return
    this.useChanged = false
    this.shared.announce(this)
  }

  private feed(event: SchedulerEvent, details: Partial<JournalBody>): void {
    const body = bodyOf(this.plan, this.state, event)
    if (body !== null) this.journal.add({ ...body, ...details } as JournalBody, event.t)
    step(this.plan, this.state, event, (command) => this.carryOut(command, event.t))
  }

  /** Room that other runs of the workspace leave, before anything is decided by it. */
  private tellCapacity(): void {
    if (!this.state.begun || this.state.ended) return
    const { slots, pools } = this.room()
    const before = this.told ?? { slots: this.plan.slots, pools: poolSizes(this.plan) }
    if (slots === before.slots && [...pools].every(([name, size]) => before.pools.get(name) === size)) return
    this.told = { slots, pools }
    this.feed({ type: 'capacity', t: this.clock.now(), slots, pools }, {})
  }

  private carryOut(command: Command, t: Micros): void {
    switch (command.type) {
      case 'ask':
        this.inbox.push((now) => this.answer(command, now))
        return
      case 'expand':
        this.inbox.push((now) => this.expand(command.task, now))
        return
      case 'queue':
        if (!this.satisfy(command.instance)) this.record(command, t)
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
      case 'stop':
        this.stop(command.instance, command.reason)
        return
      case 'end':
        this.end(command, t)
        return
    }
  }

  private record(command: Command, t: Micros): void {
    const body = bodyOf(this.plan, this.state, command)
    if (body !== null) this.journal.add(body, t)
  }

  private answer(ask: Extract<Command, { type: 'ask' }>, t: Micros): ReturnType<Pending> {
    const { question, task, index, upstream } = ask
    const base = { type: 'answered' as const, t, question, task, index, upstream }
    try {
      const expressions = this.expressionsOf(task, index < 0 ? null : index)
      if (question !== 'branch') {
        const text = question === 'when' ? this.plan.when[task] : this.edgeCondition(task, upstream)
        return { event: { ...base, value: condition(text ?? '', expressions) } }
      }
      const direct = [...this.plan.down.subarray(this.plan.downStart[task], this.plan.downStart[task + 1])]
      const ids = direct.map((number) => this.plan.ids[number]!)
      const chosen = branchChoice(this.plan.branch[task] ?? '', ids, expressions)
      return { event: { ...base, value: true, chosen: chosen.map((id) => this.plan.numberOf.get(id)!) } }
    } catch (error) {
      return { event: { ...base, value: false, error: reasonOf(error).message } }
    }
  }

  private edgeCondition(task: number, upstream: number): string | null {
    for (let edge = this.plan.upStart[task]!; edge < this.plan.upStart[task + 1]!; edge += 1) {
      if (this.plan.up[edge] === upstream) return this.plan.edgeWhen[edge] ?? null
    }
    return null
  }

  private expand(task: number, t: Micros): ReturnType<Pending> {
    try {
      const items = this.items(task)
      this.scope.expanded(this.plan.ids[task]!, items)
      const small = JSON.stringify(items).length <= JOURNALLED_ITEMS_BYTES
      return {
        event: { type: 'expanded', t, task, count: items.length },
        details: (small ? { items } : {}) as Partial<JournalBody>,
      }
    } catch (error) {
      return { event: { type: 'expanded', t, task, count: 0, error: reasonOf(error).message } }
    }
  }

  /** What a mapped task repeats over. Throws an ExpressionError. */
  private items(task: number): readonly Json[] {
    const { forEach } = this.tasks[task]!
    if (forEach === null) return []
    if (forEach.type === 'each') return this.scope.itemsOf(forEach.task) ?? []
    return itemsOf(forEach, this.expressionsOf(task, null))
  }

  private expressionsOf(task: number, index: number | null): Expressions {
    const own = this.tasks[task]!
    return bindExpressions(scopeOf(this.request, this.scope, own, index, secretsOf(this.request, own)))
  }

  /** Whether the instance need not run because a pin or an earlier run has its outputs. */
  private satisfy(instance: InstanceNumber): boolean {
    if (this.satisfying.has(instance)) return true
    const given = this.request.satisfied.get(this.label(instance))
    if (given === undefined) return false
    this.satisfying.set(instance, given)
    this.inbox.push((t) => ({ event: { type: 'satisfied', t, instance } }))
    return true
  }

  private start(command: Extract<Command, { type: 'start' }>, t: Micros): void {
    const { instance, attempt } = command
    this.hold(instance)
    if (this.satisfy(instance)) return
    this.record(command, t)
    this.launching.set(instance, null)
    this.journal.whenDurable(() => this.launch(instance, attempt))
  }

  private launch(instance: InstanceNumber, attempt: number): void {
    const stopped = this.launching.get(instance)
    this.launching.delete(instance)
    const task = this.tasks[taskOf(this.state, instance)]!
    const index = indexOf(this.state, instance)
    if (stopped !== null && stopped !== undefined) {
      this.report(instance, { ...failed(stopped, false), outcome: 'cancelled' })
      return
    }
    const onStarted = (pid: number | null) => {
      this.journal.add({ type: 'started', task: task.id, index, attempt, pid }, this.clock.now())
    }
    let running: RunningAttempt
    try {
      const place = { task, index, attempt, epoch: this.clock.epoch, onStarted }
      running = startAttempt(task, attemptContext(this.request, this.services, this.scope, place))
    } catch (error) {
      this.report(instance, failed(reasonOf(error), false))
      return
    }
    const live = new LiveAttempt(running, instanceLabel(task.id, index), task.timeout)
    this.attempts.set(instance, live)
    void live.result().then((result) => {
      this.attempts.delete(instance)
      if (this.failure === null) this.report(instance, result)
      else this.finishInterrupted()
    })
  }

  /** An attempt is over. */
  private report(instance: InstanceNumber, result: AttemptResult): void {
    this.post((t) => {
      const { outcome, retryable, reason, ...facts } = result
      if (outcome === 'success') {
        this.scope.succeeded(this.taskId(instance), indexOf(this.state, instance), result.outputs ?? {})
      }
      this.release(instance)
      const event: SchedulerEvent = { type: 'finished', t, instance, outcome, retryable, random: Math.random(), reason }
      return { event, details: facts as Partial<JournalBody> }
    })
  }

  private settle(command: Extract<Command, { type: 'settle' }>, t: Micros): void {
    const id = this.plan.ids[command.task]!
    const given = this.satisfying.get(command.instance)
    this.release(command.instance)
    const body = bodyOf(this.plan, this.state, command)
    if (given !== undefined && command.state === 'success') {
      this.scope.succeeded(id, indexOf(this.state, command.instance), given.outputs)
      this.journal.add({ ...body, origin: given.origin, outputs: given.outputs } as JournalBody, t)
    } else if (body !== null) this.journal.add(body, t)
    if (this.isWhole(command)) this.scope.settled(id, command.state)
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
    if (this.launching.has(instance)) this.launching.set(instance, reason)
    this.attempts.get(instance)?.stop(this.timedOut ? this.timeoutReason() : reason, this.killing)
  }

  private setTimer(instance: InstanceNumber, until: Micros): void {
    const wait = Math.min(Math.max(0, (until - this.clock.now()) / 1000), 2 ** 31 - 1)
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      // Timers of Node may fire a little early.
      if (this.clock.now() < until) this.setTimer(instance, until)
      else this.post((t) => ({ event: { type: 'timer', t, instance } }))
    }, Math.ceil(wait))
    this.timers.add(timer)
  }

  private watchTimeout(): void {
    const { timeout } = this.request.pipeline
    if (timeout === null || this.state.ended) return
    const timer = setTimeout(
      () => {
        this.timers.delete(timer)
        this.timedOut = true
        this.cancel(false)
      },
      Math.min(Math.max(0, (timeout - this.clock.now()) / 1000), 2 ** 31 - 1),
    )
    this.timers.add(timer)
  }

  private timeoutReason(): Reason {
    const seconds = (this.request.pipeline.timeout ?? 0) / 1_000_000
    return { code: 'run_timeout', message: `The run took longer than its timeout of ${seconds} s` }
  }

  private hold(instance: InstanceNumber): void {
    if (this.holding.has(instance)) return
    this.holding.add(instance)
    this.countPool(instance, 1)
  }

  private release(instance: InstanceNumber): void {
    if (this.holding.delete(instance)) this.countPool(instance, -1)
  }

  private countPool(instance: InstanceNumber, sign: 1 | -1): void {
    const task = taskOf(this.state, instance)
    const pool = this.plan.pool[task]!
    if (pool >= 0) {
      const name = this.plan.poolNames[pool]!
      this.usedPools.set(name, (this.usedPools.get(name) ?? 0) + sign * this.plan.poolUse[task]!)
    }
    this.useChanged = true
  }

  private end(command: Extract<Command, { type: 'end' }>, t: Micros): void {
    // The scheduler knows a cancelled run only; that it was the clock that cancelled it makes it a failed one.
    const ended: Pick<RunEnded, 'state' | 'reason'> =
      this.timedOut && command.state === 'cancelled' ? { state: 'failed', reason: this.timeoutReason() } : command
    this.journal.add({ type: 'ended', state: ended.state, reason: ended.reason }, t)
    this.journal.whenDurable(() => queueMicrotask(() => this.finish({ state: ended.state })))
  }

  private stopForDisk(error: unknown): void {
    this.failure = appErrorOf(error)
    this.launching.clear()
    const reason: Reason = { code: 'error', message: this.failure.message }
    for (const attempt of this.attempts.values()) attempt.stop(reason, true)
    this.finishInterrupted()
  }

  private finishInterrupted(): void {
    if (this.attempts.size === 0 && this.failure !== null) this.finish({ state: 'interrupted', error: this.failure })
  }

  private finish(ended: Ended): void {
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
    this.journal.abandon()
    this.holding.clear()
    this.usedPools.clear()
    this.shared.leave(this)
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

function poolSizes(plan: Plan): ReadonlyMap<string, number> {
  return new Map(plan.poolNames.map((name, pool) => [name, plan.poolSize[pool]!]))
}

/** An expression that cannot be evaluated, or a fault of ours: that must fail the task, not hang the run. */
function reasonOf(error: unknown): Reason {
  if (error instanceof ExpressionError) return { code: 'expression_error', message: error.message }
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'error', message: `Dagwright made a mistake: ${message}` }
}

function appErrorOf(error: unknown): AppErrorData {
  if (error instanceof AppError) return error.data
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'IO_ERROR', message: `The run's journal could not be written: ${message}` }
}
