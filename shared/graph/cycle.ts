import type { Edge, Graph } from './graph.ts'
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
  let found: number[] | null = null
  walk(graph, (path, target) => {
    found = path.slice(path.indexOf(target))
    return true
  })
  return found
}

/** The edges, each that closes a cycle in a depth-first search turned round; self-loops are left out. */
export function acyclicEdges(graph: Graph): Edge[] {
  const edges: Edge[] = []
  const closing = new Set<number>()
  walk(graph, (_path, _target, edge) => {
    closing.add(edge)
    return false
  })
  for (let node = 0; node < graph.size; node++) {
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      if (!closing.has(edge)) edges.push([node, target])
      else if (target !== node) edges.push([target, node])
    }
  }
  return edges
}

/**
 * Depth-first search without recursion. `close` is told of every edge that leads back into the path that the search
 * stands on (that path, the edge's target, the edge's number), and ends the search by returning true.
 */
function walk(graph: Graph, close: (path: number[], target: number, edge: number) => boolean): void {
  const { size, outStart, targets } = graph
  const mark = new Uint8Array(size)
  const nextEdge = outStart.slice(0, size)
  for (let start = 0; start < size; start++) {
    if (mark[start] !== 0) continue
    const path = [start]
    mark[start] = OPEN
    while (path.length > 0) {
      const node = path.at(-1)!
      const edge = nextEdge[node]!++
      if (edge === outStart[node + 1]!) {
        mark[node] = DONE
        path.pop()
        continue
      }
      const target = targets[edge]!
      if (mark[target] === OPEN && close(path, target, edge)) return
      if (mark[target] !== 0) continue
      mark[target] = OPEN
      path.push(target)
    }
  }
}
