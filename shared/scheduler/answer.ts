import {
  classOf,
  count,
  countInstances,
  SKIPPED_CLASS,
  setOwn,
  settle,
  settleSuccess,
  settleUndecided,
  skipUnchosen,
} from './core.ts'
import { makeReady } from './dispatch.ts'
import { cleared } from './mark.ts'
import type { Plan } from './plan.ts'
import { expandTask } from './proceed.ts'
import { answered, type Core, Why } from './sink.ts'
import { EdgeState, FIRST_FINAL, instanceOf, type SchedulerState, Status, Wish } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/** An edge's condition. `index` is -1 unless the downstream follows the upstream instance by instance. */
export function edgeAnswered(
  core: Core,
  task: TaskNumber,
  index: number,
  upstream: TaskNumber,
  value: boolean,
  failed: boolean,
): void {
  const { plan, state } = core
  answered(core)
  if ((state.status[task] as number) >= FIRST_FINAL) return
  if (index >= 0) {
    const node = nodeAt(state, task, index)
    if (state.status[node] !== Status.pending || state.own[node] !== 0) return
    const other = (state.first[upstream] as number) + index
    if (failed) settle(core, node, Status.failed, Why.expression, other)
    else setOwn(core, node, value ? classOf(state, other) : SKIPPED_CLASS, other, value ? Why.rule : Why.edgeFalse)
    return
  }
  const edge = edgeBetween(plan, task, upstream)
  if (edge < 0 || state.edge[edge] !== EdgeState.asked) return
  state.edge[edge] = EdgeState.done
  // What has its verdict already is past the error.
  if (failed) settleUndecided(core, task, Status.failed, Why.expression, upstream)
  else if ((state.size[upstream] as number) >= 0) countInstances(core, task, upstream, !value)
  else {
    const unselected = state.status[upstream] === Status.unselected
    const outcome = !value ? SKIPPED_CLASS : unselected ? 0 : classOf(state, upstream)
    count(core, task, outcome, unselected ? -1 : upstream, value ? Why.rule : Why.edgeFalse)
  }
}

/** -1, which has no status, where the instance is no more: it was cleared since it was asked. */
function nodeAt(state: SchedulerState, task: TaskNumber, index: number): InstanceNumber {
  return instanceOf(state, task, index < 0 ? null : index) ?? -1
}

function edgeBetween(plan: Plan, task: TaskNumber, upstream: TaskNumber): number {
  for (let edge = plan.upStart[task] as number; edge < (plan.upStart[task + 1] as number); edge++) {
    if (plan.up[edge] === upstream) return edge
  }
  return -1
}

/** A task's (or one instance's) own condition. */
export function whenAnswered(core: Core, task: TaskNumber, index: number, value: boolean, failed: boolean): void {
  const { plan, state } = core
  answered(core)
  const node = nodeAt(state, task, index)
  if (state.status[node] !== Status.asking) return
  if (failed) settle(core, node, Status.failed, Why.expression, -1)
  else if (!value) settle(core, node, Status.skipped, Why.whenFalse, -1)
  else if (node === task && plan.mapping[task] !== 0) expandTask(core, task)
  else makeReady(core, node)
}

/** What a finished branch chose. An unknown id, or a task that is no direct downstream, fails the task. */
export function branchAnswered(
  core: Core,
  task: TaskNumber,
  index: number,
  chosen: readonly TaskNumber[],
  failed: boolean,
): void {
  const { plan, state } = core
  answered(core)
  const node = nodeAt(state, task, index)
  if (state.status[node] !== Status.branching) return
  if (state.wish[node] === Wish.clear) {
    cleared(core, node)
    return
  }
  const direct = plan.down.subarray(plan.downStart[task], plan.downStart[task + 1])
  if (failed || chosen.some((other) => !direct.includes(other))) {
    settle(core, node, Status.failed, Why.expression, -1)
    return
  }
  settleSuccess(core, node)
  const keeps = reachable(plan, direct, chosen)
  state.choices[task] = (state.choices[task] as number) + 1
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    const downstream = plan.down[place] as number
    if (keeps.has(downstream)) state.kept[plan.downEdge[place] as number] = 1
    else if (index < 0) skipUnchosen(core, downstream, node)
  }
}

/** The chosen tasks and all that can be reached from them, as far as the last direct downstream lies. */
function reachable(plan: Plan, direct: Int32Array, chosen: readonly TaskNumber[]): ReadonlySet<TaskNumber> {
  const last = direct.reduce((most, task) => Math.max(most, plan.position[task] as number), 0)
  const reached = new Set(chosen)
  for (const task of reached) {
    for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
      const downstream = plan.down[place] as number
      if ((plan.position[downstream] as number) <= last) reached.add(downstream)
    }
  }
  return reached
}
