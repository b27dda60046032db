import type { JournalBody, JournalEvent, Reason } from '../journal/event.ts'
import { bodyOf } from './journal.ts'
import type { Plan } from './plan.ts'
import { restore } from './replay.ts'
import { createState, indexOf, instanceOf, type SchedulerState, taskOf } from './state.ts'
import { step } from './step.ts'
import type { Command, Room, SchedulerEvent } from './types.ts'
import { hashed, headerOf, randomOf, type World } from './world.testing.ts'

/** One event, what the scheduler made of it, and how much of the journal was written by then. */
export interface Turn {
  readonly event: SchedulerEvent
  readonly commands: readonly Command[]
  readonly written: number
}

export interface HostOptions {
  /** Answers come late and in any order; retries may come late; capacities change; a person cancels. */
  readonly unruly: boolean
  readonly cancelAt?: number
  /** The longest the run may take, each time that it is opened. */
  readonly timeout?: number
  readonly marks?: readonly HostMark[]
  readonly onTurn?: (state: SchedulerState, turn: Turn) => void
}

/** A person's word at `t`, after the end as well. What is not there then is not marked. */
export interface HostMark {
  readonly t: number
  readonly task: number
  readonly index: number | null
  readonly as: 'success' | 'failed' | 'cleared'
  readonly downstream?: boolean
}

interface Waiting {
  readonly t: number
  readonly order: number
  /** The running instance whose end it is; -1: something else; `ANSWER`. */
  readonly ends: number
  readonly make: (t: number) => SchedulerEvent
}

/** Answers come before anything else at the same instant. */
const ANSWER = -2
const MARK = -3
const DEADLINE = -4
const FIRST = -1_000_000
/** What other runs leave. */
const SMALL_ROOM: Room = { slots: 1, pools: new Map([['large', 2]]) }

/** A host of the scheduler that is as simple as can be: a list of what comes, sorted by time. The oracle's driver. */
export class TestHost {
  state: SchedulerState
  journal: JournalEvent[]
  readonly turns: Turn[] = []
  readonly plan: Plan
  private readonly world: World
  private readonly options: HostOptions
  private readonly random: () => number
  private readonly seed: number
  private readonly looking = new Set<number>()
  private waiting: Waiting[] = []
  private pushed = 0
  private now = 0

  constructor(plan: Plan, world: World, seed: number, options: HostOptions) {
    this.plan = plan
    this.world = world
    this.seed = seed
    this.options = options
    this.random = randomOf(seed + 1)
    this.state = createState(plan)
    this.journal = [headerOf(world)]
  }

  run(): void {
    const limited = this.options.unruly && this.random() < 0.2
    this.deliver({ type: 'begin', t: 0, ...(limited ? { room: SMALL_ROOM } : {}) })
    if (this.options.cancelAt !== undefined) this.later(this.options.cancelAt, (t) => ({ type: 'cancel', t }))
    this.allowTime()
    for (const mark of this.options.marks ?? [])
      this.waiting.push({ t: mark.t, order: this.pushed++, ends: MARK, make: (t) => this.marked(t, mark) })
    if (this.options.unruly) {
      if (this.random() < 0.2) this.later(Math.floor(this.random() * 60), (t) => ({ type: 'cancel', t }))
      if (this.random() < 0.1) this.later(Math.floor(this.random() * 60), (t) => ({ type: 'cancel', t, timeout: t }))
      for (const at of [5, 15, 25]) {
        if (this.random() > 0.3) continue
        const slots = at === 25 ? 9 : Math.floor(this.random() * 3)
        this.later(at, (t) => ({ type: 'capacity', t, slots, pools: new Map([['large', at === 25 ? 9 : slots]]) }))
      }
      this.later(26, (t) => ({ type: 'capacity', t, slots: 9, pools: new Map() }))
    }
    this.serve()
  }

