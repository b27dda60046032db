import type { Graph } from './graph.ts'

/**
 * A path with the fewest edges, both ends included, or null where there is none. From a node to itself it is the
 * shortest way around, with the node at both ends. Breadth-first search.
 *
 * Would an edge a -> b close a cycle? Exactly where a = b or `findPath(graph, b, a)` is not null, and that path is it.
 */
export function findPath(graph: Graph, from: number, to: number): number[] | null {
  const previous = new Int32Array(graph.size).fill(-1)
  const queue = new Int32Array(graph.size + 1)
  queue[0] = from
  let end = 1
  for (let head = 0; head < end; head++) {
    const node = queue[head]!
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      if (target === to) return pathBack(previous, from, node, to)
      if (target === from || previous[target] !== -1) continue
      previous[target] = node
      queue[end++] = target
    }
  }
  return null
}

function pathBack(previous: Int32Array, from: number, last: number, to: number): number[] {
  const path = [to]
  for (let node = last; node !== from; node = previous[node]!) path.push(node)
  path.push(from)
  return path.reverse()
}
