import { createHeap, type KeyHeap, popKey, pushKey } from './heap.ts'
import { addNode, type Core } from './sink.ts'
import { CauseCode, type SchedulerState, Status } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/** A key orders by rank, then index: both are exact in a double. At most 16 million instances a task. */
export const INDEX_SPAN = 2 ** 24

/** Everything but slots is there: the node waits in the order of starts. Its cause so far stands in the state. */
export function makeReady(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  state.status[node] = Status.queued
  state.readyAt[node] = state.now
  const pool = plan.pool[task] as number
  const index = state.index[node] as number
  const key = (plan.rank[task] as number) * INDEX_SPAN + Math.max(index, 0)
  pushKey(state.ready[pool < 0 ? plan.poolNames.length : pool] as KeyHeap, key)
  addNode(core.readied, node)
}

/**
 * Starts what may start, in order, and reports what became ready but has to wait. Within a pool nobody overtakes: while
 * the first in line needs more of it than is free, those behind wait too, so large uses do not starve.
 */
export function dispatch(core: Core): void {
  const { state, readied } = core
  if (state.held) {
    readied.size = 0
    return
  }
  while (state.questions === 0 && state.slotsUsed < state.slotLimit) {
    const heap = bestHeap(core)
    if (heap === null) break
    start(core, nodeOf(core, popKey(heap)))
  }
  for (let at = 0; at < readied.size; at++) {
    const node = readied.nodes[at] as number
    if (state.status[node] === Status.queued) core.sink.queue(node)
  }
  readied.size = 0
}

function nodeOf(core: Core, key: number): InstanceNumber {
  const rank = Math.floor(key / INDEX_SPAN)
  const task = core.plan.byRank[rank] as number
  const first = core.state.first[task] as number
  const index = key - rank * INDEX_SPAN
  // A clearing may have left a key behind whose instance is no more; a mapped task itself is never queued.
  return first < 0 || index >= (core.state.size[task] as number) ? task : first + index
}

/** The heap whose head comes first among those that can start now, or null. */
function bestHeap(core: Core): KeyHeap | null {
  const { plan, state } = core
  const pools = plan.poolNames.length
  let best: KeyHeap | null = null
  for (let pool = 0; pool <= pools; pool++) {
    const heap = state.ready[pool] as KeyHeap
    tidy(core, heap)
    if (heap.size === 0) continue
    const key = heap.keys[0] as number
    if (best !== null && (best.keys[0] as number) < key) continue
    if (pool < pools) {
      const use = plan.poolUse[plan.byRank[Math.floor(key / INDEX_SPAN)] as number] as number
      if ((state.poolLimit[pool] as number) - (state.poolUsed[pool] as number) < use) continue
    }
    best = heap
  }
  return best
}

/** Takes from the top what no longer waits, and parks what its task's maxParallel holds back. */
function tidy(core: Core, heap: KeyHeap): void {
  const { plan, state } = core
  while (heap.size > 0) {
    const key = heap.keys[0] as number
    const node = nodeOf(core, key)
    const task = state.task[node] as number
    const most = plan.maxParallel[task] as number
    if (state.status[node] !== Status.queued) {
      popKey(heap)
      if (most > 0) unpark(core, task)
    } else if (most > 0 && (state.parallel[task] as number) >= most) {
      popKey(heap)
      let parked = state.parked.get(task)
      if (parked === undefined) {
        parked = createHeap(16)
        state.parked.set(task, parked)
      }
      pushKey(parked, key)
    } else return
  }
}

/** Puts one parked instance back in line: a place came free, or the one that was to take it went away. */
function unpark(core: Core, task: TaskNumber): void {
  const { plan, state } = core
  const parked = state.parked.get(task)
  if (parked === undefined || parked.size === 0) return
  const pool = plan.pool[task] as number
  pushKey(state.ready[pool < 0 ? plan.poolNames.length : pool] as KeyHeap, popKey(parked))
}

