import { settle, succeed } from './core.ts'
import { Handler, Mapping } from './plan.ts'
import { kick, kickInstance, recount } from './reconsider.ts'
import { type Core, Why, whyCancelled } from './sink.ts'
import { EdgeState, FIRST_FINAL, type SchedulerState, Status, Wish } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/**
 * A person says how an instance ended, or that it shall run again (DESIGN 4.6): at any time of a run, after its end too,
 * which opens it again. What stands below is considered anew. Of a run that is being cancelled nothing is marked.
 */

/** How an instance ended; one that runs is stopped first. Of a mapped task: all its instances. What ran below stays. */
export function mark(core: Core, node: InstanceNumber, as: 'success' | 'failed'): void {
  const { state } = core
  if (state.wish[state.task[node] as number] === Wish.clear || !reopen(core, node)) return
  const wanted = as === 'success' ? Status.success : Status.failed
  const nodes = instancesOf(state, node).filter((one) => state.status[one] !== wanted)
  if (nodes.length === 0) return
  const changed = new Changes(core, node)
  for (const one of nodes) if ((state.status[one] as number) >= FIRST_FINAL) changed.takeBackMarked(one)
  changed.reconsider()
  for (const one of nodes) markOpen(core, one, as)
}

function markOpen(core: Core, node: InstanceNumber, as: 'success' | 'failed'): void {
  const { state } = core
  const status = state.status[node] as number
  if (status === Status.running) {
    const wish = state.wish[node] as number
    if (wish === Wish.none) core.sink.stop(node, Why.marked, -1)
    state.wish[node] = as === 'success' ? Wish.success : Wish.failed
  } else if (as === 'failed') settle(core, node, Status.failed, Why.marked, -1)
  else if (status !== Status.branching) {
    state.wish[node] = Wish.success
    succeed(core, node)
  }
}

/** Back to pending, to run again; what runs is stopped first. `downstream`: with all that depends on it. */
export function clear(core: Core, node: InstanceNumber, downstream: boolean): void {
  if (!reopen(core, node)) return
  const changed = new Changes(core, node)
  changed.takeBack(node, downstream)
  changed.reconsider()
}

/** An attempt that was stopped to be cleared has ended, or chosen its branch; what it held is given back. */
export function cleared(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  const whole = node === task || state.wish[task] === Wish.clear
  state.status[node] = whole && node !== task ? Status.unselected : Status.pending
  if (whole && node !== task && instancesOf(state, task).some((one) => isBusy(state, one))) return
  if (whole) {
    state.status[task] = Status.pending
    empty(core, task)
  } else emptyNode(state, node)
  core.sink.reset(whole ? task : node)
  const by = whole || plan.mapping[task] === Mapping.each ? recount(core, task) : -1
  if (whole && plan.mapping[task] !== Mapping.none) recountBelow(core, task)
  if (state.cancelled) settle(core, whole ? task : node, Status.cancelled, whyCancelled(state), -1)
  else if (whole) kick(core, task, by)
  else kickInstance(core, node)
}

/** False where there is nothing to mark. */
function reopen({ state }: Core, node: InstanceNumber): boolean {
  const none = node < 0 || node >= state.nodes || state.status[node] === Status.unselected
  if (none || (state.cancelled && !state.ended)) return false
  if (state.ended) {
    state.ended = false
    state.cancelled = false
    state.overrun = -1
    // What was asked before the end is not answered any more.
    state.questions = 0
  }
  return true
}

/** Those of a mapped task; any other node for itself. */
export function instancesOf(state: SchedulerState, node: InstanceNumber): InstanceNumber[] {
  const size = node === state.task[node] ? (state.size[node] as number) : -1
  return size < 0 ? [node] : Array.from({ length: size }, (_, index) => (state.first[node] as number) + index)
}

function recountBelow(core: Core, task: TaskNumber): void {
  const { plan, state } = core
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    const downstream = plan.down[place] as number
    if ((state.status[downstream] as number) < FIRST_FINAL) recount(core, downstream)
  }
}

/** What a mark takes back, and then looks at anew: all of it is taken back before any of it is decided again. */
class Changes {
  private readonly core: Core
  private readonly tasks = new Set<TaskNumber>()
  private readonly instances = new Set<InstanceNumber>()
  private readonly marked = new Set<TaskNumber>()

  /** `node`: what is marked. */
  constructor(core: Core, node: InstanceNumber) {
    this.core = core
    const { plan, state } = core
    const handled = state.handled && plan.handler[state.task[node] as number] === Handler.none
    // Handlers come after everything else, so they follow it again.
    if (handled) for (const handler of plan.handlers) this.tasks.add(handler)
    state.handled = false
  }

  /** A final instance that gets another end; below it, what did not run. */
  takeBackMarked(node: InstanceNumber): void {
    const { plan, state } = this.core
    this.marked.add(state.task[node] as number)
    takeBackNode(this.core, node)
    this.below(node, (next) => {
      // A mapped task with instances has its verdict, unless it has one for each of them.
      if ((state.size[next] as number) >= 0 && plan.mapping[next] !== Mapping.each) return []
      return instancesOf(state, next).filter((one) => DID_NOT_RUN.has(state.status[one] as number))
    })
  }

  takeBack(node: InstanceNumber, downstream: boolean): void {
    const { plan, state } = this.core
    const task = state.task[node] as number
    // Which instance chose what is not kept: a branch is cleared as a whole.
    const from = plan.branch[task] === null ? node : task
    this.add(from)
    this.below(from, (next, each) => (downstream || each ? [next] : []))
  }

