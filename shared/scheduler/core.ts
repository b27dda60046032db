import { Mapping, type Plan } from './plan.ts'
import { proceed } from './proceed.ts'
import { Verdict, verdictOf } from './rules.ts'
import { addNode, ask, type Core, Why } from './sink.ts'
import { CauseCode, EdgeState, FIRST_FINAL, type SchedulerState, Status, Wish } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/** 0 success, 1 failed or cancelled, 2 skipped, 3 upstream_failed: the columns of the rules. By status. */
const CLASS = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 1)
export const SKIPPED_CLASS = 2

export function classOf(state: SchedulerState, node: InstanceNumber): number {
  return CLASS[state.status[node] as number] as number
}

/** Gives a node its final state. Its downstreams learn of it in `drain`. */
export function settle(core: Core, node: InstanceNumber, status: number, why: Why, by: InstanceNumber): void {
  const { state } = core
  state.status[node] = status
  if (node < core.plan.count) state.open--
  core.sink.settle(node, why, by)
  addNode(core.settled, node)
}

/** A success, once its branch is known. One that a person marked says so: `wish` remembers it until then. */
export function succeed(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  if (plan.branch[task] === null || state.cancelled) {
    settleSuccess(core, node)
    return
  }
  state.status[node] = Status.branching
  ask(core, 'branch', task, state.index[node] as number, -1)
}

/** A success of its own, or because a person said so. */
export function settleSuccess(core: Core, node: InstanceNumber): void {
  const { state } = core
  const marked = state.wish[node] === Wish.success
  state.wish[node] = Wish.none
  settle(core, node, Status.success, marked ? Why.marked : Why.none, -1)
}

/** Tells every downstream of every settled node, until nothing more follows. */
export function drain(core: Core): void {
  const { settled, plan, state } = core
  for (let at = 0; at < settled.size; at++) {
    const node = settled.nodes[at] as number
    state.lastSettled = node
    noteFailure(core, node)
    if (node >= plan.count) instanceSettled(core, node)
    else if ((state.size[node] as number) >= 0) mappedSettled(core, node)
    else taskSettled(core, node)
  }
  settled.size = 0
}

function noteFailure({ plan, state }: Core, node: InstanceNumber): void {
  if (!plan.stopAtFailure || state.status[node] !== Status.failed || state.stoppedBy >= 0) return
  const task = state.task[node] as number
  if (plan.required[task] === 1 && plan.handler[task] === 0 && !state.cancelled) state.stoppedBy = node
}

function taskSettled(core: Core, task: TaskNumber): void {
  const { plan, state } = core
  const end = plan.downStart[task + 1] as number
  const outcome = classOf(state, task)
  for (let place = plan.downStart[task] as number; place < end; place++) {
    const downstream = plan.down[place] as number
    if ((state.status[downstream] as number) > Status.expanded) continue
    const edge = plan.downEdge[place] as number
    if (plan.edgeWhen[edge] === null) count(core, downstream, outcome, task, Why.rule)
    else {
      // Where the rule has said run without this edge, there is nothing to follow and nothing to ask.
      if (plan.edgeEach[edge] === 1) consider(core, downstream, task, Why.rule)
      if ((state.status[downstream] as number) <= Status.expanded) askEdge(core, edge, downstream, task)
    }
  }
}

/** A mapped task with instances is done: its gated edges learn of them all at once. */
function mappedSettled(core: Core, task: TaskNumber): void {
  const { plan, state } = core
  const chosen = plan.branch[task] !== null && (state.choices[task] as number) > 0
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    const downstream = plan.down[place] as number
    const edge = plan.downEdge[place] as number
    if ((state.status[downstream] as number) > Status.expanded || plan.edgeGated[edge] === 0) continue
    if (chosen && state.kept[edge] === 0) skipUnchosen(core, downstream, task)
    else if (plan.edgeEach[edge] === 1) followAll(core, edge, downstream, task)
    else if (plan.edgeWhen[edge] === null) countInstances(core, downstream, task, false)
    else askEdge(core, edge, downstream, task)
  }
}

