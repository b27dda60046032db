import { CEL_TEXT } from '../expression/cel-text.ts'
import { findCycle } from '../graph/cycle.ts'
import type { Graph } from '../graph/graph.ts'
import { topologicalOrder } from '../graph/order.ts'
import type { Selection } from '../journal/event.ts'
import type { Pipeline, RetryPolicy, Task } from '../model/pipeline.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { type Steps, takeAll } from '../model/steps.ts'
import type { Micros } from '../model/time.ts'
import { cycleProblem, type PlannedNeed, problemsOfNeeds, problemsOfPools } from './plan-problems.ts'
import { ruleCode } from './rules.ts'
import { selectedTasks } from './selection.ts'
import type { TaskNumber } from './types.ts'

export const When = { none: 0, once: 1, perItem: 2 } as const
/** When a task of `onSuccess` or `onFailure` runs: 3 is both. */
export const Handler = { none: 0, success: 1, failure: 2, both: 3 } as const
export const Mapping = { none: 0, list: 1, each: 2 } as const

/**
 * A pipeline as the scheduler reads it: dense integers, edges in compressed rows, nothing that changes during a run.
 * Edge `e` of task `v` lies in `up[upStart[v] .. upStart[v + 1]]`, in the order of its `needs`.
 */
export interface Plan {
  readonly ids: readonly string[]
  readonly numberOf: ReadonlyMap<string, TaskNumber>
  readonly count: number
  readonly slots: number
  /** 0 or 1 per task: unselected tasks have no state and count as success for those that need them. */
  readonly selected: Uint8Array
  readonly upStart: Int32Array
  readonly up: Int32Array
  readonly downStart: Int32Array
  readonly down: Int32Array
  /** The edge's number as the downstream counts it. */
  readonly downEdge: Int32Array
  /** Per edge: its `when`, or null. */
  readonly edgeWhen: readonly (string | null)[]
  /** Per edge, 0 or 1: the upstream's instances count only once the upstream as a whole is done. */
  readonly edgeGated: Uint8Array
  /** Per edge, 0 or 1: the downstream follows the upstream instance by instance. */
  readonly edgeEach: Uint8Array
  readonly rule: Uint8Array
  readonly whenMode: Uint8Array
  readonly when: readonly (string | null)[]
  readonly branch: readonly (string | null)[]
  readonly mapping: Uint8Array
  /** 0: no limit. */
  readonly maxParallel: Int32Array
  readonly failFast: Uint8Array
  /** -1: none. */
  readonly pool: Int32Array
  readonly poolUse: Int32Array
  readonly poolNames: readonly string[]
  readonly poolSize: Int32Array
  /** Largest use of each pool by one task: how many levels its history of releases keeps. */
  readonly poolLevels: Int32Array
  /** `Handler` per task: what runs once everything else has ended, and by which end. */
  readonly handler: Uint8Array
  /** The selected handlers. */
  readonly handlers: readonly TaskNumber[]
  /** The first final failure of a required task ends the run. */
  readonly stopAtFailure: boolean
  readonly required: Uint8Array
  /** No direct downstream inside the selection, and no handler: the run's state is theirs. */
  readonly leaf: Uint8Array
  readonly retries: readonly RetryPolicy[]
  /** Longest path from the task's start to the end, by the basis. */
  readonly weight: Float64Array
  /** Place in the order of starts: priority, then weight, then file order. */
  readonly rank: Int32Array
  readonly byRank: Int32Array
  /** Place in a topological order. */
  readonly position: Int32Array
}

export interface PlanOptions {
  /** Slots of the run, at least 1. */
  readonly slots: number
  /** Every pool of the pipeline and its workspace. */
  readonly pools: ReadonlyMap<string, number>
  /** Expected duration of one instance of a task. */
  readonly basis: (taskId: string) => Micros
  readonly selection?: Selection
  /** Default: what the pipeline says. */
  readonly failFast?: boolean
}

/**
 * Compiles a pipeline for the scheduler. Fails with problems (never throws) on what a validated pipeline cannot have:
 * a cycle, an unknown or repeated need, an unknown pool, a task that needs more of a pool than there is, no slots.
 */
export function compilePlan(pipeline: Pipeline, options: PlanOptions): Result<Plan> {
  return takeAll(planSteps(pipeline, options))
}

