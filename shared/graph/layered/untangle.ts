import { type Arranger, createArranger } from './arrange.ts'
import type { GroupTree } from './group-tree.ts'
import type { LayeredGraph } from './layered-graph.ts'
import { removeCrossings } from './local-search.ts'
import { assignOrder, copyOrder, countCrossings, firstOrder, type Order } from './order.ts'

/** How far, in shares of a layer's length, a neighbour may be before its pull wanes. */
interface Tolerance {
  readonly from: number
  readonly to: number
}

/** So far that all neighbours pull alike. */
const ALL_ALIKE: Tolerance = { from: 1e3, to: 1e3 }
const NEAR_ONES: Tolerance = { from: 0.3, to: 0.02 }
/** The share of its own place that a node keeps in a round: without it, layers would swap sides for ever. */
const INERTIA = 0.2
/** Rounds between two sortings of the layers. */
const ROUNDS_PER_SORT = 4

/** Rounds of a start with all neighbours alike, with the near ones counting more, and of the best start at the end. */
const ROUNDS = 200
const NEAR_ROUNDS = 60
const FINAL_ROUNDS = 160
/** Visits of nodes and edges in all rounds of all starts: about half a second. */
const MOST_VISITS = 60e6

/** From how many nodes on fewer starts are made: the larger the graph, the less they differ. */
function startsFor(size: number): number {
  if (size <= 400) return 16
  if (size <= 4000) return 6
  return size <= 20_000 ? 4 : 3
}

export interface Untangled {
  readonly order: Order
  readonly crossings: number
}

/** Up to this many nodes and edges, crossings are removed from where every start led, not only from the best. */
const MOST_POLISHED = 250

/**
 * Orders of all layers that untangle the graph as a whole, with the local crossings removed: one, or for a small graph
 * all that were found, those with the fewest crossings first.
 *
 * Every node is drawn to the mean of its neighbours in both directions, again and again, and each layer is spread out
 * evenly now and then: power iteration towards the order of the second eigenvector, with which Koren and Harel ("A
 * multi-scale algorithm for the linear arrangement problem", 2002) begin, too. Then far neighbours count less and less,
 * which turns the mean into a median: one stray edge no longer drags a node away. Where it ends depends on where it
 * begins, so several beginnings are tried; the first is a depth-first search, and wins ties.
 */
export function untangle(
  graph: LayeredGraph,
  groups: GroupTree,
  report: (share: number) => void,
): readonly Untangled[] {
  const order = firstOrder(graph)
  const arranger = createArranger(graph, groups, order)
  arranger.wish.set(arranger.position)
  arrangeAll(graph, arranger)
  const best = copyOrder(order)
  let least = countCrossings(graph, order)
  const starts = startsFor(graph.size)
  const visits = starts * (graph.size + 2 * graph.down.length) * (ROUNDS + NEAR_ROUNDS)
  const share = Math.min(1, MOST_VISITS / visits)
  const found: Untangled[] = []
  const keep = () => {
    if (graph.size + graph.down.length <= MOST_POLISHED) found.push(polished(graph, order))
    least = keepBetter(graph, order, best, least)
  }
  for (let start = 0; start < starts && least > 0; start++) {
    if (start > 0) scatter(arranger.position, start)
    drawTogether(graph, arranger, Math.ceil(ROUNDS * share), ALL_ALIKE)
    drawTogether(graph, arranger, Math.ceil(NEAR_ROUNDS * share), NEAR_ONES)
    keep()
    report((start + 1) / (starts + 1))
  }
  if (least > 0) {
    assignOrder(order, best)
    arranger.notePositions()
    drawTogether(graph, arranger, Math.ceil(FINAL_ROUNDS * share), NEAR_ONES)
    keep()
  }
  if (least === 0 || found.length === 0) return [polished(graph, best)]
  return distinct(found).sort((a, b) => a.crossings - b.crossings)
}

function polished(graph: LayeredGraph, order: Order): Untangled {
  const own = copyOrder(order)
  return { order: own, crossings: removeCrossings(graph, own, countCrossings(graph, own)) }
}

function distinct(found: readonly Untangled[]): Untangled[] {
  return [...new Map(found.toReversed().map((one) => [one.order.nodes.join(), one])).values()].reverse()
}

