import type { LayeredGraph } from './layered-graph.ts'

/** The sequence of the nodes in each layer: layer l is `nodes[start[l]] … nodes[start[l + 1] - 1]`, first one on top. */
export interface Order {
  readonly start: Int32Array
  readonly nodes: Int32Array
  /** Index of each node in its layer. */
  readonly place: Int32Array
}

/** Each layer in the order in which a depth-first search over both directions meets its nodes. */
export function firstOrder(graph: LayeredGraph): Order {
  const start = new Int32Array(graph.layerCount + 1)
  for (const layer of graph.layer) start[layer + 1]!++
  for (let layer = 0; layer < graph.layerCount; layer++) start[layer + 1]! += start[layer]!
  const order: Order = { start, nodes: new Int32Array(graph.size), place: new Int32Array(graph.size) }
  const next = start.slice()
  const seen = new Uint8Array(graph.size)
  const stack: number[] = []
  for (let first = 0; first < graph.size; first++) {
    stack.push(first)
    while (stack.length > 0) {
      const node = stack.pop()!
      if (seen[node] === 1) continue
      seen[node] = 1
      order.nodes[next[graph.layer[node]!]!++] = node
      for (let edge = graph.downStart[node + 1]! - 1; edge >= graph.downStart[node]!; edge--) {
        if (seen[graph.down[edge]!] === 0) stack.push(graph.down[edge]!)
      }
      for (let edge = graph.upStart[node + 1]! - 1; edge >= graph.upStart[node]!; edge--) {
        if (seen[graph.up[edge]!] === 0) stack.push(graph.up[edge]!)
      }
    }
  }
  notePlaces(order)
  return order
}

export function copyOrder({ start, nodes, place }: Order): Order {
  return { start, nodes: nodes.slice(), place: place.slice() }
}

export function assignOrder(to: Order, from: Order): void {
  to.nodes.set(from.nodes)
  to.place.set(from.place)
}

export function notePlaces({ start, nodes, place }: Order): void {
  for (let layer = 0; layer + 1 < start.length; layer++) {
    for (let index = start[layer]!; index < start[layer + 1]!; index++) place[nodes[index]!] = index - start[layer]!
  }
}

/** Pairs of edges that cross, over all layers. */
export function countCrossings(graph: LayeredGraph, order: Order): number {
  return crossingsPerLayer(graph, order).reduce((sum, crossings) => sum + crossings, 0)
}

/**
 * Pairs of edges that cross on their way from each layer to the next. Counts inversions with a binary indexed tree:
 * Barth, Jünger, Mutzel, "Simple and efficient bilayer cross counting" (2002); O(edges · log width).
 */
export function crossingsPerLayer(graph: LayeredGraph, { start, nodes, place }: Order): Float64Array {
  const tree = new Int32Array(graph.size + 2)
  const crossings = new Float64Array(graph.layerCount)
  for (let layer = 0; layer + 1 < graph.layerCount; layer++) {
    const width = start[layer + 2]! - start[layer + 1]!
    tree.fill(0, 0, width + 1)
    let before = 0
    for (let index = start[layer]!; index < start[layer + 1]!; index++) {
      const first = graph.downStart[nodes[index]!]!
      const end = graph.downStart[nodes[index]! + 1]!
      for (let edge = first; edge < end; edge++) {
        let above = before
        for (let at = place[graph.down[edge]!]! + 1; at > 0; at -= at & -at) above -= tree[at]!
        crossings[layer]! += above
      }
      for (let edge = first; edge < end; edge++) {
        for (let at = place[graph.down[edge]!]! + 1; at <= width; at += at & -at) tree[at]!++
      }
      before += end - first
    }
  }
  return crossings
}
