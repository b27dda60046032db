import type { GroupTree } from './group-tree.ts'
import type { LayeredGraph } from './layered-graph.ts'
import type { Order } from './order.ts'

/** Moves per node after which a layer is too far from sorted for insertion. */
const MOST_MOVES = 16

/**
 * Sorts layers by wishes of their nodes, groups kept together. Wishes and positions are shares of a layer's length, 0
 * to 1, so that they compare between layers.
 *
 * Invariant: where two groups stand in one, the one that is first is so in every layer that both span. So frames can
 * be drawn around them that do not overlap. It holds after every layer has been arranged since the last `placeGroups`.
 */
export interface Arranger {
  /** Of each node, kept up to date by `arrange`. */
  readonly position: Float64Array
  readonly wish: Float64Array
  /** Lets each group go where its nodes are in the middle, by `values` of all nodes. */
  placeGroups(values: Float64Array): void
  /** Sorts one layer of the order by `wish`; what wishes for the same stays in its order. */
  arrange(layer: number): void
  /** Takes the positions anew from the order. */
  notePositions(): void
}

export function createArranger(graph: LayeredGraph, groups: GroupTree, order: Order): Arranger {
  const position = new Float64Array(graph.size)
  const wish = new Float64Array(graph.size)
  const groupWish = new Float64Array(groups.parents.length)
  const compare = compareInGroups(graph, groups, order, wish, groupWish)
  const byWish = (a: number, b: number) => wish[a]! - wish[b]! || order.place[a]! - order.place[b]!
  const note = (layer: number) => {
    const first = order.start[layer]!
    const width = order.start[layer + 1]! - first
    for (let index = 0; index < width; index++) {
      order.place[order.nodes[first + index]!] = index
      position[order.nodes[first + index]!] = (index + 0.5) / width
    }
  }
  const notePositions = () => {
    for (let layer = 0; layer < graph.layerCount; layer++) note(layer)
  }
  notePositions()
  return {
    position,
    wish,
    notePositions,
    placeGroups: (values) => meanOfGroups(graph, groups, values, groupWish),
    arrange: (layer) => {
      const first = order.start[layer]!
      const end = order.start[layer + 1]!
      if (groups.parents.length > 0) order.nodes.subarray(first, end).sort(compare)
      else if (!insertionSort(order.nodes, first, end, wish)) order.nodes.subarray(first, end).sort(byWish)
      note(layer)
    },
  }
}

/** Fast for layers that are nearly sorted, as they mostly are. False where it gave up: then some nodes have moved. */
function insertionSort(nodes: Int32Array, first: number, end: number, wish: Float64Array): boolean {
  let left = MOST_MOVES * (end - first)
  for (let index = first + 1; index < end; index++) {
    const node = nodes[index]!
    const own = wish[node]!
    let to = index
    for (; to > first && wish[nodes[to - 1]!]! > own; to--) nodes[to] = nodes[to - 1]!
    nodes[to] = node
    left -= index - to
    if (left < 0) return false
  }
  return true
}

function meanOfGroups(graph: LayeredGraph, groups: GroupTree, values: Float64Array, mean: Float64Array): void {
  const count = new Int32Array(mean.length)
  mean.fill(0)
  for (let node = 0; node < graph.size; node++) {
    for (let group = graph.group[node]!; group >= 0; group = groups.parents[group]!) {
      mean[group]! += values[node]!
      count[group]!++
    }
  }
  for (let group = 0; group < mean.length; group++) mean[group]! /= Math.max(1, count[group]!)
}

/**
 * Compares two nodes by what they stand in under the innermost group that holds both: a node by its wish, a group by
 * its own. Ties: nodes before groups, nodes by their place, groups by their number.
 */
function compareInGroups(
  graph: LayeredGraph,
  { parents, depth }: GroupTree,
  { place }: Order,
  wish: Float64Array,
  groupWish: Float64Array,
): (a: number, b: number) => number {
  return (a, b) => {
    let [groupA, groupB] = [graph.group[a]!, graph.group[b]!]
    let [sideA, sideB] = [-1, -1]
    const depthOf = (group: number) => (group < 0 ? 0 : depth[group]!)
    while (groupA !== groupB) {
      const [depthA, depthB] = [depthOf(groupA), depthOf(groupB)]
      if (depthA >= depthB) {
        sideA = groupA
        groupA = parents[groupA]!
      }
      if (depthB >= depthA) {
        sideB = groupB
        groupB = parents[groupB]!
      }
    }
    const difference = (sideA < 0 ? wish[a]! : groupWish[sideA]!) - (sideB < 0 ? wish[b]! : groupWish[sideB]!)
    if (difference !== 0) return difference
    return sideA < 0 && sideB < 0 ? place[a]! - place[b]! : sideA - sideB
  }
}