  /** Goes on from a journal that ends too early, as an engine does after a crash. */
  resume(past: readonly JournalEvent[]): void {
    const { state, running, timers, pending } = restore(this.plan, past)
    this.state = state
    this.journal = [...past]
    this.now = past.at(-1)?.t ?? 0
    for (const command of pending) this.record(command)
    this.write({ type: 'resumed', wall: '2026-01-01T01:00:00Z' })
    const limited = this.random() < 0.3
    this.deliver({ type: 'resumed', t: this.now, ...(limited ? { room: SMALL_ROOM } : {}) })
    if (limited) this.later(20, (t) => ({ type: 'capacity', t, slots: 9, pools: new Map() }))
    for (const command of pending) this.carryOut(command)
    for (const { instance } of running) {
      this.later(0, (t) => ({
        type: 'finished',
        t,
        instance,
        outcome: 'lost',
        retryable: true,
        random: 0,
        reason: null,
      }))
    }
    for (const { instance, until } of timers) {
      this.later(Math.max(0, until - this.now), (t) => ({ type: 'timer', t, instance }))
    }
    this.serve()
  }

  private serve(): void {
    while (this.waiting.length > 0) {
      this.waiting.sort((a, b) => a.t - b.t || a.order - b.order)
      const { t, ends, make } = this.waiting.shift() as Waiting
      this.now = t
      const event = make(t)
      if (ends === MARK && this.state.ended) {
        this.write({ type: 'resumed', wall: '2026-01-01T02:00:00Z' })
        this.deliver({ type: 'resumed', t })
        this.allowTime()
      }
      this.deliver(event)
    }
  }

  /** An earlier deadline is void: the run has ended since. */
  private allowTime(): void {
    const { timeout } = this.options
    if (timeout === undefined) return
    this.waiting = this.waiting.filter(({ ends }) => ends !== DEADLINE)
    this.later(timeout, (t) => ({ type: 'cancel', t, timeout }), DEADLINE)
  }

  private marked(t: number, { task, index, as, downstream }: HostMark): SchedulerEvent {
    const instance = instanceOf(this.state, task, index) ?? -1
    return { type: 'mark', t, instance, as, ...(downstream === undefined ? {} : { downstream }) }
  }

  private deliver(event: SchedulerEvent): void {
    const ended = this.state.ended && event.type !== 'mark'
    const commands: Command[] = []
    const before =
      (event.type === 'begin' || event.type === 'resumed') && event.room !== undefined
        ? bodyOf(this.plan, this.state, { type: 'capacity', t: event.t, ...event.room })
        : event.type === 'mark' && event.instance < 0
          ? null
          : bodyOf(this.plan, this.state, event)
    step(this.plan, this.state, event, (command) => commands.push(command))
    if (!ended) {
      if (before !== null) this.write(before)
      for (const command of commands) this.record(command)
    }
    const turn = { event, commands, written: this.journal.length }
    this.turns.push(turn)
    this.options.onTurn?.(this.state, turn)
    for (const command of commands) this.carryOut(command)
  }

  /** What will be satisfied neither waits nor starts, and its success says where it came from. */
  private record(command: Command): void {
    const body = bodyOf(this.plan, this.state, command)
    if (body === null) return
    const given = 'instance' in command && command.instance >= 0 && this.given(command.instance)
    if (given && (body.type === 'queued' || body.type === 'starting')) return
    if (body.type !== 'settled' || body.state !== 'success') this.write(body)
    else if (given) this.write({ ...body, origin: 'reused' })
    else this.write(this.foundAfter(command) > 0 ? { ...body, origin: 'cached' } : body)
  }

  private given(instance: number): boolean {
    const task = taskOf(this.state, instance)
    const index = indexOf(this.state, instance) ?? -1
    return this.world.given?.(task, index) === true || this.world.found?.(task, index) === 0
  }

  /** -1: it runs, or the command is about no instance. */
  private foundAfter(command: Command): number {
    if (!('instance' in command) || command.instance < 0) return -1
    const { instance } = command
    return this.world.found?.(taskOf(this.state, instance), indexOf(this.state, instance) ?? -1) ?? -1
  }

  /** Looks for an earlier result, once: while the instance waits, or else when it starts. False: it has to run. */
  private looks(command: Extract<Command, { type: 'queue' | 'start' }>): boolean {
    const after = this.foundAfter(command)
    if (after <= 0) return false
    const { instance } = command
    if (!this.looking.has(instance)) this.later(after, (t) => ({ type: 'satisfied', t, instance }), instance)
    this.looking.add(instance)
    return true
  }