/** The same in steps, one a pass over the tasks. */
export function* planSteps(pipeline: Pipeline, options: PlanOptions): Steps<Result<Plan>> {
  const tasks = pipeline.tasks
  const ids = tasks.map((task) => task.id)
  const numberOf = new Map(ids.map((id, number) => [id, number]))
  const needs = tasks.map(needsOf)
  yield
  const problems = [...problemsOfNeeds(tasks, needs, numberOf), ...problemsOfPools(tasks, options)]
  if (problems.length > 0) return failure(...problems)
  yield
  const edges = compileEdges(needs, numberOf)
  yield
  const graph = graphOf(edges)
  const order = topologicalOrder(graph)
  if (order === null) return failure(cycleProblem((findCycle(graph) ?? []).map((task) => ids[task] as string)))
  const selected = selectedTasks(graph, numberOf, options.selection)
  if (!selected.ok) return selected
  yield
  const weight = longestRemaining(edges, order, selected.value, (task) => options.basis(ids[task] as string))
  yield
  const byRank = orderOfStarts(tasks, weight)
  yield
  const position = new Int32Array(tasks.length)
  order.forEach((task, place) => {
    position[task] = place
  })
  const handler = handlersOf(pipeline, numberOf)
  const rank = new Int32Array(tasks.length)
  byRank.forEach((task, place) => {
    rank[task] = place
  })
  yield
  const ofEdges = edgeTraits(tasks, edges, selected.value, needs)
  yield
  const ofTasks = taskTraits(tasks, numberOf, selected.value)
  yield
  return success({
    ids,
    numberOf,
    count: tasks.length,
    slots: options.slots,
    selected: selected.value,
    ...edges,
    ...ofEdges,
    ...ofTasks,
    ...compilePools(tasks, options.pools),
    handler,
    handlers: [...tasks.keys()].filter((task) => handler[task] !== 0 && selected.value[task] === 1),
    stopAtFailure: options.failFast ?? pipeline.failFast,
    leaf: leaves(edges, selected.value, handler),
    weight,
    rank,
    byRank,
    position,
  })
}

/** What the arrays of pools can hold. */
const MOST_SLOTS = 2 ** 31 - 1

/** The same plan at other slots and pool sizes, for what-ifs. Pools not named keep their size. */
export function withCapacity(plan: Plan, slots: number, pools: ReadonlyMap<string, number>): Plan {
  const poolSize = plan.poolSize.map((size, pool) =>
    Math.min(pools.get(plan.poolNames[pool] as string) ?? size, MOST_SLOTS),
  )
  return { ...plan, slots, poolSize }
}

function needsOf(task: Task): readonly PlannedNeed[] {
  const each = task.forEach?.type === 'each' ? task.forEach.task : null
  if (each === null || task.needs.some((need) => need.task === each)) return task.needs
  return [...task.needs, { task: each, when: null }]
}

interface Edges {
  readonly upStart: Int32Array
  readonly up: Int32Array
  readonly downStart: Int32Array
  readonly down: Int32Array
  readonly downEdge: Int32Array
}

function compileEdges(needs: readonly (readonly PlannedNeed[])[], numberOf: ReadonlyMap<string, number>): Edges {
  const count = needs.length
  const upStart = new Int32Array(count + 1)
  needs.forEach((list, task) => {
    upStart[task + 1] = (upStart[task] as number) + list.length
  })
  const total = upStart[count] as number
  const up = Int32Array.from(needs.flatMap((list) => list.map((need) => numberOf.get(need.task) as number)))
  const downStart = new Int32Array(count + 1)
  for (const upstream of up) downStart[upstream + 1] = (downStart[upstream + 1] as number) + 1
  for (let task = 0; task < count; task++) {
    downStart[task + 1] = (downStart[task + 1] as number) + (downStart[task] as number)
  }
  const down = new Int32Array(total)
  const downEdge = new Int32Array(total)
  const next = downStart.slice()
  for (let task = 0; task < count; task++) {
    for (let edge = upStart[task] as number; edge < (upStart[task + 1] as number); edge++) {
      const upstream = up[edge] as number
      const place = next[upstream] as number
      next[upstream] = place + 1
      down[place] = task
      downEdge[place] = edge
    }
  }
  return { upStart, up, downStart, down, downEdge }
}

function graphOf({ upStart, up, downStart, down }: Edges): Graph {
  const size = upStart.length - 1
  return { size, edgeCount: up.length, outStart: downStart, targets: down, inStart: upStart, sources: up }
}

function longestRemaining(
  { downStart, down }: Edges,
  order: Int32Array,
  selected: Uint8Array,
  basis: (task: number) => Micros,
): Float64Array {
  const weight = new Float64Array(order.length)
  for (let at = order.length - 1; at >= 0; at--) {
    const task = order[at] as number
    if (selected[task] === 0) continue
    let after = 0
    for (let place = downStart[task] as number; place < (downStart[task + 1] as number); place++) {
      const downstream = down[place] as number
      if (selected[downstream] === 1) after = Math.max(after, weight[downstream] as number)
    }
    weight[task] = basis(task) + after
  }
  return weight
}

