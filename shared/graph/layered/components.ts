import { buildGraph, type Edge, type Graph } from '../graph.ts'
import type { GroupTree } from './group-tree.ts'

/** Parts of a graph that nothing links: no edge, no group. Largest first, ties by their first node. */
export function componentsOf(graph: Graph, { groupOf, parents }: GroupTree): readonly Int32Array[] {
  const leader = Int32Array.from({ length: graph.size + parents.length }, (_, thing) => thing)
  const find = (thing: number) => {
    let top = thing
    while (leader[top] !== top) {
      leader[top] = leader[leader[top]!]!
      top = leader[top]!
    }
    return top
  }
  const join = (a: number, b: number) => {
    const [topA, topB] = [find(a), find(b)]
    leader[Math.max(topA, topB)] = Math.min(topA, topB)
  }
  for (let node = 0; node < graph.size; node++) {
    if (groupOf[node]! >= 0) join(node, graph.size + groupOf[node]!)
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) join(node, graph.targets[edge]!)
  }
  parents.forEach((parent, group) => {
    if (parent >= 0) join(graph.size + group, graph.size + parent)
  })
  const members = new Map<number, number[]>()
  for (let node = 0; node < graph.size; node++) {
    const top = find(node)
    const known = members.get(top)
    if (known) known.push(node)
    else members.set(top, [node])
  }
  return [...members.values()].sort((a, b) => b.length - a.length).map((nodes) => Int32Array.from(nodes))
}

/** The part of the graph between these nodes, which get the numbers of their places in the list. */
export function subgraph(graph: Graph, nodes: ArrayLike<number>): Graph {
  const place = new Int32Array(graph.size).fill(-1)
  for (let index = 0; index < nodes.length; index++) place[nodes[index]!] = index
  const edges: Edge[] = []
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index]!
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = place[graph.targets[edge]!]!
      if (target >= 0) edges.push([index, target])
    }
  }
  return buildGraph(nodes.length, edges)
}
