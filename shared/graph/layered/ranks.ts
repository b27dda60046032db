import type { Graph } from '../graph.ts'
import { topologicalOrder } from '../order.ts'

/** Visits of nodes and edges in all steps, after which the layers are good enough: some tenths of a second. */
const MOST_VISITS = 1e7
const TIGHTENING_ROUNDS = 6

/**
 * The layer of each node of an acyclic graph, every edge leading to a later one, from 0 on: layers for which the spans
 * of all edges have the least sum. `neutral`: where nodes go that cost the same in several layers.
 *
 * Network simplex, as Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs" (1993) have it. All
 * edges count the same here, so what moving a subtree of tight edges gains is a sum over its nodes: edges out less
 * edges in.
 */
export function ranksOf(graph: Graph, neutral: 'early' | 'late'): Int32Array {
  const links = linksOf(graph)
  const order = topologicalOrder(graph)!
  const { outStart, inStart } = graph
  /** Edges out less edges in: what moving the node a layer later gains. */
  const surplus = Int32Array.from(order.keys(), (v) => outStart[v + 1]! - outStart[v]! - inStart[v + 1]! + inStart[v]!)
  const rank = longestPaths(graph, order)
  tighten(graph, surplus, order, rank)
  const tight = tightForest(links, rank)
  const mostSteps = MOST_VISITS / (graph.size + 2 * graph.edgeCount + 1)
  for (let step = 0; step < mostSteps; step++) if (!improve(links, surplus, rank, tight)) break
  if (neutral === 'early') settleEarly(graph, surplus, order, rank)
  const first = rank.reduce((least, layer) => Math.min(least, layer), graph.size)
  return rank.map((layer) => layer - first)
}

/** The first layer possible for each node. */
function longestPaths(graph: Graph, order: Int32Array): Int32Array {
  const rank = new Int32Array(graph.size)
  for (const node of order) rank[node] = earliest(graph, rank, node)
  return rank
}

function earliest({ inStart, sources }: Graph, rank: Int32Array, node: number): number {
  const first = inStart[node]!
  let layer = first === inStart[node + 1] ? 0 : rank[sources[first]!]! + 1
  for (let edge = first + 1; edge < inStart[node + 1]!; edge++) layer = Math.max(layer, rank[sources[edge]!]! + 1)
  return layer
}

function latest({ outStart, targets, size }: Graph, rank: Int32Array, node: number): number {
  let layer = size
  for (let edge = outStart[node]!; edge < outStart[node + 1]!; edge++)
    layer = Math.min(layer, rank[targets[edge]!]! - 1)
  return layer
}

/**
 * Moves single nodes towards where they have more neighbours, as far as those allow: cheap, and leaves few steps to the
 * simplex. With as many on both sides a node moves later, at no cost, so that what is before it can follow.
 */
function tighten(graph: Graph, surplus: Int32Array, order: Int32Array, rank: Int32Array): void {
  const { outStart } = graph
  for (let round = 0; round < TIGHTENING_ROUNDS; round++) {
    for (let index = graph.size - 1; index >= 0; index--) {
      const node = order[index]!
      if (surplus[node]! >= 0 && outStart[node] !== outStart[node + 1]) rank[node] = latest(graph, rank, node)
    }
    for (const node of order) if (surplus[node]! < 0) rank[node] = earliest(graph, rank, node)
  }
}

/** Nodes that cost the same in several layers go right behind what they need: there a person looks for them. */
function settleEarly(graph: Graph, surplus: Int32Array, order: Int32Array, rank: Int32Array): void {
  for (const node of order) {
    if (surplus[node] === 0 && graph.inStart[node] !== graph.inStart[node + 1]) rank[node] = earliest(graph, rank, node)
  }
}

/** Edges by number, and those of each node: `ofNode[start[v]] … ofNode[start[v + 1] - 1]`. */
interface Links {
  readonly size: number
  readonly from: Int32Array
  readonly to: Int32Array
  readonly start: Int32Array
  readonly ofNode: Int32Array
}

function linksOf({ size, edgeCount, outStart, targets, inStart }: Graph): Links {
  const from = new Int32Array(edgeCount)
  const start = Int32Array.from({ length: size + 1 }, (_, node) => outStart[node]! + inStart[node]!)
  const ofNode = new Int32Array(2 * edgeCount)
  const next = start.slice()
  for (let node = 0; node < size; node++) {
    for (let edge = outStart[node]!; edge < outStart[node + 1]!; edge++) {
      from[edge] = node
      ofNode[next[node]!++] = edge
      ofNode[next[targets[edge]!]!++] = edge
    }
  }
  return { size, from, to: targets, start, ofNode }
}

/**
 * Marks the edges of a spanning forest whose ends are in neighbouring layers; where there is none, the part of a tree
 * that is found is moved until another edge is tight.
 */
