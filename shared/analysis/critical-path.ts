import type { Graph } from '../graph/graph.ts'
import { topologicalOrder } from '../graph/order.ts'
import type { Micros } from '../model/time.ts'

/**
 * The plan of a graph of tasks with unlimited slots, by the critical path method (Kelley and Walker, 1959). All times
 * are whole microseconds since the start; index = node number.
 */
export interface CriticalPath {
  readonly makespan: Micros
  readonly earliestStart: Float64Array
  readonly earliestFinish: Float64Array
  readonly latestStart: Float64Array
  readonly latestFinish: Float64Array
  /** How long the task can slip without moving the makespan. */
  readonly totalFloat: Float64Array
  /** How long the task can slip without moving any other task; of a leaf: makespan - earliest finish. */
  readonly freeFloat: Float64Array
  /** How much shorter the makespan gets if this task takes no time, dependencies kept. */
  readonly drag: Float64Array
  /** 1 where the total float is zero. */
  readonly critical: Uint8Array
  /** One longest path from a source to a sink; ties go to the lowest number, that is to file order. */
  readonly criticalPath: readonly number[]
}

/**
 * Takes an acyclic graph and a duration for each node, whole microseconds, not negative (zero is valid).
 * O(nodes + edges), with a logarithmic factor for the drag. Throws a RangeError where there is a cycle: callers
 * validate before they plan.
 */
export function analyzeCriticalPath(graph: Graph, durations: Float64Array): CriticalPath {
  const order = topologicalOrder(graph)
  if (order === null) throw new RangeError('A graph with a cycle has no critical path')
  const earliestStart = earliestStarts(graph, durations, order)
  const tail = longestTails(graph, durations, order)
  const size = graph.size
  let makespan = 0
  for (let node = 0; node < size; node++) makespan = Math.max(makespan, tail[node]! + earliestStart[node]!)
  const earliestFinish = new Float64Array(size)
  const latestStart = new Float64Array(size)
  const latestFinish = new Float64Array(size)
  const totalFloat = new Float64Array(size)
  const critical = new Uint8Array(size)
  for (let node = 0; node < size; node++) {
    earliestFinish[node] = earliestStart[node]! + durations[node]!
    latestStart[node] = makespan - tail[node]!
    latestFinish[node] = latestStart[node]! + durations[node]!
    totalFloat[node] = latestStart[node]! - earliestStart[node]!
    critical[node] = totalFloat[node] === 0 ? 1 : 0
  }
  const bypass = longestBypass(graph, order, earliestFinish, tail)
  const drag = new Float64Array(size)
  for (let node = 0; node < size; node++) {
    if (critical[node] === 1) drag[node] = Math.min(durations[node]!, makespan - bypass[node]!)
  }
  return {
    makespan,
    earliestStart,
    earliestFinish,
    latestStart,
    latestFinish,
    totalFloat,
    freeFloat: freeFloats(graph, earliestStart, earliestFinish, makespan),
    drag,
    critical,
    criticalPath: firstLongestPath(graph, durations, tail, makespan),
  }
}

function earliestStarts(graph: Graph, durations: Float64Array, order: Int32Array): Float64Array {
  const start = new Float64Array(graph.size)
  for (const node of order) {
    const finish = start[node]! + durations[node]!
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      if (finish > start[target]!) start[target] = finish
    }
  }
  return start
}

/** The longest path from the start of each node to the end, in microseconds, the node itself included. */
export function longestTails(graph: Graph, durations: Float64Array, order: Int32Array): Float64Array {
  const tail = new Float64Array(graph.size)
  for (let position = order.length - 1; position >= 0; position--) {
    const node = order[position]!
    let longest = 0
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      longest = Math.max(longest, tail[graph.targets[edge]!]!)
    }
    tail[node] = longest + durations[node]!
  }
  return tail
}

function freeFloats(graph: Graph, start: Float64Array, finish: Float64Array, makespan: Micros): Float64Array {
  const free = new Float64Array(graph.size)
  for (let node = 0; node < graph.size; node++) {
    let next = makespan
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      next = Math.min(next, start[graph.targets[edge]!]!)
    }
    free[node] = next - finish[node]!
  }
  return free
}

function firstLongestPath(graph: Graph, durations: Float64Array, tail: Float64Array, makespan: Micros): number[] {
  const path: number[] = []
  let node = -1
  for (let source = 0; source < graph.size && node < 0; source++) {
    if (graph.inStart[source] === graph.inStart[source + 1] && tail[source] === makespan) node = source
  }
  while (node >= 0) {
    path.push(node)
    const rest = tail[node]! - durations[node]!
    let next = -1
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      if (tail[target] === rest && (next < 0 || target < next)) next = target
    }
    node = next
  }
  return path
}

/**
 * For each node the longest path from a source to a sink that does not run through it.
 *
 * Number the nodes in topological order, with a virtual source before and a virtual sink after all. A path visits
 * rising positions, so it avoids the node at position p exactly where one of its edges (u, v) jumps it: u before p, v
 * after p. The longest path over that edge is the earliest finish of u plus the tail of v, and no path over it can
 * return to p. So the answer at p is the largest such sum over the edges that span p: a stabbing maximum over
 * intervals, kept in an iterative segment tree, O((nodes + edges) log nodes).
 */
function longestBypass(
  graph: Graph,
  order: Int32Array,
  earliestFinish: Float64Array,
  tail: Float64Array,
): Float64Array {
  const size = graph.size
  const position = new Int32Array(size)
  for (let index = 0; index < size; index++) position[order[index]!] = index
  const tree = new Float64Array(2 * size)
  /** Raises the maximum of the positions first … last. */
  const raise = (first: number, last: number, sum: number) => {
    for (let low = first + size, high = last + 1 + size; low < high; low >>= 1, high >>= 1) {
      if (low & 1) {
        if (tree[low]! < sum) tree[low] = sum
        low++
      }
      if (high & 1) {
        high--
        if (tree[high]! < sum) tree[high] = sum
      }
    }
  }
  for (let node = 0; node < size; node++) {
    const from = position[node]!
    if (graph.inStart[node] === graph.inStart[node + 1]) raise(0, from - 1, tail[node]!)
    if (graph.outStart[node] === graph.outStart[node + 1]) raise(from + 1, size - 1, earliestFinish[node]!)
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      raise(from + 1, position[target]! - 1, earliestFinish[node]! + tail[target]!)
    }
  }
  for (let inner = 1; inner < size; inner++) {
    const sum = tree[inner]!
    if (tree[2 * inner]! < sum) tree[2 * inner] = sum
    if (tree[2 * inner + 1]! < sum) tree[2 * inner + 1] = sum
  }
  const bypass = new Float64Array(size)
  for (let node = 0; node < size; node++) bypass[node] = tree[size + position[node]!]!
  return bypass
}
