import type { Graph } from './graph.ts'
import { topologicalOrder } from './order.ts'

/**
 * 1 for every node that at least one edge leads to from the given nodes, else 0. A given node itself is marked only
 * where another given node (or a cycle) leads to it.
 */
export function descendants(graph: Graph, nodes: Iterable<number>): Uint8Array {
  return reached(graph.size, graph.outStart, graph.targets, nodes)
}

/** 1 for every node from which at least one edge leads to the given nodes, else 0; see `descendants`. */
export function ancestors(graph: Graph, nodes: Iterable<number>): Uint8Array {
  return reached(graph.size, graph.inStart, graph.sources, nodes)
}

function reached(size: number, start: Int32Array, neighbours: Int32Array, nodes: Iterable<number>): Uint8Array {
  const mark = new Uint8Array(size)
  const expanded = new Uint8Array(size)
  const stack: number[] = []
  for (const node of nodes) {
    if (expanded[node] === 1) continue
    expanded[node] = 1
    stack.push(node)
  }
  while (stack.length > 0) {
    const node = stack.pop()!
    for (let edge = start[node]!; edge < start[node + 1]!; edge++) {
      const neighbour = neighbours[edge]!
      mark[neighbour] = 1
      if (expanded[neighbour] === 1) continue
      expanded[neighbour] = 1
      stack.push(neighbour)
    }
  }
  return mark
}

/** How many nodes are reached at a time, as bits: memory stays linear in the graph. */
const WORDS = 32

/**
 * For each node how many others depend on it, directly or not; null where there is a cycle. Sets of descendants as bits,
 * passed up in reverse topological order, O((nodes + edges) × nodes / 32).
 */
export function descendantCounts(graph: Graph): Int32Array | null {
  const order = topologicalOrder(graph)
  if (order === null) return null
  const counts = new Int32Array(graph.size)
  const reach = new Uint32Array(graph.size * WORDS)
  for (let first = 0; first < graph.size; first += 32 * WORDS) {
    reach.fill(0)
    for (let position = order.length - 1; position >= 0; position--) {
      const node = order[position]!
      for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
        const target = graph.targets[edge]!
        for (let word = 0; word < WORDS; word++) reach[node * WORDS + word]! |= reach[target * WORDS + word]!
        const bit = target - first
        if (bit >= 0 && bit < 32 * WORDS) reach[node * WORDS + (bit >>> 5)]! |= 1 << (bit & 31)
      }
      for (let word = 0; word < WORDS; word++) counts[node]! += bitCount(reach[node * WORDS + word]!)
    }
  }
  return counts
}

/** Hacker's Delight, section 5-1. */
function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
