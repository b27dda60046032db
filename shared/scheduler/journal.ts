import type { JournalBody, JournalEvent } from '../journal/event.ts'
import type { Plan } from './plan.ts'
import { refOf } from './reason.ts'
import { indexOf, instanceOf, type SchedulerState, Status } from './state.ts'
import type { Command, Room, SchedulerEvent } from './types.ts'

/**
 * How a command or an event stands in the journal; null for what a journal does not keep (`ask`, `expand` and `stop`,
 * whose answers it keeps, and `begin`, `resumed`, `timer` and, but for a branch, `satisfied`, which its other events
 * imply). The host adds what only it knows by spreading: exit code, memory and outputs of `finished`, `items` of
 * `expanded`, `kill` of `cancel`, origin and outputs of `satisfied` and of the `settled` that follows. An event's body must be made before its `step` (which
 * may begin the next attempt), a command's in or right after it. Bodies must be written in the order of the events and
 * commands, all of one event with that event's `t`.
 */
export function bodyOf(plan: Plan, state: SchedulerState, message: Command | SchedulerEvent): JournalBody | null {
  switch (message.type) {
    case 'answered':
      return answeredBody(plan, message)
    case 'expanded': {
      const failed = message.error === undefined ? {} : { error: message.error }
      return { type: 'expanded', task: idOf(plan, message.task), count: message.count, items: null, ...failed }
    }
    case 'finished':
      return {
        type: 'finished',
        ...refOf(plan, state, message.instance),
        attempt: state.attempt[message.instance] as number,
        outcome: message.outcome,
        exitCode: null,
        signal: null,
        peakMemory: null,
        cpu: null,
        outputs: null,
        reason: message.reason,
      }
    case 'capacity':
      return { type: 'capacity', slots: message.slots, pools: record(message.pools) }
    case 'satisfied':
      return plan.branch[state.task[message.instance] as number] === null
        ? null
        : { type: 'satisfied', ...refOf(plan, state, message.instance), origin: 'cached', outputs: {} }
    case 'cancel':
      return { type: 'cancel', kill: false, ...(message.timeout === undefined ? {} : { timeout: message.timeout }) }
    case 'mark':
      return {
        type: 'marked',
        ...refOf(plan, state, message.instance),
        as: message.as,
        ...(message.downstream === undefined ? {} : { downstream: message.downstream }),
      }
    default:
      return commandBody(plan, state, message)
  }
}

function commandBody(plan: Plan, state: SchedulerState, command: Command | SchedulerEvent): JournalBody | null {
  switch (command.type) {
    case 'queue':
      return { type: 'queued', ...refOf(plan, state, command.instance) }
    case 'start': {
      const { attempt, readyAt, cause } = command
      return { type: 'starting', ...refOf(plan, state, command.instance), attempt, readyAt, cause }
    }
    case 'retry': {
      const { attempt, until } = command
      return { type: 'retrying', ...refOf(plan, state, command.instance), attempt, until }
    }
    case 'settle': {
      const index = command.instance < 0 ? null : indexOf(state, command.instance)
      const { reason } = command
      const origin = reason?.code === 'marked' ? 'marked' : 'executed'
      return { type: 'settled', task: idOf(plan, command.task), index, state: command.state, origin, reason }
    }
    case 'reset': {
      const index = command.instance < 0 ? null : indexOf(state, command.instance)
      return { type: 'reset', task: idOf(plan, command.task), index }
    }
    case 'end':
      return { type: 'ended', state: command.state, reason: command.reason }
    default:
      return null
  }
}

function answeredBody(plan: Plan, event: Extract<SchedulerEvent, { type: 'answered' }>): JournalBody {
  const { question, error } = event
  const value =
    error !== undefined
      ? null
      : question === 'branch'
        ? (event.chosen ?? []).map((task) => idOf(plan, task))
        : event.value
  return {
    type: 'answered',
    task: idOf(plan, event.task),
    index: event.index < 0 ? null : event.index,
    question,
    ...(question === 'edge' ? { upstream: idOf(plan, event.upstream) } : {}),
    value,
    ...(error === undefined ? {} : { error }),
  }
}

function idOf(plan: Plan, task: number): string {
  return plan.ids[task] as string
}

function record(map: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.assign(Object.create(null) as Record<string, number>, Object.fromEntries(map))
}

/** A scheduler event read back from a journal. `until`: when the retry that followed was due; else -1. */
export interface ReplayedEvent {
  readonly event: SchedulerEvent
  readonly until: number
}

/** They say nothing of how an instance's attempt went on. */
const TRACELESS: ReadonlySet<string> = new Set(['answered', 'inputs', 'satisfied'])

/** Reads a journal's events as the scheduler's, at the state it has when it comes to them. */
export class JournalReader {
  private readonly plan: Plan
  private readonly events: readonly JournalEvent[]
  /** Per event: the next one about the same instance; -1: none. */
  private readonly next: Int32Array

