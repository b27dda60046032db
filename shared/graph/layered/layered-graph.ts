import { acyclicEdges } from '../cycle.ts'
import { buildGraph, type Edge, type Graph } from '../graph.ts'

/**
 * A graph whose every edge leads from one layer to the next. Nodes 0 … realCount-1 are those of the graph that is laid
 * out. The others are dummies of no size: a long edge is a chain of them, which keeps a lane free for it in each layer
 * it passes, and a group has one (without edges) in each layer that it spans and has nothing else in.
 */
export interface LayeredGraph {
  readonly realCount: number
  readonly size: number
  readonly layerCount: number
  /** Of each node. */
  readonly layer: Int32Array
  /** Neighbours in the next and in the previous layer, in compressed rows as in `Graph`. */
  readonly downStart: Int32Array
  readonly down: Int32Array
  readonly upStart: Int32Array
  readonly up: Int32Array
  /** The innermost group each node stands in; -1 for none. */
  readonly group: Int32Array
}

/** Dummies beyond this, by the size of the graph: the longest edges go without lanes, or they would fill the memory. */
const DUMMIES_PER_NODE = 20
const LEAST_DUMMIES = 10_000

/**
 * What the passes work on: without self-loops and parallel edges, its cycles broken, neighbours in the order of their
 * numbers, so that the order in which edges are given changes nothing.
 */
export function simpleAcyclic(graph: Graph): Graph {
  const edges: Edge[] = []
  for (let node = 0; node < graph.size; node++) {
    const targets = graph.targets.slice(graph.outStart[node]!, graph.outStart[node + 1]!).sort()
    targets.forEach((target, index) => {
      if (target !== node && target !== targets[index - 1]) edges.push([node, target])
    })
  }
  const ahead = buildGraph(graph.size, acyclicEdges(buildGraph(graph.size, edges)))
  return turnedTwins(ahead) ? simpleAcyclic(ahead) : ahead
}

/** Of two tasks that need each other both edges now point the same way. */
function turnedTwins({ size, outStart, targets }: Graph): boolean {
  const last = new Int32Array(size).fill(-1)
  for (let node = 0; node < size; node++) {
    for (let edge = outStart[node]!; edge < outStart[node + 1]!; edge++) {
      if (last[targets[edge]!] === node) return true
      last[targets[edge]!] = node
    }
  }
  return false
}

/** Takes an acyclic graph, the layer of each node and its group, and each group's parent. */
export function layeredGraph(graph: Graph, rank: Int32Array, groupOf: Int32Array, parents: Int32Array): LayeredGraph {
  const layerCount = rank.reduce((most, layer) => Math.max(most, layer + 1), 0)
  const longest = longestWithLane(graph, rank)
  const layer = Array.from(rank)
  const group = Array.from(groupOf)
  const edges: Edge[] = []
  for (let node = 0; node < graph.size; node++) {
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = graph.targets[edge]!
      if (rank[target]! - rank[node]! > longest) continue
      const common = commonGroup(groupOf[node]!, groupOf[target]!, parents)
      let from = node
      for (let between = rank[node]! + 1; between < rank[target]!; between++) {
        edges.push([from, layer.length])
        from = layer.length
        layer.push(between)
        group.push(common)
      }
      edges.push([from, target])
    }
  }
  fillGroups(layer, group, parents, layerCount)
  const proper = buildGraph(layer.length, edges)
  return {
    realCount: graph.size,
    size: layer.length,
    layerCount,
    layer: Int32Array.from(layer),
    downStart: proper.outStart,
    down: proper.targets,
    upStart: proper.inStart,
    up: proper.sources,
    group: Int32Array.from(group),
  }
}

/** The longest span of layers for which all edges of that span can have their dummies. */
function longestWithLane(graph: Graph, rank: Int32Array): number {
  const countOf = new Float64Array(graph.size + 1)
  for (let node = 0; node < graph.size; node++) {
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      countOf[rank[graph.targets[edge]!]! - rank[node]!]!++
    }
  }
  let left = DUMMIES_PER_NODE * graph.size + LEAST_DUMMIES
  for (let span = 1; span <= graph.size; span++) {
    left -= countOf[span]! * (span - 1)
    if (left < 0) return span - 1
  }
  return graph.size
}

/** The innermost group that holds both; -1 for none. */
function commonGroup(a: number, b: number, parents: Int32Array): number {
  for (let group = a; group >= 0; group = parents[group]!) {
    for (let other = b; other >= 0; other = parents[other]!) if (other === group) return group
  }
  return -1
}

/** Adds a dummy to each group in each layer between its first and last one that it has nothing in. */
function fillGroups(layer: number[], group: number[], parents: Int32Array, layerCount: number): void {
  const layersOf = Array.from(parents, () => new Uint8Array(layerCount))
  layer.forEach((own, node) => {
    for (let holder = group[node]!; holder >= 0; holder = parents[holder]!) layersOf[holder]![own] = 1
  })
  const depths = Array.from(parents, (_, index) => depthOf(index, parents))
  const innermostFirst = Array.from(parents, (_, index) => index).sort((a, b) => depths[b]! - depths[a]!)
  for (const index of innermostFirst) {
    const filled = layersOf[index]!
    const last = filled.lastIndexOf(1)
    for (let own = filled.indexOf(1) + 1; own < last; own++) {
      if (filled[own] === 1) continue
      layer.push(own)
      group.push(index)
      for (let holder = index; holder >= 0; holder = parents[holder]!) layersOf[holder]![own] = 1
    }
  }
}

function depthOf(group: number, parents: Int32Array): number {
  let depth = 0
  for (let holder = parents[group]!; holder >= 0; holder = parents[holder]!) depth++
  return depth
}
