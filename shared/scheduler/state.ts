import type { InstanceState } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import { copyHeap, createHeap, type KeyHeap } from './heap.ts'
import { Mapping, type Plan } from './plan.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/** What a node is doing. Final codes are the largest; `unselected` has no state at all. */
export const Status = {
  pending: 0,
  asking: 1,
  expanding: 2,
  /** A mapped task whose instances exist: its own state is theirs. */
  expanded: 3,
  queued: 4,
  running: 5,
  /** Succeeded, holding no slot, until its branch is known. */
  branching: 6,
  retrying: 7,
  success: 8,
  failed: 9,
  skipped: 10,
  upstreamFailed: 11,
  cancelled: 12,
  unselected: 13,
} as const
export const FIRST_FINAL: number = Status.success

export const CauseCode = {
  begin: 0,
  dependency: 1,
  retry: 2,
  resume: 3,
  maxParallel: 4,
  pool: 5,
  slot: 6,
  /** A person cleared it. */
  marked: 7,
} as const

export const EdgeState = { open: 0, asked: 1, done: 2 } as const

/**
 * Asked of a running instance: stop it, take its end as what a person marked, or clear it once it has ended. Of a mapped
 * task: clear it with its last running instance.
 */
export const Wish = { none: 0, stop: 1, success: 2, failed: 3, clear: 4 } as const

/** Per node. Nodes 0 to count - 1 are the tasks; the instances of mapped tasks follow in blocks. */
interface NodeArrays {
  status: Uint8Array
  task: Int32Array
  /** -1 unless a mapped task's instance. */
  index: Int32Array
  attempt: Int32Array
  failures: Int32Array
  readyAt: Float64Array
  until: Float64Array
  causeType: Uint8Array
  /** The node that brought it about; -1: none, or another run. */
  causeBy: Int32Array
  wish: Uint8Array
  /** 1: its attempt ran when the run was interrupted. */
  interrupted: Uint8Array
  /** Of an instance that follows another: that one's outcome as 1 + class (see `classOf`), 0 while open. */
  own: Uint8Array
}

/** All that changes during a run. Owned by the caller, mutated by `step`, copied by `cloneState`. */
export interface SchedulerState extends NodeArrays {
  now: Micros
  nodes: number
  /** Tasks without a final state. */
  open: number
  begun: boolean
  cancelled: boolean
  /** The run's own timeout that cancelled it; -1: none. */
  overrun: Micros
  ended: boolean
  /** Everything else is final, so that the pipeline's handlers had their turn. */
  handled: boolean
  /** The first required failure of a run that stops at one; -1: none. */
  stoppedBy: InstanceNumber
  /** The node that was settled last: what the handlers follow. */
  lastSettled: InstanceNumber
  /** While true nothing starts: `restore` starts what the journal says instead. */
  held: boolean
  /** Asked and not answered: nothing starts before, so that what becomes ready at one instant starts in order. */
  questions: number
  /** Per task: upstreams by class (4 a task: success, failed, skipped, upstream_failed). */
  counts: Int32Array
  /** Per task: upstreams in all. */
  total: Int32Array
  /** Per task: its own instances' final states (5 a task, in the order of the final codes). */
  tally: Int32Array
  /** Per mapped task: its first instance and how many; -1 before it is expanded. */
  first: Int32Array
  size: Int32Array
  /** Per mapped task: the instances it had last, also while a clearing has taken them: their attempts are counted on. */
  lastFirst: Int32Array
  lastSize: Int32Array
  /** Per mapped task: instances running, and when and by whose end the last place under maxParallel came free. */
  parallel: Int32Array
  parallelFreeAt: Float64Array
  parallelFreeBy: Int32Array
  /** Per task that follows another: classes of `own` (as bits) whose waiting instances have their verdict. */
  decided: Uint8Array
  edge: Uint8Array
  /** Per edge of a task that branches: whether it, or some instance of it, left it open. */
  kept: Uint8Array
  /** Per task that branches: how many instances chose; 1 for one that is not mapped. */
  choices: Int32Array
  /** Ready nodes by rank, one heap for each pool and a last one for those without. */
  ready: KeyHeap[]
  /** Ready, but their task runs as many as it may. */
  parked: Map<TaskNumber, KeyHeap>
  slotLimit: number
  slotsUsed: number
  slotFreeAt: Micros
  slotFreeBy: InstanceNumber
  poolLimit: Int32Array
  poolUsed: Int32Array
  /** Per pool and level: when and by whose end the free slots last rose through that level. */
  poolFreeAt: Float64Array[]
  poolFreeBy: Int32Array[]
}