/** Starts a queued node whether or not there is room: the caller has looked, or follows a journal. */
export function start(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  const pool = plan.pool[task] as number
  bindCause(core, node, task, pool)
  state.status[node] = Status.running
  state.interrupted[node] = 0
  state.attempt[node] = (state.attempt[node] as number) + 1
  state.slotsUsed++
  if (pool >= 0) state.poolUsed[pool] = (state.poolUsed[pool] as number) + (plan.poolUse[task] as number)
  state.parallel[task] = (state.parallel[task] as number) + 1
  core.sink.start(node)
}

/**
 * The binding cause: the last satisfied of dependency, retry timer, maxParallel, pool, slot; ties go to the later of
 * these. A place that the instance itself gave back before a retry is not what it waited for. What stood in line behind
 * a larger use of its pool waited for the release that let the line move.
 */
function bindCause(core: Core, node: InstanceNumber, task: TaskNumber, pool: number): void {
  const { plan, state } = core
  let since = state.readyAt[node] as number
  if ((plan.maxParallel[task] as number) > 0) {
    const at = state.parallelFreeAt[task] as number
    const by = state.parallelFreeBy[task] as number
    if (at >= since && by !== node) {
      since = at
      state.causeType[node] = CauseCode.maxParallel
      state.causeBy[node] = by
    }
  }
  if (pool >= 0) {
    const times = state.poolFreeAt[pool] as Float64Array
    const inLine = since < state.now && (times[0] as number) === state.now
    const level = inLine ? 0 : (plan.poolUse[task] as number)
    const at = times[level] as number
    const by = (state.poolFreeBy[pool] as Int32Array)[level] as number
    if (at >= since && by !== node) {
      since = at
      state.causeType[node] = CauseCode.pool
      state.causeBy[node] = by
    }
  }
  if (state.slotFreeAt >= since && state.slotFreeBy !== node) {
    state.causeType[node] = CauseCode.slot
    state.causeBy[node] = state.slotFreeBy
  }
}

/** Gives back what a running node held. */
export function release(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  if (state.slotsUsed-- === state.slotLimit) {
    state.slotFreeAt = state.now
    state.slotFreeBy = node
  }
  const pool = plan.pool[task] as number
  if (pool >= 0) {
    const before = (state.poolLimit[pool] as number) - (state.poolUsed[pool] as number)
    state.poolUsed[pool] = (state.poolUsed[pool] as number) - (plan.poolUse[task] as number)
    markPoolRise(state, pool, before, node)
  }
  const most = plan.maxParallel[task] as number
  const parallel = state.parallel[task] as number
  state.parallel[task] = parallel - 1
  if (most === 0) return
  if (parallel === most) {
    state.parallelFreeAt[task] = state.now
    state.parallelFreeBy[task] = node
  }
  unpark(core, task)
}

/** Remembers who lifted the free slots of a pool through each level above `before`; at level 0, who came last. */
function markPoolRise(state: SchedulerState, pool: number, before: number, by: InstanceNumber): void {
  const times = state.poolFreeAt[pool] as Float64Array
  times[0] = state.now
  ;(state.poolFreeBy[pool] as Int32Array)[0] = by
  const after = Math.min((state.poolLimit[pool] as number) - (state.poolUsed[pool] as number), times.length - 1)
  for (let level = Math.max(1, before + 1); level <= after; level++) {
    times[level] = state.now
    ;(state.poolFreeBy[pool] as Int32Array)[level] = by
  }
}

/** Other runs of the workspace took or gave back slots. Nothing that runs is stopped by it. */
export function setCapacity(core: Core, slots: number, pools: ReadonlyMap<string, number>): void {
  const { plan, state } = core
  const full = state.slotsUsed >= state.slotLimit
  state.slotLimit = Math.min(plan.slots, slots)
  if (full && state.slotsUsed < state.slotLimit) {
    state.slotFreeAt = state.now
    state.slotFreeBy = -1
  }
  plan.poolNames.forEach((name, pool) => {
    const before = (state.poolLimit[pool] as number) - (state.poolUsed[pool] as number)
    state.poolLimit[pool] = Math.min(plan.poolSize[pool] as number, pools.get(name) ?? Number.POSITIVE_INFINITY)
    markPoolRise(state, pool, before, -1)
  })
}
