import type { RunEnded } from '../journal/event.ts'
import { apply, askEdge, consider, drain, settle, withdraw } from './core.ts'
import { dispatch } from './dispatch.ts'
import { Handler, Mapping, type Plan } from './plan.ts'
import { proceed } from './proceed.ts'
import { ALWAYS, Verdict } from './rules.ts'
import { type Core, Why } from './sink.ts'
import { type SchedulerState, Status } from './state.ts'
import type { InstanceNumber } from './types.ts'

/** The run begins: roots go ahead, the rest look at what is known of unselected upstreams. */
export function begin(core: Core): void {
  const { plan, state } = core
  if (state.begun) return
  state.begun = true
  for (let task = 0; task < plan.count; task++) {
    if (state.status[task] !== Status.unselected) countUnselected(core, task)
  }
  for (let task = 0; task < plan.count; task++) {
    if (state.status[task] !== Status.pending || plan.handler[task] !== Handler.none) continue
    if (plan.upStart[task] === plan.upStart[task + 1]) proceed(core, task)
    else if (plan.rule[task] === ALWAYS && plan.mapping[task] !== Mapping.each) {
      apply(core, task, Verdict.run, -1, Why.rule)
    } else consider(core, task, -1, Why.rule)
  }
}

/** Unselected upstreams count as success; the condition on such an edge is asked at once. */
function countUnselected(core: Core, task: number): void {
  const { plan, state } = core
  for (let edge = plan.upStart[task] as number; edge < (plan.upStart[task + 1] as number); edge++) {
    const upstream = plan.up[edge] as number
    if (state.status[upstream] !== Status.unselected) continue
    if (plan.edgeWhen[edge] === null) state.counts[task * 4] = (state.counts[task * 4] as number) + 1
    else askEdge(core, edge, task, upstream)
  }
}

/** Ends every event: passes news on, starts what may start, and ends the run with its last task. */
export function finishEvent(core: Core): void {
  const { plan, state } = core
  drain(core)
  if (state.stoppedBy >= 0) stopAll(core)
  if (plan.handlers.length > 0 && !state.handled && onlyHandlersWait(core)) startHandlers(core)
  dispatch(core)
  if (state.open === 0 && state.begun && !state.ended) {
    state.ended = true
    core.sink.end()
  }
}

/** A required task failed in a run that stops at that: what waits is cancelled, what runs is asked to stop. */
function stopAll(core: Core): void {
  const { plan, state } = core
  const by = state.stoppedBy
  state.stoppedBy = -1
  for (let node = 0; node < state.nodes; node++) {
    if (plan.handler[state.task[node] as number] === Handler.none) withdraw(core, node, Why.stopAtFailure, by)
  }
  drain(core)
}

function onlyHandlersWait({ plan, state }: Core): boolean {
  const waiting = plan.handlers.filter((task) => state.status[task] === Status.pending)
  return state.begun && waiting.length === state.open
}

/** Everything else has ended: the handlers of how it ended run, the others are skipped. */
function startHandlers(core: Core): void {
  const { plan, state } = core
  state.handled = true
  const { state: outcome } = outcomeOf(plan, state)
  const due = outcome === 'cancelled' ? Handler.none : outcome === 'failed' ? Handler.failure : Handler.success
  for (const task of plan.handlers) {
    if (state.status[task] !== Status.pending) continue
    if (((plan.handler[task] as number) & due) === 0) settle(core, task, Status.skipped, Why.handler, -1)
    else apply(core, task, Verdict.run, state.lastSettled, Why.rule)
  }
  drain(core)
}

/** A task's end as the run's state sees it (DESIGN 4.1). A cancelled leaf that no person cancelled is a failure. */
export interface Outcome {
  readonly state: RunEnded['state']
  /** The first leaf, in file order, that made it so, before those that were only cancelled; -1 where none did. */
  readonly by: InstanceNumber
}

export function outcomeOf(plan: Plan, state: SchedulerState): Outcome {
  if (state.cancelled) return { state: state.overrun < 0 ? 'cancelled' : 'failed', by: -1 }
  let partial = -1
  let cancelled = -1
  for (let task = 0; task < plan.count; task++) {
    const status = state.status[task]
    if (plan.leaf[task] === 0 || status === Status.success || status === Status.skipped) continue
    if (plan.required[task] === 1 && status !== Status.cancelled) return { state: 'failed', by: task }
    if (plan.required[task] === 1) cancelled = cancelled < 0 ? task : cancelled
    else if (partial < 0) partial = task
  }
  if (cancelled >= 0) return { state: 'failed', by: cancelled }
  return { state: partial < 0 ? 'success' : 'partial', by: partial }
}