function orderOfStarts(tasks: readonly Task[], weight: Float64Array): Int32Array {
  const byRank = Int32Array.from(tasks.keys())
  return byRank.sort((a, b) => {
    const byPriority = (tasks[b] as Task).priority - (tasks[a] as Task).priority
    return byPriority || (weight[b] as number) - (weight[a] as number) || a - b
  })
}

function handlersOf(pipeline: Pipeline, numberOf: ReadonlyMap<string, number>): Uint8Array {
  const handler = new Uint8Array(pipeline.tasks.length)
  const note = (ids: readonly string[], code: number) => {
    for (const id of ids) {
      const task = numberOf.get(id)
      if (task !== undefined) handler[task] = (handler[task] as number) | code
    }
  }
  note(pipeline.onSuccess, Handler.success)
  note(pipeline.onFailure, Handler.failure)
  return handler
}

function leaves({ downStart, down }: Edges, selected: Uint8Array, handler: Uint8Array): Uint8Array {
  return selected.map((own, task) =>
    own === 1 &&
    handler[task] === 0 &&
    !down.subarray(downStart[task], downStart[task + 1]).some((next) => selected[next] === 1)
      ? 1
      : 0,
  )
}

function edgeTraits(
  tasks: readonly Task[],
  { up }: Edges,
  selected: Uint8Array,
  needs: readonly (readonly PlannedNeed[])[],
): Pick<Plan, 'edgeWhen' | 'edgeGated' | 'edgeEach'> {
  const flat = needs.flatMap((list, downstream) =>
    list.map((need) => ({ need, downstream: tasks[downstream] as Task })),
  )
  const edgeWhen = flat.map(({ need }) => need.when)
  const edgeEach = Uint8Array.from(flat, ({ need, downstream }, edge) => {
    const follows = downstream.forEach?.type === 'each' && downstream.forEach.task === need.task
    return follows && selected[up[edge] as number] === 1 ? 1 : 0
  })
  const edgeGated = Uint8Array.from(flat, ({ need }, edge) => {
    const upstream = tasks[up[edge] as number] as Task
    const perInstance = edgeEach[edge] === 1
    const branches = upstream.forEach !== null && upstream.branch !== null
    return branches || (need.when !== null && !perInstance) ? 1 : 0
  })
  return { edgeWhen, edgeGated, edgeEach }
}

function taskTraits(tasks: readonly Task[], numberOf: ReadonlyMap<string, number>, selected: Uint8Array) {
  const flags = (of: (task: Task) => number) => Uint8Array.from(tasks, of)
  /** A task that follows an unselected one asks for its instances like any other mapped task. */
  const mappingOf = ({ forEach }: Task) => {
    if (forEach === null) return Mapping.none
    return forEach.type === 'each' && selected[numberOf.get(forEach.task) as number] === 1 ? Mapping.each : Mapping.list
  }
  const whenModeOf = (task: Task) => {
    if (task.when === null) return When.none
    if (mappingOf(task) === Mapping.each) return When.perItem
    return task.forEach !== null && namesItem(task.when) ? When.perItem : When.once
  }
  return {
    rule: flags((task) => ruleCode(task.triggerRule)),
    when: tasks.map((task) => task.when),
    whenMode: flags(whenModeOf),
    branch: tasks.map((task) => task.branch),
    mapping: flags(mappingOf),
    maxParallel: Int32Array.from(tasks, (task) => (task.forEach === null ? 0 : (task.maxParallel ?? 0))),
    failFast: flags((task) => (task.forEach !== null && task.failFast ? 1 : 0)),
    required: flags((task) => (task.required ? 1 : 0)),
    retries: tasks.map((task) => task.retries),
  }
}

/**
 * Whether an expression names `item` or `index`: by CEL's tokens, strings and comments aside. A comprehension's own
 * variable of that name counts too; the condition is then asked per instance, which gives the same answers.
 */
export function namesItem(expression: string): boolean {
  return /(?<![\w.])(?:item|index)(?!\w)/.test(expression.replaceAll(CEL_TEXTS, '""'))
}

const CEL_TEXTS = new RegExp(CEL_TEXT, 'g')

function compilePools(tasks: readonly Task[], pools: ReadonlyMap<string, number>) {
  const poolNames = [...pools.keys()]
  const placeOf = new Map(poolNames.map((name, place) => [name, place]))
  const poolLevels = new Int32Array(poolNames.length)
  const pool = Int32Array.from(tasks, (task) => (task.pool === null ? -1 : (placeOf.get(task.pool.name) as number)))
  const poolUse = Int32Array.from(tasks, (task) => task.pool?.slots ?? 0)
  pool.forEach((place, task) => {
    if (place >= 0) poolLevels[place] = Math.max(poolLevels[place] as number, poolUse[task] as number)
  })
  return { pool, poolUse, poolNames, poolSize: Int32Array.from(pools.values()), poolLevels }
}
