import { pullOn } from './coordinates.ts'
import type { LayeredGraph } from './layered-graph.ts'
import type { Order } from './order.ts'

/** Rounds of swapping and of sifting, taken in turn, and how many places a node is tried further up and down. */
interface Effort {
  readonly passes: number
  readonly reach: number
}

function effortFor(size: number): Effort {
  return size <= 1000 ? { passes: 30, reach: 100 } : { passes: 3, reach: 20 }
}

const SWAP_ROUNDS = 30
/** Less than this share of the crossings is no gain worth another round. */
const LEAST_GAIN = 0.0005
/** Pairs of nodes with more pairs of edges than this are not compared: hubs stay where they are. */
const MOST_PAIRS = 4000

/**
 * Removes crossings by moving single nodes within their layers: neighbours are swapped, nodes are sifted. What stands in different groups is never swapped. Takes the crossings there are, returns those left.
 */
export function removeCrossings(graph: LayeredGraph, order: Order, crossings: number): number {
  const { passes, reach } = effortFor(graph.size)
  let left = crossings
  for (let pass = 0; pass < passes; pass++) {
    left -= swapNeighbours(graph, order, left)
    const sifted = siftAll(graph, order, reach)
    left -= sifted.gained
    if (sifted.moves === 0) break
  }
  return left
}

/** Every third round also swaps where that changes nothing, which opens the way to other swaps. Returns the gain. */
function swapNeighbours(graph: LayeredGraph, order: Order, crossings: number): number {
  let left = crossings
  for (let round = 0; round < SWAP_ROUNDS && left > 0; round++) {
    const sideways = round % 3 === 1
    const gain = swapRound(graph, order, sideways)
    left -= gain
    if (gain <= left * LEAST_GAIN && !sideways) break
  }
  return crossings - left
}

function swapRound(graph: LayeredGraph, order: Order, sideways: boolean): number {
  const { start, nodes, place } = order
  let gained = 0
  for (let layer = 0; layer < graph.layerCount; layer++) {
    for (let index = start[layer]!; index + 1 < start[layer + 1]!; index++) {
      const above = nodes[index]!
      const below = nodes[index + 1]!
      if (graph.group[above] !== graph.group[below]) continue
      const gain = swapGain(graph, place, above, below)
      if (gain < 0 || (gain === 0 && !sideways)) continue
      gained += gain
      moveNode(order, start[layer]!, above, 1)
    }
  }
  return gained
}

/** Wishes as near as this, in pixels, are the same. */
const SAME_WISH = 1

/**
 * Swaps neighbours that stand the wrong way round for where theirs stand in the picture, where that adds no crossing.
 * `places`: across the layers, of all nodes. Returns whether any were.
 */
export function followPlaces(graph: LayeredGraph, order: Order, places: Float64Array): boolean {
  const { start, nodes, place } = order
  const wish = Float64Array.from({ length: graph.size }, (_, node) => pullOn(graph, node, places, true, true).place)
  let swaps = 0
  for (let before = -1; before < swaps; ) {
    before = swaps
    for (let layer = 0; layer < graph.layerCount; layer++) {
      for (let index = start[layer]!; index + 1 < start[layer + 1]!; index++) {
        const above = nodes[index]!
        const below = nodes[index + 1]!
        if (graph.group[above] !== graph.group[below] || wish[above]! <= wish[below]! + SAME_WISH) continue
        if (swapGain(graph, place, above, below) < 0) continue
        moveNode(order, start[layer]!, above, 1)
        swaps++
      }
    }
  }
  return swaps > 0
}

/**
 * Moves each node to the place within reach where the fewest edges cross: Matuszewski, Schönfeld, Molitor, "Using
 * sifting for k-layer straightline crossing minimization" (1999).
 */
function siftAll(graph: LayeredGraph, order: Order, reach: number) {
  let gained = 0
  let moves = 0
  for (let node = 0; node < graph.size; node++) {
    const best = { gain: 0, extent: extentAt(graph, order, node, 0), steps: 0 }
    tryMoves(graph, order, node, -1, reach, best)
    tryMoves(graph, order, node, 1, reach, best)
    if (best.steps === 0) continue
    gained += best.gain
    moves++
    moveNode(order, order.start[graph.layer[node]!]!, node, best.steps)
  }
  return { gained, moves }
}

interface Move {
  /** Crossings that it removes. */
  gain: number
  /** Of the node's edges after it, see `extentAt`. */
  extent: number
  steps: number
}