function instanceSettled(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  const outcome = classOf(state, node)
  const column = task * 5 + (state.status[node] as number) - FIRST_FINAL
  state.tally[column] = (state.tally[column] as number) + 1
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    const downstream = plan.down[place] as number
    const edge = plan.downEdge[place] as number
    if ((state.status[downstream] as number) > Status.expanded || plan.edgeGated[edge] === 1) continue
    if (plan.edgeEach[edge] === 0) count(core, downstream, outcome, node, Why.rule)
    else if (state.status[downstream] === Status.expanded) {
      followOne(core, edge, downstream, state.index[node] as number, node)
    }
  }
  if (state.status[node] === Status.failed && plan.failFast[task] === 1) stopSiblings(core, task, node)
  settleMapped(core, task)
}

/** A mapped task's own state is the worst of its instances', once all are final. */
function settleMapped(core: Core, task: TaskNumber): void {
  const { state } = core
  const at = task * 5
  let done = 0
  for (let column = at; column < at + 5; column++) done += state.tally[column] as number
  if (done < (state.size[task] as number)) return
  for (const status of WORST_FIRST) {
    if ((state.tally[at + status - FIRST_FINAL] as number) === 0) continue
    let by = -1
    if (status !== Status.success) {
      const first = state.first[task] as number
      by = state.status.indexOf(status, first)
    }
    settle(core, task, status, by < 0 ? Why.none : Why.instances, by)
    return
  }
}
const WORST_FIRST = [Status.failed, Status.upstreamFailed, Status.cancelled, Status.success, Status.skipped]

/** failFast: what has not started is cancelled, what runs is asked to stop. */
function stopSiblings(core: Core, task: TaskNumber, by: InstanceNumber): void {
  const { state } = core
  const first = state.first[task] as number
  for (let node = first; node < first + (state.size[task] as number); node++) {
    withdraw(core, node, Why.failFast, by)
  }
}

/** Cancels a node that has not started; asks a running one to stop. Final ones stay as they are. */
export function withdraw(core: Core, node: InstanceNumber, why: Why, by: InstanceNumber): void {
  const { state } = core
  const status = state.status[node] as number
  if (status >= FIRST_FINAL || status === Status.expanded) return
  if (state.wish[node] === Wish.clear) return
  if (status === Status.branching) settleSuccess(core, node)
  else if (status !== Status.running) settle(core, node, Status.cancelled, why, by)
  else if (state.wish[node] === Wish.none) {
    state.wish[node] = Wish.stop
    core.sink.stop(node, why, by)
  }
}

/** Skips what a branch did not choose, whatever its rule, unless its verdict fell before. */
export function skipUnchosen(core: Core, task: TaskNumber, by: InstanceNumber): void {
  settleUndecided(core, task, Status.skipped, Why.notTaken, by)
}

/** Settles a task, or those of its instances, whose rule has no verdict yet. */
export function settleUndecided(core: Core, task: TaskNumber, status: number, why: Why, by: InstanceNumber): void {
  const { plan, state } = core
  const now = state.status[task]
  const unexpanded = now === Status.expanding && plan.mapping[task] === Mapping.each
  if (now === Status.pending || unexpanded) settle(core, task, status, why, by)
  else if (now === Status.expanded) {
    const first = state.first[task] as number
    for (let node = first; node < first + (state.size[task] as number); node++) {
      if (state.status[node] === Status.pending) settle(core, node, status, why, by)
    }
  }
}

export function askEdge(core: Core, edge: number, downstream: TaskNumber, upstream: TaskNumber): void {
  core.state.edge[edge] = EdgeState.asked
  ask(core, 'edge', downstream, -1, upstream)
}

export function count(core: Core, task: TaskNumber, outcome: number, by: InstanceNumber, why: Why): void {
  const at = task * 4 + outcome
  core.state.counts[at] = (core.state.counts[at] as number) + 1
  consider(core, task, by, why)
}

/** Counts all instances of a mapped upstream; `asSkipped`: its edge's condition is false. */
export function countInstances(core: Core, task: TaskNumber, upstream: TaskNumber, asSkipped: boolean): void {
  const { state } = core
  const size = state.size[upstream] as number
  state.total[task] = (state.total[task] as number) + size - 1
  for (let column = 0; column < 5; column++) {
    const outcome = asSkipped ? SKIPPED_CLASS : (CLASS[FIRST_FINAL + column] as number)
    const at = task * 4 + outcome
    state.counts[at] = (state.counts[at] as number) + (state.tally[upstream * 5 + column] as number)
  }
  consider(core, task, upstream, asSkipped ? Why.edgeFalse : Why.rule)
}

