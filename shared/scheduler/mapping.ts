import { considerInstances, followedEdge, followOne, settle } from './core.ts'
import { Mapping } from './plan.ts'
import { expandTask, proceed } from './proceed.ts'
import { answered, type Core, Why } from './sink.ts'
import { addInstances, FIRST_FINAL, Status, Wish } from './state.ts'
import type { TaskNumber } from './types.ts'

/** The instances of a mapped task are known (DESIGN 4.4). Late answers, after a cancel say, change nothing. */
export function expanded(core: Core, task: TaskNumber, count: number, failed: boolean): void {
  const { plan, state } = core
  answered(core)
  if (state.status[task] !== Status.expanding) return
  const follows = plan.mapping[task] === Mapping.each
  const followed = follows ? (plan.up[followedEdge(plan, task)] as number) : -1
  const size = follows ? (state.size[followed] as number) : count
  if (failed) settle(core, task, Status.failed, Why.expression, -1)
  else if (size === 0) settle(core, task, Status.skipped, Why.emptyMap, -1)
  else {
    const first = addInstances(state, task, size)
    state.status[task] = Status.expanded
    for (let node = first; node < first + size; node++) {
      state.causeType[node] = state.causeType[task] as number
      state.causeBy[node] = state.causeBy[task] as number
    }
    announce(core, task, size)
    if (follows) join(core, task, followed)
    else for (let node = first; node < first + size; node++) proceed(core, node)
  }
}

/** Downstreams see as many upstreams as there are instances; those that follow one by one expand with it. */
function announce(core: Core, task: TaskNumber, size: number): void {
  const { plan, state } = core
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    const downstream = plan.down[place] as number
    const edge = plan.downEdge[place] as number
    // One that waits to be cleared looks again itself.
    if ((state.status[downstream] as number) >= FIRST_FINAL || state.wish[downstream] === Wish.clear) continue
    if (plan.edgeEach[edge] === 1) expandTask(core, downstream)
    else if (plan.edgeGated[edge] === 0) state.total[downstream] = (state.total[downstream] as number) + size - 1
  }
}

/** Catches up on instances that ended before their followers existed, and on verdicts that need none of them. */
function join(core: Core, task: TaskNumber, followed: TaskNumber): void {
  const { plan, state } = core
  const edge = followedEdge(plan, task)
  const waitsForAll = plan.edgeGated[edge] === 1 && state.status[followed] === Status.expanded
  for (let index = 0; index < (state.size[task] as number); index++) {
    const other = (state.first[followed] as number) + index
    if (!waitsForAll && (state.status[other] as number) >= FIRST_FINAL) followOne(core, edge, task, index, other)
  }
  considerInstances(core, task, followed, Why.rule)
}
