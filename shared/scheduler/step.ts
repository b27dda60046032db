import type { Reason } from '../journal/event.ts'
import { branchAnswered, edgeAnswered, whenAnswered } from './answer.ts'
import { cancel, finished, resume, satisfied, timer } from './attempt.ts'
import { setCapacity } from './dispatch.ts'
import { expanded } from './mapping.ts'
import { clear, mark } from './mark.ts'
import type { Plan } from './plan.ts'
import { causeOf, pastOf, reasonOf, refOf, timeoutReason } from './reason.ts'
import { begin, finishEvent, outcomeOf } from './run.ts'
import { type Core, createCore, type Question, type Sink, Why } from './sink.ts'
import { type SchedulerState, stateOf } from './state.ts'
import type { Command, InstanceNumber, SchedulerEvent, TaskNumber } from './types.ts'

/**
 * THE scheduler: takes one event in, changes `state` in place and emits what has to happen, in order. The same state
 * and event always give the same commands. Events must come in the order in which they became known; `t` never falls.
 * Events that no longer matter (a late answer, a second end of an attempt, anything but a mark after the end) change
 * nothing.
 */
export function step(plan: Plan, state: SchedulerState, event: SchedulerEvent, emit: (command: Command) => void): void {
  if (event.type === 'resumed') state.held = false
  const sink = new CommandSink(plan, state, emit, reasonIn(event))
  advance(createCore(plan, state, sink), event, -1)
}

/** As `step`, on a core. `until`: when a journal says the next attempt comes; else -1. */
export function advance(core: Core, event: SchedulerEvent, until: number): void {
  const { state } = core
  if (state.ended && event.type !== 'mark' && event.type !== 'resumed') return
  if (event.type !== 'begin' && !state.begun) return
  state.now = Math.max(state.now, event.t)
  switch (event.type) {
    case 'begin':
      if (event.room !== undefined) setCapacity(core, event.room.slots, event.room.pools)
      begin(core)
      break
    case 'resumed':
      resume(core)
      setCapacity(core, event.room?.slots ?? core.plan.slots, event.room?.pools ?? new Map())
      break
    case 'answered': {
      const failed = event.error !== undefined
      const { task, index, upstream, value } = event
      if (event.question === 'edge') edgeAnswered(core, task, index, upstream, value, failed)
      else if (event.question === 'when') whenAnswered(core, task, index, value, failed)
      else branchAnswered(core, task, index, event.chosen ?? [], failed)
      break
    }
    case 'expanded':
      expanded(core, event.task, event.count, event.error !== undefined)
      break
    case 'satisfied':
      satisfied(core, event.instance)
      break
    case 'finished':
      finished(
        core,
        event.instance,
        event.outcome,
        event.retryable,
        event.random,
        until >= 0 ? until : (event.retryAt ?? -1),
      )
      break
    case 'timer':
      timer(core, event.instance)
      break
    case 'capacity':
      setCapacity(core, event.slots, event.pools)
      break
    case 'cancel':
      cancel(core, event.timeout ?? -1)
      break
    case 'mark':
      if (event.as === 'cleared') clear(core, event.instance, event.downstream ?? true)
      else mark(core, event.instance, event.as)
      break
  }
  finishEvent(core)
}

/** The reason that came with the event, for the instance it is about. */
export function reasonIn(event: SchedulerEvent): Reason | null {
  if (event.type === 'finished') return event.reason
  if ((event.type === 'answered' || event.type === 'expanded') && event.error !== undefined) {
    return { code: 'expression_error', message: event.error }
  }
  return null
}

/** Turns numbers into commands, and words their reasons. */
export class CommandSink implements Sink {
  private readonly plan: Plan
  private readonly state: SchedulerState
  private readonly emit: (command: Command) => void
  /** Of the event at hand. */
  given: Reason | null

  constructor(plan: Plan, state: SchedulerState, emit: (command: Command) => void, given: Reason | null) {
    this.plan = plan
    this.state = state
    this.emit = emit
    this.given = given
  }

  ask(question: Question, task: TaskNumber, index: number, upstream: TaskNumber): void {
    this.emit({ type: 'ask', question, task, index, upstream })
  }

  expand(task: TaskNumber): void {
    this.emit({ type: 'expand', task })
  }

  queue(instance: InstanceNumber): void {
    this.emit({ type: 'queue', instance })
  }

  start(instance: InstanceNumber): void {
    const { plan, state } = this
    const attempt = state.attempt[instance] as number
    const readyAt = state.readyAt[instance] as number
    this.emit({ type: 'start', instance, attempt, readyAt, cause: causeOf(plan, state, instance) })
  }

  retry(instance: InstanceNumber): void {
    const { state } = this
    const attempt = (state.attempt[instance] as number) + 1
    this.emit({ type: 'retry', instance, attempt, until: state.until[instance] as number })
  }

  settle(node: InstanceNumber, why: Why, by: InstanceNumber): void {
    const { plan, state } = this
    const whole = node < plan.count && plan.mapping[node] !== 0
    this.emit({
      type: 'settle',
      task: state.task[node] as number,
      instance: whole ? -1 : node,
      state: stateOf(state, node) as Extract<Command, { type: 'settle' }>['state'],
      reason: this.reason(node, why, by),
    })
  }

  stop(instance: InstanceNumber, why: Why, by: InstanceNumber): void {
    const reason = this.reason(instance, why, by)
    if (reason !== null) this.emit({ type: 'stop', instance, reason })
  }

  reset(node: InstanceNumber): void {
    const { plan, state } = this
    const whole = node < plan.count && plan.mapping[node] !== 0
    this.emit({ type: 'reset', task: state.task[node] as number, instance: whole ? -1 : node })
  }

  end(): void {
    const { plan, state } = this
    const { state: outcome, by } = outcomeOf(plan, state)
    const reason: Reason | null =
      outcome === 'cancelled'
        ? { code: 'cancelled', message: 'The run was cancelled' }
        : outcome === 'failed' && state.overrun >= 0
          ? timeoutReason(state)
          : by < 0
            ? null
            : { code: 'error', message: `\`${plan.ids[by]}\` ${pastOf(state, by)}`, by: refOf(plan, state, by) }
    this.emit({ type: 'end', state: outcome, reason })
  }

  private reason(node: InstanceNumber, why: Why, by: InstanceNumber): Reason | null {
    if (this.given !== null && (why === Why.attempt || why === Why.expression)) return this.given
    return reasonOf(this.plan, this.state, node, why, by)
  }
}
