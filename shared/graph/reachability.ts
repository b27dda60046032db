import type { Graph } from './graph.ts'

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