/** The state before `begin`. Independent of the plan's lifetime, but only valid together with it. */
export function createState(plan: Plan): SchedulerState {
  const { count } = plan
  const tasks = () => new Int32Array(count)
  const edges = plan.up.length
  return {
    ...createNodes(plan),
    now: 0,
    nodes: count,
    open: plan.selected.reduce((sum, one) => sum + one, 0),
    begun: false,
    cancelled: false,
    overrun: -1,
    ended: false,
    handled: false,
    stoppedBy: -1,
    lastSettled: -1,
    held: false,
    questions: 0,
    counts: new Int32Array(count * 4),
    total: tasks().map((_, task) => (plan.upStart[task + 1] as number) - (plan.upStart[task] as number)),
    tally: new Int32Array(count * 5),
    first: tasks().fill(-1),
    size: tasks().fill(-1),
    lastFirst: tasks().fill(-1),
    lastSize: tasks(),
    parallel: tasks(),
    parallelFreeAt: new Float64Array(count).fill(-1),
    parallelFreeBy: tasks().fill(-1),
    decided: new Uint8Array(count),
    edge: new Uint8Array(edges),
    kept: new Uint8Array(edges),
    choices: tasks(),
    ready: Array.from({ length: plan.poolNames.length + 1 }, () => createHeap(16)),
    parked: new Map(),
    slotLimit: plan.slots,
    slotsUsed: 0,
    slotFreeAt: -1,
    slotFreeBy: -1,
    poolLimit: plan.poolSize.slice(),
    poolUsed: new Int32Array(plan.poolNames.length),
    poolFreeAt: Array.from(plan.poolLevels, (levels) => new Float64Array(levels + 1).fill(-1)),
    poolFreeBy: Array.from(plan.poolLevels, (levels) => new Int32Array(levels + 1).fill(-1)),
  }
}

function createNodes({ count, selected }: Plan): NodeArrays {
  return {
    status: Uint8Array.from(selected, (own) => (own === 1 ? Status.pending : Status.unselected)),
    task: Int32Array.from({ length: count }, (_, task) => task),
    index: new Int32Array(count).fill(-1),
    attempt: new Int32Array(count),
    failures: new Int32Array(count),
    readyAt: new Float64Array(count),
    until: new Float64Array(count),
    causeType: new Uint8Array(count),
    causeBy: new Int32Array(count).fill(-1),
    wish: new Uint8Array(count),
    interrupted: new Uint8Array(count),
    own: new Uint8Array(count),
  }
}

/** An independent copy: continuing it changes nothing in the original. */
export function cloneState(state: SchedulerState): SchedulerState {
  const copy: Record<string, unknown> = { ...state }
  for (const [name, value] of Object.entries(state)) {
    if (ArrayBuffer.isView(value)) copy[name] = (value as Int32Array).slice()
  }
  return {
    ...(copy as unknown as SchedulerState),
    ready: state.ready.map(copyHeap),
    parked: new Map([...state.parked].map(([task, heap]) => [task, copyHeap(heap)])),
    poolFreeAt: state.poolFreeAt.map((times) => times.slice()),
    poolFreeBy: state.poolFreeBy.map((nodes) => nodes.slice()),
  }
}

/**
 * Makes `state` equal to `fresh` (an untouched `createState` of the same plan) without allocating: simulations run
 * thousands of times over one state.
 */
export function resetState(state: SchedulerState, fresh: SchedulerState): void {
  const count = fresh.nodes
  for (const name of NODE_ARRAYS) {
    const values = state[name]
    if (values.length === count) values.set(fresh[name])
    else values.subarray(0, count).set(fresh[name])
  }
  for (const name of OTHER_ARRAYS) state[name].set(fresh[name])
  for (const heap of state.ready) heap.size = 0
  for (let pool = 0; pool < state.poolFreeAt.length; pool++) {
    state.poolFreeAt[pool]?.fill(-1)
    state.poolFreeBy[pool]?.fill(-1)
  }
  state.parked.clear()
  for (const name of SCALARS) assign(state, fresh, name)
}