  private write(body: JournalBody): void {
    this.journal.push({ n: this.journal.length + 1, t: this.now, ...body })
  }

  private later(delay: number, make: Waiting['make'], ends = -1): void {
    this.waiting.push({ t: this.now + delay, order: this.pushed++ + (ends === ANSWER ? FIRST : 0), ends, make })
  }

  private answerDelay(): number {
    return this.options.unruly && this.random() < 0.4 ? Math.floor(this.random() * 8) : 0
  }

  private carryOut(command: Command): void {
    switch (command.type) {
      case 'ask': {
        const { question, task, index, upstream } = command
        const answer =
          this.world.answer?.(question, task, index, upstream) ??
          answerOf(this.plan, this.seed, question, task, index, upstream)
        this.later(
          this.answerDelay(),
          (t) => ({ type: 'answered', t, question, task, index, upstream, ...answer }),
          ANSWER,
        )
        break
      }
      case 'expand': {
        const { task } = command
        this.later(this.answerDelay(), (t) => expansion(t, task, this.world.count(task)), ANSWER)
        break
      }
      case 'queue':
        if (!this.looks(command) && this.given(command.instance))
          this.later(0, (t) => ({ type: 'satisfied', t, instance: command.instance }))
        break
      case 'start': {
        const { instance, attempt } = command
        if (this.given(instance)) {
          this.later(0, (t) => ({ type: 'satisfied', t, instance }))
          break
        }
        if (this.looks(command)) break
        const place = [taskOf(this.state, instance), indexOf(this.state, instance) ?? -1, attempt] as const
        const duration = this.world.duration(...place)
        const limit = this.world.pipeline.tasks[place[0]]?.timeout ?? Infinity
        const late = duration > limit
        const outcome = late ? 'timed_out' : this.world.outcome(...place)
        const random = hashed(this.seed, ...place, 5)
        const retryable = late || (this.world.retryable?.(...place) ?? true)
        const delay = late ? -1 : (this.world.retryDelay?.(...place) ?? -1)
        const retryAt = (t: number) => (delay < 0 ? {} : { retryAt: t + delay })
        const reason: Reason | null =
          outcome === 'success' ? null : { code: late ? 'timeout' : 'error', message: 'as injected' }
        this.later(
          Math.min(duration, limit),
          (t) => ({ type: 'finished', t, instance, outcome, retryable, random, reason, ...retryAt(t) }),
          instance,
        )
        break
      }
      case 'stop': {
        if (this.options.unruly) break
        const { instance, reason } = command
        this.waiting = this.waiting.filter(({ ends }) => ends !== instance)
        this.later(
          0,
          (t) => ({ type: 'finished', t, instance, outcome: 'cancelled', retryable: false, random: 0, reason }),
          instance,
        )
        break
      }
      case 'retry': {
        const late = this.options.unruly ? Math.floor(this.random() * 3) : 0
        this.later(command.until - this.now + late, (t) => ({ type: 'timer', t, instance: command.instance }))
        break
      }
      default:
        break
    }
  }
}

/** A count below 0 is an error. */
function expansion(t: number, task: number, count: number): SchedulerEvent {
  return count < 0 ? { type: 'expanded', t, task, count: 0, error: 'broken' } : { type: 'expanded', t, task, count }
}

/** Conditions and branches answer from the seed: mostly yes, sometimes an error or an unknown id. */
export function answerOf(
  plan: Plan,
  seed: number,
  question: 'edge' | 'when' | 'branch',
  task: number,
  index: number,
  upstream: number,
): { value: boolean; chosen?: readonly number[]; error?: string } {
  const draw = hashed(seed, task, index, upstream, question.length)
  if (draw < 0.06) return { value: false, error: 'broken' }
  if (question !== 'branch') return { value: draw < 0.7 }
  const direct = [...plan.down.subarray(plan.downStart[task], plan.downStart[task + 1])]
  const chosen = direct.filter((other) => hashed(seed, task, index, other, 9) < 0.5)
  return { value: true, chosen: draw < 0.1 ? [...chosen, task] : chosen }
}