  constructor(plan: Plan, events: readonly JournalEvent[]) {
    this.plan = plan
    this.events = events
    this.next = new Int32Array(events.length).fill(-1)
    const last = new Map<string, number>()
    for (let at = events.length - 1; at >= 0; at--) {
      const event = events[at] as JournalEvent
      if (!('index' in event) || TRACELESS.has(event.type)) continue
      const key = `${event.index ?? ''}:${event.task}`
      this.next[at] = last.get(key) ?? -1
      last.set(key, at)
    }
  }

  /** The scheduler's events behind the journal's event number `at`; none where it only records a command. */
  read(state: SchedulerState, at: number): readonly ReplayedEvent[] {
    const event = this.events[at] as JournalEvent
    const { t } = event
    const plain = (...read: SchedulerEvent[]) => read.map((one) => ({ event: one, until: -1 }))
    switch (event.type) {
      case 'run':
        return plain({ type: 'begin', t, ...this.roomAfter(at) })
      case 'resumed':
        return plain({ type: 'resumed', t, ...this.roomAfter(at) })
      case 'cancel':
        return plain({ type: 'cancel', t, ...(event.timeout === undefined ? {} : { timeout: event.timeout }) })
      case 'capacity':
        return plain({ type: 'capacity', t, slots: event.slots, pools: new Map(Object.entries(event.pools)) })
      case 'expanded': {
        const failed = event.error === undefined ? {} : { error: event.error }
        return plain({ type: 'expanded', t, task: this.task(event.task), count: event.count, ...failed })
      }
      case 'satisfied': {
        const instance = this.instance(state, event)
        return instance < 0 ? [] : plain({ type: 'satisfied', t, instance })
      }
      case 'answered':
        return plain(...this.satisfiedBefore(state, event), this.answered(event))
      case 'finished':
        return this.finished(state, event, at)
      case 'marked': {
        const instance = this.instance(state, event)
        const downstream = event.downstream === undefined ? {} : { downstream: event.downstream }
        return instance < 0 ? [] : plain({ type: 'mark', t, instance, as: event.as, ...downstream })
      }
      case 'queued':
      case 'starting': {
        const instance = this.instance(state, event)
        const due = event.type === 'starting' ? event.readyAt : t
        return state.status[instance] === Status.retrying ? plain({ type: 'timer', t: due, instance }) : []
      }
      case 'settled': {
        const instance = this.instance(state, event)
        const status = state.status[instance]
        const waits = status === Status.running || status === Status.queued
        const given = event.origin !== 'executed' && event.origin !== 'marked'
        return given && waits ? plain({ type: 'satisfied', t, instance }) : []
      }
      default:
        return []
    }
  }

  /** The room that came with the event at `at`. */
  private roomAfter(at: number): { readonly room?: Room } {
    const next = this.events[at + 1]
    if (next?.type !== 'capacity' || next.t !== this.events[at]?.t) return {}
    return { room: { slots: next.slots, pools: new Map(Object.entries(next.pools)) } }
  }

  /** A branch is asked of what was a success without running, too; journals before `satisfied` show it only then. */
  private satisfiedBefore(
    state: SchedulerState,
    { t, question, task, index }: Extract<JournalEvent, { type: 'answered' }>,
  ): readonly SchedulerEvent[] {
    if (question !== 'branch') return []
    const instance = this.instance(state, { task, index })
    const status = state.status[instance]
    return status === Status.running || status === Status.queued ? [{ type: 'satisfied', t, instance }] : []
  }

  /** -1 where the plan has no such task or instance. */
  instance(state: SchedulerState, ref: { readonly task: string; readonly index: number | null }): number {
    const task = this.plan.numberOf.get(ref.task)
    return task === undefined ? -1 : (instanceOf(state, task, ref.index) ?? -1)
  }

  private task(id: string): number {
    return this.plan.numberOf.get(id) ?? -1
  }

  private answered(event: Extract<JournalEvent, { type: 'answered' }>): SchedulerEvent {
    const chosen = Array.isArray(event.value) ? event.value.map((id: string) => this.task(id)) : []
    return {
      type: 'answered',
      t: event.t,
      question: event.question,
      task: this.task(event.task),
      index: event.index ?? -1,
      upstream: event.upstream === undefined ? -1 : this.task(event.upstream),
      value: event.value === true,
      ...(event.question === 'branch' ? { chosen } : {}),
      ...(event.error === undefined ? {} : { error: event.error }),
    }
  }

  /** Whether it could be tried again, and when, shows in what followed; at a torn end, by the policy. */
  private finished(
    state: SchedulerState,
    event: Extract<JournalEvent, { type: 'finished' }>,
    at: number,
  ): readonly ReplayedEvent[] {
    const instance = this.instance(state, event)
    if (instance < 0) return []
    const following = this.events[this.next[at] as number]
    const until = following?.type === 'retrying' ? following.until : -1
    const retryable = following === undefined || following.type === 'retrying'
    const { t, outcome, reason } = event
    return [{ until, event: { type: 'finished', t, instance, outcome, retryable, random: 0.5, reason } }]
  }
}