function keepBetter(graph: LayeredGraph, order: Order, best: Order, least: number): number {
  const crossings = countCrossings(graph, order)
  const shorter = crossings === least && extentOf(graph, order) < LEAST_SHORTENING * extentOf(graph, best)
  if (crossings > least || (crossings === least && !shorter)) return least
  assignOrder(best, order)
  return crossings
}

/** With as many crossings, an order must have edges shorter by this factor to be better than an earlier one. */
const LEAST_SHORTENING = 0.99

/** How far all edges reach across the layers, in places, each layer centred. */
function extentOf(graph: LayeredGraph, { start, place }: Order): number {
  let extent = 0
  for (let node = 0; node < graph.size; node++) {
    const layer = graph.layer[node]!
    if (layer + 1 === graph.layerCount) continue
    const shift = (start[layer + 2]! - 2 * start[layer + 1]! + start[layer]!) / 2
    for (let edge = graph.downStart[node]!; edge < graph.downStart[node + 1]!; edge++) {
      extent += Math.abs(place[node]! + shift - place[graph.down[edge]!]!)
    }
  }
  return extent
}

/**
 * The order of a picture that is there: nodes by their present `places` across the layers (NaN: none yet), dummies and
 * new nodes where their neighbours are. Returns it with the places of all of them.
 */
export function orderAsBefore(graph: LayeredGraph, groups: GroupTree, places: Float64Array) {
  const order = firstOrder(graph)
  const arranger = createArranger(graph, groups, order)
  const known = Float64Array.from({ length: graph.size }, (_, node) => places[node] ?? Number.NaN)
  const present = known.filter((place) => !Number.isNaN(place))
  const middle = present.reduce((sum, place) => sum + place / present.length, 0)
  const { position, wish } = arranger
  position.set(known.map((place) => (Number.isNaN(place) ? middle : place)))
  for (let round = 0; round < ROUNDS; round++) {
    drawOnce(graph, arranger, ALL_ALIKE.from * 1e6)
    for (let node = 0; node < graph.size; node++)
      position[node] = Number.isNaN(known[node]!) ? wish[node]! : known[node]!
  }
  wish.set(position)
  arrangeAll(graph, arranger)
  return { order, places: wish.slice() }
}

/** Places that look random and are the same for the same seed: a linear congruential generator. */
function scatter(position: Float64Array, seed: number): void {
  let state = seed
  for (let node = 0; node < position.length; node++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    position[node] = (state >>> 0) / 2 ** 32
  }
}

function drawTogether(graph: LayeredGraph, arranger: Arranger, rounds: number, tolerance: Tolerance): void {
  for (let round = 1; round <= rounds; round++) {
    drawOnce(graph, arranger, tolerance.from * (tolerance.to / tolerance.from) ** (round / rounds))
    if (round % ROUNDS_PER_SORT === 0 || round === rounds) arrangeAll(graph, arranger)
    else arranger.position.set(arranger.wish)
  }
}

/** Written out for both directions: this is where most of the time goes. */
function drawOnce({ size, downStart, down, upStart, up }: LayeredGraph, arranger: Arranger, tolerance: number): void {
  const { position, wish } = arranger
  for (let node = 0; node < size; node++) {
    const own = position[node]!
    let sum = 0
    let total = 0
    for (let edge = downStart[node]!; edge < downStart[node + 1]!; edge++) {
      const other = position[down[edge]!]!
      const weight = 1 / (tolerance + Math.abs(other - own))
      sum += weight * other
      total += weight
    }
    for (let edge = upStart[node]!; edge < upStart[node + 1]!; edge++) {
      const other = position[up[edge]!]!
      const weight = 1 / (tolerance + Math.abs(other - own))
      sum += weight * other
      total += weight
    }
    wish[node] = total > 0 ? INERTIA * own + (1 - INERTIA) * (sum / total) : own
  }
}

function arrangeAll(graph: LayeredGraph, arranger: Arranger): void {
  arranger.placeGroups(arranger.wish)
  for (let layer = 0; layer < graph.layerCount; layer++) arranger.arrange(layer)
}