function tightForest(links: Links, rank: Int32Array): Uint8Array {
  const { size, from, to, start, ofNode } = links
  const tight = new Uint8Array(from.length)
  const root = new Int32Array(size).fill(-1)
  for (let first = 0; first < size; first++) {
    if (root[first] !== -1) continue
    root[first] = first
    const nodes = [first]
    for (let grown = 0; ; ) {
      let least = 0
      for (; grown < nodes.length; grown++) addTight(links, rank, tight, root, nodes, grown)
      for (const node of nodes) {
        for (let index = start[node]!; index < start[node + 1]!; index++) {
          const edge = ofNode[index]!
          if (root[from[edge]!] === root[to[edge]!]) continue
          const room = rank[to[edge]!]! - rank[from[edge]!]! - 1
          if (least === 0 || room < Math.abs(least)) least = root[from[edge]!] === first ? room : -room
        }
      }
      if (least === 0) break
      for (const node of nodes) rank[node]! += least
      grown = 0
    }
  }
  return tight
}

function addTight(
  { from, to, start, ofNode }: Links,
  rank: Int32Array,
  tight: Uint8Array,
  root: Int32Array,
  nodes: number[],
  index: number,
): void {
  const node = nodes[index]!
  for (let at = start[node]!; at < start[node + 1]!; at++) {
    const edge = ofNode[at]!
    const other = from[edge] === node ? to[edge]! : from[edge]!
    if (root[other] !== -1 || rank[to[edge]!]! - rank[from[edge]!]! !== 1) continue
    root[other] = root[node]!
    tight[edge] = 1
    nodes.push(other)
  }
}

/**
 * One step: the subtree whose move gains most per layer is moved as far as its edges allow, and hung up on the edge
 * that stopped it. False where no move gains anything: then the layers are the best there are.
 */
function improve(links: Links, surplus: Int32Array, rank: Int32Array, tight: Uint8Array): boolean {
  const { from, to } = links
  const { order, parentEdge } = walkForest(links, tight)
  const gain = surplus.slice()
  let best = -1
  let most = 0
  for (let index = links.size - 1; index >= 0; index--) {
    const node = order[index]!
    const edge = parentEdge[node]!
    if (edge < 0) continue
    const parent = from[edge] === node ? to[edge]! : from[edge]!
    gain[parent]! += gain[node]!
    // A subtree that hangs on an edge out of it can only move to earlier layers, else only to later ones.
    const own = from[edge] === node ? -gain[node]! : gain[node]!
    if (own > most) {
      most = own
      best = node
    }
  }
  if (best < 0) return false
  moveSubtree(links, rank, tight, order, parentEdge, best)
  return true
}

function moveSubtree(
  links: Links,
  rank: Int32Array,
  tight: Uint8Array,
  order: Int32Array,
  parentEdge: Int32Array,
  top: number,
): void {
  const { from, to, start, ofNode } = links
  const inside = new Uint8Array(links.size)
  inside[top] = 1
  const subtree = [top]
  for (let index = order.indexOf(top) + 1; index < order.length; index++) {
    const node = order[index]!
    const edge = parentEdge[node]!
    if (edge < 0 || inside[from[edge] === node ? to[edge]! : from[edge]!] === 0) continue
    inside[node] = 1
    subtree.push(node)
  }
  const later = to[parentEdge[top]!] === top
  let stop = -1
  let room = 0
  for (const node of subtree) {
    for (let at = start[node]!; at < start[node + 1]!; at++) {
      const edge = ofNode[at]!
      if ((from[edge] === node) !== later || inside[later ? to[edge]! : from[edge]!] === 1) continue
      const own = rank[to[edge]!]! - rank[from[edge]!]! - 1
      if (stop >= 0 && own >= room) continue
      stop = edge
      room = own
    }
  }
  for (const node of subtree) rank[node]! += later ? room : -room
  tight[parentEdge[top]!] = 0
  tight[stop] = 1
}

/** Depth-first over the tight edges: nodes after their parents, and the edge to its parent of each (-1: none). */
function walkForest({ size, from, to, start, ofNode }: Links, tight: Uint8Array) {
  const order = new Int32Array(size)
  const parentEdge = new Int32Array(size).fill(-2)
  const stack: number[] = []
  let count = 0
  for (let root = 0; root < size; root++) {
    if (parentEdge[root] !== -2) continue
    parentEdge[root] = -1
    stack.push(root)
    while (stack.length > 0) {
      const node = stack.pop()!
      order[count++] = node
      for (let at = start[node]!; at < start[node + 1]!; at++) {
        const edge = ofNode[at]!
        const other = from[edge] === node ? to[edge]! : from[edge]!
        if (tight[edge] === 0 || parentEdge[other] !== -2) continue
        parentEdge[other] = edge
        stack.push(other)
      }
    }
  }
  return { order, parentEdge }
}