function verdictFor(core: Core, task: TaskNumber, own: number): Verdict {
  const { counts, total } = core.state
  const at = task * 4
  return verdictOf(
    core.plan.rule[task] as number,
    (counts[at] as number) + (own === 1 ? 1 : 0),
    (counts[at + 1] as number) + (own === 2 ? 1 : 0),
    (counts[at + 2] as number) + (own === 3 ? 1 : 0),
    (counts[at + 3] as number) + (own === 4 ? 1 : 0),
    total[task] as number,
  )
}

/** Looks whether the task's rule has its verdict now, after news from upstream `by`. */
export function consider(core: Core, task: TaskNumber, by: InstanceNumber, why: Why): void {
  const { plan, state } = core
  const status = state.status[task] as number
  if (plan.mapping[task] === Mapping.each) {
    if (status === Status.expanded) considerInstances(core, task, by, why)
    else if (status <= Status.expanding) considerUnexpanded(core, task, by, why)
    return
  }
  if (status !== Status.pending) return
  const verdict = verdictFor(core, task, 0)
  if (verdict !== Verdict.wait) apply(core, task, verdict, by, why)
}

/** Before its instances exist, a following task as a whole can only fall away. */
function considerUnexpanded(core: Core, task: TaskNumber, by: InstanceNumber, why: Why): void {
  const { plan, state } = core
  const verdict = verdictFor(core, task, 0)
  if (verdict === Verdict.wait) return
  if (verdict !== Verdict.run) apply(core, task, verdict, by, why)
  else if ((state.status[plan.up[followedEdge(plan, task)] as number] as number) >= FIRST_FINAL) {
    const followed = plan.up[followedEdge(plan, task)] as number
    if ((state.size[followed] as number) < 0) settle(core, task, Status.skipped, Why.emptyMap, followed)
  }
}

export function followedEdge(plan: Plan, task: TaskNumber): number {
  let edge = plan.upStart[task] as number
  while (plan.edgeEach[edge] === 0) edge++
  return edge
}

/** Shared counts changed: instances wait by the outcome of the one they follow, so five verdicts cover them all. */
export function considerInstances(core: Core, task: TaskNumber, by: InstanceNumber, why: Why): void {
  const { state } = core
  const verdicts: Verdict[] = []
  let fresh = 0
  for (let own = 0; own <= 4; own++) {
    const verdict = verdictFor(core, task, own)
    verdicts.push(verdict)
    if (verdict !== Verdict.wait) fresh |= 1 << own
  }
  fresh &= ~(state.decided[task] as number)
  if (fresh === 0) return
  state.decided[task] = (state.decided[task] as number) | fresh
  const first = state.first[task] as number
  for (let node = first; node < first + (state.size[task] as number); node++) {
    const own = state.own[node] as number
    if (state.status[node] !== Status.pending || (fresh & (1 << own)) === 0) continue
    apply(core, node, verdicts[own] as Verdict, by, why)
  }
}

/** Instance `index` of a following task learns how the one it follows ended. */
export function followOne(core: Core, edge: number, task: TaskNumber, index: number, followed: InstanceNumber): void {
  const { plan, state } = core
  const node = (state.first[task] as number) + index
  if (state.status[node] !== Status.pending) return
  if (plan.edgeWhen[edge] !== null) ask(core, 'edge', task, index, state.task[followed] as number)
  else setOwn(core, node, classOf(state, followed), followed, Why.rule)
}

function followAll(core: Core, edge: number, task: TaskNumber, followed: TaskNumber): void {
  const { state } = core
  if (state.status[task] !== Status.expanded) return
  for (let index = 0; index < (state.size[task] as number); index++) {
    followOne(core, edge, task, index, (state.first[followed] as number) + index)
  }
}

export function setOwn(core: Core, node: InstanceNumber, outcome: number, by: InstanceNumber, why: Why): void {
  const { state } = core
  state.own[node] = outcome + 1
  const verdict = verdictFor(core, state.task[node] as number, outcome + 1)
  if (verdict !== Verdict.wait) apply(core, node, verdict, by, why)
}

export function apply(core: Core, node: InstanceNumber, verdict: Verdict, by: InstanceNumber, why: Why): void {
  const { state } = core
  state.causeBy[node] = by
  state.causeType[node] = by < 0 ? CauseCode.begin : CauseCode.dependency
  if (verdict === Verdict.run) proceed(core, node)
  else settle(core, node, verdict === Verdict.skip ? Status.skipped : Status.upstreamFailed, why, by)
}
