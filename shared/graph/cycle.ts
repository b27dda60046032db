import type { Graph } from './graph.ts'
import { findPath } from './path.ts'

/**
 * A cycle as its nodes in the direction of the edges, each once (the last leads back to the first), or null where there
 * is none. It is a shortest one through its first node, which is the lowest numbered node of the cycle that a
 * depth-first search meets first; so people see a short, stable cycle rather than whatever the search ran through.
 */
export function findCycle(graph: Graph): number[] | null {
  const met = firstCycle(graph)
  if (met === null) return null
  let first = met[0]!
  for (const node of met) if (node < first) first = node
  return findPath(graph, first, first)!.slice(0, -1)
}

const OPEN = 1
const DONE = 2

function firstCycle(graph: Graph): number[] | null {
  const { size, outStart, targets } = graph
  const mark = new Uint8Array(size)
  const nextEdge = outStart.slice(0, size)
  const stack = new Int32Array(size)
  for (let start = 0; start < size; start++) {
    if (mark[start] !== 0) continue
    let depth = 0
    stack[0] = start
    mark[start] = OPEN
    while (depth >= 0) {
      const node = stack[depth]!
      if (nextEdge[node]! === outStart[node + 1]!) {
        mark[node] = DONE
        depth--
        continue
      }
      const target = targets[nextEdge[node]!++]!
      if (mark[target] === OPEN) return Array.from(stack.subarray(stack.indexOf(target), depth + 1))
      if (mark[target] === DONE) continue
      mark[target] = OPEN
      stack[++depth] = target
    }
  }
  return null
}