  private add(node: InstanceNumber): boolean {
    const { state } = this.core
    const task = state.task[node] as number
    if (node === task) {
      if (this.tasks.has(task)) return false
      this.tasks.add(task)
      return true
    }
    if (this.tasks.has(task) || this.instances.has(node)) return false
    this.instances.add(node)
    return true
  }

  /** Adds what `taken` names of all that lies below. `each`: it follows an upstream that loses its instances. */
  private below(node: InstanceNumber, taken: (next: InstanceNumber, each: boolean) => readonly InstanceNumber[]): void {
    const { plan, state } = this.core
    const waiting = [node]
    for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
      const task = state.task[from] as number
      const end = plan.downStart[task + 1] as number
      for (let place = plan.downStart[task] as number; place < end; place++) {
        const downstream = plan.down[place] as number
        if (state.status[downstream] === Status.unselected) continue
        const follows = plan.edgeEach[plan.downEdge[place] as number] === 1
        const index = state.index[from] as number
        const own = follows && index >= 0 && index < (state.size[downstream] as number)
        const next = own ? (state.first[downstream] as number) + index : downstream
        for (const one of taken(next, follows && !own)) if (this.add(one)) waiting.push(one)
      }
    }
  }

  reconsider(): void {
    const { core, tasks, instances } = this
    const { plan, state } = core
    const touched = new Set<TaskNumber>(this.marked)
    for (const task of tasks) {
      touched.add(task)
      takeBackTask(core, task)
    }
    for (const node of instances) {
      touched.add(state.task[node] as number)
      if (!tasks.has(state.task[node] as number)) takeBackInstance(core, node)
    }
    const by = new Map<TaskNumber, InstanceNumber>()
    for (const task of touched) {
      if ((tasks.has(task) || plan.mapping[task] === Mapping.each) && !by.has(task)) by.set(task, recount(core, task))
      for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
        const downstream = plan.down[place] as number
        if (!by.has(downstream) && (state.status[downstream] as number) < FIRST_FINAL) {
          by.set(downstream, recount(core, downstream))
        }
      }
    }
    for (const task of [...tasks].sort((a, b) => a - b)) kick(core, task, by.get(task) ?? -1)
    for (const node of instances) {
      if (!tasks.has(state.task[node] as number) && state.status[node] === Status.pending) kickInstance(core, node)
    }
  }
}

const DID_NOT_RUN: ReadonlySet<number> = new Set([Status.skipped, Status.upstreamFailed, Status.cancelled])

function takeBackTask(core: Core, task: TaskNumber): void {
  const { state } = core
  const nodes = instancesOf(state, task)
  const runs = nodes.filter((node) => isBusy(state, node))
  if (runs.length > 0) {
    for (const node of nodes) if (node !== task && !runs.includes(node)) state.status[node] = Status.unselected
    for (const node of runs) stopToClear(core, node)
    state.wish[task] = Wish.clear
    return
  }
  const before = state.status[task] as number
  if (before >= FIRST_FINAL) state.open++
  state.status[task] = Status.pending
  for (const node of nodes) if (node !== task) state.status[node] = Status.unselected
  empty(core, task)
  if (before !== Status.pending) core.sink.reset(task)
}

/** Its attempt, or the answer to what it chose, is still to come. */
function isBusy(state: SchedulerState, node: InstanceNumber): boolean {
  return state.status[node] === Status.running || state.status[node] === Status.branching
}

function takeBackInstance(core: Core, node: InstanceNumber): void {
  const { state } = core
  const status = state.status[node] as number
  if (isBusy(state, node)) stopToClear(core, node)
  else if (status === Status.pending) emptyNode(state, node)
  else takeBackNode(core, node)
}

function stopToClear(core: Core, node: InstanceNumber): void {
  const { state } = core
  if (state.wish[node] === Wish.none && state.status[node] === Status.running) core.sink.stop(node, Why.cleared, -1)
  state.wish[node] = Wish.clear
}

/** An instance, or a task without any, is pending again; so is its task's own end. */
function takeBackNode(core: Core, node: InstanceNumber): void {
  const { plan, state } = core
  const task = state.task[node] as number
  const status = state.status[node] as number
  if (node !== task && status >= FIRST_FINAL) {
    const column = task * 5 + status - FIRST_FINAL
    state.tally[column] = (state.tally[column] as number) - 1
  }
  if ((state.status[task] as number) >= FIRST_FINAL) {
    state.open++
    if (node !== task) state.status[task] = Status.expanded
  }
  state.status[node] = Status.pending
  emptyNode(state, node)
  if (plan.branch[task] !== null && node === task) forgetChoice(core, task)
  core.sink.reset(node)
}

/** As before anything was known of it, its attempts' numbers aside. It has no instances any more. */
function empty(core: Core, task: TaskNumber): void {
  const { plan, state } = core
  emptyNode(state, task)
  state.size[task] = -1
  state.first[task] = -1
  state.tally.fill(0, task * 5, task * 5 + 5)
  state.edge.fill(EdgeState.open, plan.upStart[task], plan.upStart[task + 1])
  forgetChoice(core, task)
}

function emptyNode(state: SchedulerState, node: InstanceNumber): void {
  state.failures[node] = 0
  state.wish[node] = Wish.none
  state.interrupted[node] = 0
  state.own[node] = 0
}

function forgetChoice({ plan, state }: Core, task: TaskNumber): void {
  state.choices[task] = 0
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    state.kept[plan.downEdge[place] as number] = 0
  }
}
