import { LAYER_SPACE } from '../spacing.ts'
import type { LayeredGraph } from './layered-graph.ts'
import type { Order } from './order.ts'

const PULL = [1, 2, 8] as const
/** Rounds over all layers; the last ones look both up and down, and at lengths instead of squares. */
const ROUNDS = 60
const FINAL_ROUNDS = 20
const SETTLING_ROUNDS = 6

/**
 * Places across the layers (heights where edges lead to the right), of the middles of all nodes. `gap[v]` is the least
 * distance of node v to the one before it in its layer. `before` has the places of a picture that this one is to be
 * like.
 *
 * Layer by layer, the places nearest to what each node's neighbours pull it to, in the sense of least squares, that
 * keep order and gaps. Without the gaps that is isotonic regression, which pooling of adjacent violators solves in one
 * pass: Barlow, Bartholomew, Bremner, Brunk, "Statistical Inference under Order Restrictions" (1972).
 */
export function coordinatesOf(
  graph: LayeredGraph,
  order: Order,
  gap: Float64Array,
  before: Float64Array | null,
): Float64Array {
  const offset = offsetsOf(graph, order, gap)
  const places = before === null ? spreadEvenly(graph, order, offset) : before.slice()
  const pools = createPools(graph.size)
  // What is there needs only settling: more rounds would carry it away.
  for (let round = before === null ? 0 : ROUNDS - SETTLING_ROUNDS; round < ROUNDS; round++) {
    const final = round >= ROUNDS - FINAL_ROUNDS
    const upwards = round % 2 === 1
    for (let step = 0; step < graph.layerCount; step++) {
      const layer = upwards ? graph.layerCount - 1 - step : step
      const first = order.start[layer]!
      const end = order.start[layer + 1]!
      pools.clear()
      for (let index = first; index < end; index++) {
        const node = order.nodes[index]!
        const wish = pullOn(
          graph,
          node,
          places,
          final || !upwards,
          final || upwards,
          final ? LAYER_SPACE : Number.POSITIVE_INFINITY,
        )
        pools.add(wish.place - offset[node]!, wish.weight)
      }
      for (let index = first; index < end; index++) {
        const node = order.nodes[index]!
        places[node] = pools.valueOf(index - first) + offset[node]!
      }
    }
  }
  return places
}

const NO_PULL = 0.1
const pull = { place: 0, weight: 0 }

/**
 * Where its neighbours in the layers before (`up`) and after (`down`) would have a node; the answer is reused. With
 * `tolerance`, in pixels, an edge's pull is divided by that and its extent across the layers: then the squares that are
 * minimised come near to lengths (iteratively reweighted least squares).
 */
export function pullOn(
  graph: LayeredGraph,
  node: number,
  places: Float64Array,
  up: boolean,
  down: boolean,
  tolerance = Number.POSITIVE_INFINITY,
) {
  pull.place = 0
  pull.weight = 0
  if (up) addPull(graph, graph.upStart, graph.up, node, places, tolerance)
  if (down) addPull(graph, graph.downStart, graph.down, node, places, tolerance)
  if (pull.weight > 0) pull.place /= pull.weight
  else {
    pull.place = places[node]!
    pull.weight = NO_PULL
  }
  return pull
}

/** How strongly an edge pulls its ends to one height, by how many of its ends are dummies: long edges run straight. */
export function strengthOf(realCount: number, from: number, to: number): number {
  return PULL[(from >= realCount ? 1 : 0) + (to >= realCount ? 1 : 0)]!
}

function addPull(
  { realCount }: LayeredGraph,
  start: Int32Array,
  neighbours: Int32Array,
  node: number,
  places: Float64Array,
  tolerance: number,
): void {
  for (let edge = start[node]!; edge < start[node + 1]!; edge++) {
    const other = neighbours[edge]!
    const strength = strengthOf(realCount, node, other)
    const weight = tolerance < 1e6 ? strength / Math.hypot(tolerance, places[other]! - places[node]!) : strength
    pull.place += weight * places[other]!
    pull.weight += weight
  }
}

/** Distance of each node from the first of its layer, where all stand as close as they may. */
function offsetsOf(graph: LayeredGraph, { start, nodes }: Order, gap: Float64Array): Float64Array {
  const offset = new Float64Array(graph.size)
  for (let layer = 0; layer < graph.layerCount; layer++) {
    for (let index = start[layer]! + 1; index < start[layer + 1]!; index++) {
      offset[nodes[index]!] = offset[nodes[index - 1]!]! + gap[nodes[index]!]!
    }
  }
  return offset
}

/** Every layer as long as the longest, around one middle. */
function spreadEvenly(graph: LayeredGraph, { start, nodes }: Order, offset: Float64Array): Float64Array {
  const longest = offset.reduce((most, own) => Math.max(most, own), 0)
  const places = new Float64Array(graph.size)
  for (let layer = 0; layer < graph.layerCount; layer++) {
    const length = offset[nodes[start[layer + 1]! - 1]!]!
    const stretch = length > 0 ? longest / length : 0
    for (let index = start[layer]!; index < start[layer + 1]!; index++) {
      places[nodes[index]!] = offset[nodes[index]!]! * stretch - (length > 0 ? longest / 2 : 0)
    }
  }
  return places
}

/** Isotonic regression by pooling: values are added in order; each ends up with the weighted mean of its pool. */
function createPools(size: number) {
  const value = new Float64Array(size)
  const weight = new Float64Array(size)
  const end = new Int32Array(size)
  let count = 0
  let added = 0
  let reading = 0
  return {
    clear() {
      count = 0
      added = 0
      reading = 0
    },
    add(ownValue: number, ownWeight: number) {
      let mean = ownValue
      let total = ownWeight
      while (count > 0 && value[count - 1]! >= mean) {
        count--
        mean = (mean * total + value[count]! * weight[count]!) / (total + weight[count]!)
        total += weight[count]!
      }
      value[count] = mean
      weight[count] = total
      end[count++] = ++added
    },
    /** Of the value added as number `index`; to be asked in ascending order. */
    valueOf(index: number): number {
      while (end[reading]! <= index) reading++
      return value[reading]!
    },
  }
}