function assign<K extends (typeof SCALARS)[number]>(state: SchedulerState, fresh: SchedulerState, name: K): void {
  state[name] = fresh[name]
}

const NODE_ARRAYS = [
  'status',
  'task',
  'index',
  'attempt',
  'failures',
  'readyAt',
  'until',
  'causeType',
  'causeBy',
  'wish',
  'interrupted',
  'own',
] as const satisfies readonly (keyof NodeArrays)[]
const OTHER_ARRAYS = [
  'counts',
  'total',
  'tally',
  'first',
  'size',
  'lastFirst',
  'lastSize',
  'parallel',
  'parallelFreeAt',
  'parallelFreeBy',
  'decided',
  'edge',
  'kept',
  'choices',
  'poolLimit',
  'poolUsed',
] as const
const SCALARS = [
  'now',
  'nodes',
  'open',
  'begun',
  'cancelled',
  'overrun',
  'ended',
  'handled',
  'stoppedBy',
  'lastSettled',
  'held',
  'questions',
  'slotLimit',
  'slotsUsed',
  'slotFreeAt',
  'slotFreeBy',
] as const

/**
 * Appends `size` instances of a mapped task, all pending, and returns the first's number. Behind them, without a state,
 * come those that it had before a clearing and has no more: should they come back, their attempts are counted on.
 */
export function addInstances(state: SchedulerState, task: TaskNumber, size: number): InstanceNumber {
  const first = state.nodes
  const known = state.lastSize[task] as number
  const room = Math.max(size, known)
  state.nodes = first + room
  growNodes(state, state.nodes)
  for (let index = 0; index < room; index++) {
    state.task[first + index] = task
    state.index[first + index] = index
  }
  state.status.fill(Status.pending, first, first + size)
  state.status.fill(Status.unselected, first + size, state.nodes)
  for (const name of ['attempt', 'failures', 'causeType', 'wish', 'interrupted', 'own'] as const) {
    state[name].fill(0, first, state.nodes)
  }
  const before = state.lastFirst[task] as number
  for (let index = 0; index < known; index++) {
    state.attempt[first + index] = state.attempt[before + index] as number
  }
  state.lastFirst[task] = first
  state.lastSize[task] = room
  state.first[task] = first
  state.size[task] = size
  return first
}

function growNodes(state: SchedulerState, nodes: number): void {
  if (nodes <= state.status.length) return
  const capacity = Math.max(nodes, state.status.length * 2)
  const grown = <A extends Uint8Array | Int32Array | Float64Array>(values: A, larger: A): A => {
    larger.set(values)
    return larger
  }
  for (const name of ['status', 'causeType', 'wish', 'interrupted', 'own'] as const) {
    state[name] = grown(state[name], new Uint8Array(capacity))
  }
  for (const name of ['task', 'index', 'attempt', 'failures', 'causeBy'] as const) {
    state[name] = grown(state[name], new Int32Array(capacity))
  }
  for (const name of ['readyAt', 'until'] as const) {
    state[name] = grown(state[name], new Float64Array(capacity))
  }
}

export function taskOf(state: SchedulerState, instance: InstanceNumber): TaskNumber {
  return state.task[instance] as number
}

/** The instance's index, or null unless its task is mapped. */
export function indexOf(state: SchedulerState, instance: InstanceNumber): number | null {
  const index = state.index[instance] as number
  return index < 0 ? null : index
}

/**
 * The handle of `task[index]`; with `index` null, of an unmapped task or a mapped task as a whole. Undefined where a
 * mapped task has no such instance (yet).
 */
export function instanceOf(state: SchedulerState, task: TaskNumber, index: number | null): InstanceNumber | undefined {
  if (index === null) return task
  const size = state.size[task] as number
  return index >= 0 && index < size ? (state.first[task] as number) + index : undefined
}

const STATES: readonly (InstanceState | null)[] = [
  'pending',
  'pending',
  'pending',
  'running',
  'queued',
  'running',
  'running',
  'retrying',
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
  null,
]

/** Null for an unselected task. A mapped task with instances is running until the last of them is final. */
export function stateOf(state: SchedulerState, instance: InstanceNumber): InstanceState | null {
  return STATES[state.status[instance] as number] as InstanceState | null
}

/** Whether the task's runs are its instances'. */
export function isMapped(plan: Plan, task: TaskNumber): boolean {
  return plan.mapping[task] !== Mapping.none
}
