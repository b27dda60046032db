import type { Graph } from './graph.ts'

/**
 * Every node after all its sources, or null where there is a cycle. Nodes that become free together keep the order of
 * their numbers, so the result is deterministic. Kahn's algorithm (1962), O(nodes + edges).
 */
export function topologicalOrder(graph: Graph): Int32Array | null {
  const { size, outStart, targets, inStart } = graph
  const order = new Int32Array(size)
  const waiting = new Int32Array(size)
  let end = 0
  for (let node = 0; node < size; node++) {
    waiting[node] = inStart[node + 1]! - inStart[node]!
    if (waiting[node] === 0) order[end++] = node
  }
  for (let head = 0; head < end; head++) {
    const node = order[head]!
    for (let edge = outStart[node]!; edge < outStart[node + 1]!; edge++) {
      const target = targets[edge]!
      if (--waiting[target]! === 0) order[end++] = target
    }
  }
  return end === size ? order : null
}

/** The number of edges of the longest path that ends in each node: 0 for sources. Null where there is a cycle. */
export function levels(graph: Graph): Int32Array | null {
  const order = topologicalOrder(graph)
  if (order === null) return null
  const level = new Int32Array(graph.size)
  for (const node of order) {
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      if (level[target]! <= level[node]!) level[target] = level[node]! + 1
    }
  }
  return level
}