/** Among moves that gain as much, the one with the shortest edges is best. */
function tryMoves(graph: LayeredGraph, order: Order, node: number, direction: 1 | -1, reach: number, best: Move): void {
  const { start, nodes, place } = order
  const layer = graph.layer[node]!
  const own = start[layer]! + place[node]!
  const room = direction > 0 ? start[layer + 1]! - 1 - own : own - start[layer]!
  let gain = 0
  for (let step = 1; step <= Math.min(room, reach); step++) {
    const other = nodes[own + direction * step]!
    if (graph.group[other] !== graph.group[node]) break
    gain += direction > 0 ? swapGain(graph, place, node, other) : swapGain(graph, place, other, node)
    if (gain < best.gain) continue
    const extent = extentAt(graph, order, node, direction * step)
    if (gain === best.gain && extent >= best.extent) continue
    best.gain = gain
    best.extent = extent
    best.steps = direction * step
  }
}

/** How far the edges of a node would reach across the layers if it moved, in places, each layer centred. */
function extentAt(graph: LayeredGraph, { start, place }: Order, node: number, steps: number): number {
  const layer = graph.layer[node]!
  const at = place[node]! + steps - (start[layer + 1]! - start[layer]!) / 2
  let extent = 0
  const up = layer > 0 ? (start[layer]! - start[layer - 1]!) / 2 : 0
  const down = layer + 1 < graph.layerCount ? (start[layer + 2]! - start[layer + 1]!) / 2 : 0
  for (let edge = graph.upStart[node]!; edge < graph.upStart[node + 1]!; edge++) {
    extent += Math.abs(at - place[graph.up[edge]!]! + up)
  }
  for (let edge = graph.downStart[node]!; edge < graph.downStart[node + 1]!; edge++) {
    extent += Math.abs(at - place[graph.down[edge]!]! + down)
  }
  return extent
}

function moveNode({ nodes, place }: Order, first: number, node: number, steps: number): void {
  const from = first + place[node]!
  const to = from + steps
  if (steps < 0) nodes.copyWithin(to + 1, to, from)
  else nodes.copyWithin(from, from + 1, to + 1)
  nodes[to] = node
  for (let index = Math.min(from, to); index <= Math.max(from, to); index++) place[nodes[index]!] = index - first
}

/** Crossings that swapping two nodes of a layer removes, if nothing else of importance stands between them. */
function swapGain(graph: LayeredGraph, place: Int32Array, above: number, below: number): number {
  return (
    sideGain(graph.upStart, graph.up, place, above, below) + sideGain(graph.downStart, graph.down, place, above, below)
  )
}

function sideGain(start: Int32Array, neighbours: Int32Array, place: Int32Array, above: number, below: number): number {
  const [firstA, endA, firstB, endB] = [start[above]!, start[above + 1]!, start[below]!, start[below + 1]!]
  if ((endA - firstA) * (endB - firstB) > MOST_PAIRS) return Number.NEGATIVE_INFINITY
  let gain = 0
  for (let a = firstA; a < endA; a++) {
    const own = place[neighbours[a]!]!
    for (let b = firstB; b < endB; b++) {
      const other = place[neighbours[b]!]!
      if (own > other) gain++
      else if (own < other) gain--
    }
  }
  return gain
}

/**
 * Puts the lower numbers (what stands first in the file) on top where the picture stays the same: nodes with the same
 * neighbours trade places, and the whole is turned upside down if most pairs in a layer stand the wrong way round.
 */
export function preferFileOrder(graph: LayeredGraph, order: Order): void {
  let right = 0
  for (let layer = 0; layer < graph.layerCount; layer++) {
    const reals = order.nodes.subarray(order.start[layer]!, order.start[layer + 1]!).filter((v) => v < graph.realCount)
    reals.forEach((node, index) => {
      if (index > 0) right += Math.sign(node - reals[index - 1]!)
    })
  }
  if (right < 0) turnOver(order)
  for (let layer = 0; layer < graph.layerCount; layer++) sortTwins(graph, order, layer)
}

function turnOver({ start, nodes, place }: Order): void {
  for (let layer = 0; layer + 1 < start.length; layer++) {
    const own = nodes.subarray(start[layer]!, start[layer + 1]!).reverse()
    own.forEach((node, index) => {
      place[node] = index
    })
  }
}

function sortTwins(graph: LayeredGraph, { start, nodes, place }: Order, layer: number): void {
  const twins = new Map<string, number[]>()
  for (let index = start[layer]!; index < start[layer + 1]!; index++) {
    const node = nodes[index]!
    if (node >= graph.realCount) continue
    const up = graph.up.subarray(graph.upStart[node]!, graph.upStart[node + 1]!)
    const down = graph.down.subarray(graph.downStart[node]!, graph.downStart[node + 1]!)
    const key = `${graph.group[node]!}|${up}|${down}`
    const same = twins.get(key)
    if (same) same.push(node)
    else twins.set(key, [node])
  }
  for (const same of twins.values()) {
    const places = same.map((node) => place[node]!)
    same
      .sort((a, b) => a - b)
      .forEach((node, index) => {
        place[node] = places[index]!
        nodes[start[layer]! + places[index]!] = node
      })
  }
}
