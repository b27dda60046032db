import {
  apply,
  askEdge,
  classOf,
  consider,
  followedEdge,
  followOne,
  SKIPPED_CLASS,
  settle,
  skipUnchosen,
} from './core.ts'
import { Mapping } from './plan.ts'
import { expandTask, proceed } from './proceed.ts'
import { ALWAYS, Verdict } from './rules.ts'
import { type Core, Why } from './sink.ts'
import { CauseCode, EdgeState, FIRST_FINAL, Status, Wish } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/**
 * Looks at a task's upstreams as if it met them now: after a person took back what it knew of them. Nothing may be
 * settled and not drained. Conditions of edges are asked again. Returns the last upstream that was no success, which is
 * what a verdict then follows from; -1 where all were.
 */
export function recount(core: Core, task: TaskNumber): InstanceNumber {
  const { plan, state } = core
  const start = plan.upStart[task] as number
  const end = plan.upStart[task + 1] as number
  state.counts.fill(0, task * 4, task * 4 + 4)
  state.total[task] = end - start
  state.decided[task] = 0
  let by = -1
  for (let edge = start; edge < end; edge++) {
    state.edge[edge] = EdgeState.open
    const upstream = plan.up[edge] as number
    if (isNews(core, upstream, edge)) by = countEdge(core, task, edge, upstream, by)
  }
  return by
}

/** Whether the upstream says anything on this edge yet. */
function isNews(core: Core, upstream: TaskNumber, edge: number): boolean {
  const { plan, state } = core
  if ((state.status[upstream] as number) >= FIRST_FINAL) return true
  const perInstance = (state.size[upstream] as number) >= 0 && state.wish[upstream] !== Wish.clear
  return perInstance && plan.edgeGated[edge] === 0
}

function countEdge(
  core: Core,
  task: TaskNumber,
  edge: number,
  upstream: TaskNumber,
  by: InstanceNumber,
): InstanceNumber {
  const { plan, state } = core
  const at = task * 4
  const mapped = (state.size[upstream] as number) >= 0
  if (mapped && plan.edgeEach[edge] === 1) return by
  // Left out by a branch: `kick` skips the task.
  if (isUnchosen(core, upstream, edge)) return by
  if (plan.edgeWhen[edge] !== null) {
    if ((state.status[task] as number) <= Status.expanded) askEdge(core, edge, task, upstream)
    return by
  }
  if (!mapped) {
    const outcome = state.status[upstream] === Status.unselected ? 0 : classOf(state, upstream)
    state.counts[at + outcome] = (state.counts[at + outcome] as number) + 1
    return outcome === 0 ? by : upstream
  }
  state.total[task] = (state.total[task] as number) + (state.size[upstream] as number) - 1
  let found = by
  for (let column = 0; column < 5; column++) {
    const outcome = TALLY_CLASS[column] as number
    const some = state.tally[upstream * 5 + column] as number
    state.counts[at + outcome] = (state.counts[at + outcome] as number) + some
    if (some > 0 && outcome !== 0) found = upstream
  }
  return found
}
/** Success, failed, skipped, upstream_failed, cancelled: the columns of the tally. */
const TALLY_CLASS = [0, 1, SKIPPED_CLASS, 3, 1]

/** Whether a branch that has chosen left this edge out. */
function isUnchosen({ plan, state }: Core, upstream: TaskNumber, edge: number): boolean {
  return plan.branch[upstream] !== null && (state.choices[upstream] as number) > 0 && state.kept[edge] === 0
}

/** Lets a task that is back at its beginning go as far as it can now. `by`: what `recount` returned. */
export function kick(core: Core, task: TaskNumber, by: InstanceNumber): void {
  const { plan, state } = core
  if (state.status[task] !== Status.pending || plan.handler[task] !== 0) return
  const branch = leftOutBy(core, task)
  if (branch >= 0) skipUnchosen(core, task, branch)
  else if (plan.upStart[task] === plan.upStart[task + 1]) proceed(core, task)
  else if (plan.rule[task] === ALWAYS && plan.mapping[task] !== Mapping.each) {
    apply(core, task, Verdict.run, -1, Why.rule)
  } else {
    consider(core, task, by, Why.rule)
    if (plan.mapping[task] === Mapping.each) followAgain(core, task)
  }
  causedByPerson(core, task)
}

/** The branch that chose other ways than to this task; -1: none. */
function leftOutBy(core: Core, task: TaskNumber): TaskNumber {
  const { plan, state } = core
  for (let edge = plan.upStart[task] as number; edge < (plan.upStart[task + 1] as number); edge++) {
    const upstream = plan.up[edge] as number
    if ((state.status[upstream] as number) >= FIRST_FINAL && isUnchosen(core, upstream, edge)) return upstream
  }
  return -1
}

/** The task it follows may have its instances already. */
function followAgain(core: Core, task: TaskNumber): void {
  const { plan, state } = core
  if (state.status[task] !== Status.pending) return
  const followed = plan.up[followedEdge(plan, task)] as number
  if ((state.size[followed] as number) >= 0 && state.wish[followed] !== Wish.clear) expandTask(core, task)
}

/** The same for one instance of a mapped task. */
export function kickInstance(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  const branch = leftOutBy(core, task)
  if (branch >= 0) settle(core, node, Status.skipped, Why.notTaken, branch)
  else if (plan.mapping[task] === Mapping.each) {
    const edge = followedEdge(plan, task)
    const upstream = plan.up[edge] as number
    const followed = (state.first[upstream] as number) + (state.index[node] as number)
    const known = plan.edgeGated[edge] === 0 || (state.status[upstream] as number) >= FIRST_FINAL
    if (known && (state.status[followed] as number) >= FIRST_FINAL) {
      followOne(core, edge, task, state.index[node] as number, followed)
    } else {
      // A verdict that needs no more than the shared upstreams fell for its siblings; it falls for this one, too.
      state.decided[task] = 0
      consider(core, task, -1, Why.rule)
    }
  } else proceed(core, node)
  causedByPerson(core, node)
}

function causedByPerson({ state }: Core, node: InstanceNumber): void {
  const status = state.status[node] as number
  if (status === Status.pending || status >= FIRST_FINAL) return
  state.causeType[node] = CauseCode.marked
  state.causeBy[node] = -1
}
