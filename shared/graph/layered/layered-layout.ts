import type { Graph } from '../graph.ts'
import type { Layout, LayoutGroup, LayoutOptions } from '../layout.ts'
import { FRAME_SPACE, LAYER_SPACE } from '../spacing.ts'
import { componentsOf, subgraph } from './components.ts'
import { coordinatesOf } from './coordinates.ts'
import { type GroupTree, groupTree } from './group-tree.ts'
import { gapsOf, lanesOf, straightenFrames } from './lanes.ts'
import { type LayeredGraph, layeredGraph, simpleAcyclic } from './layered-graph.ts'
import { preferFileOrder, removeCrossings } from './local-search.ts'
import { countCrossings } from './order.ts'
import { type Picture, pack } from './pack.ts'
import { ranksOf } from './ranks.ts'
import { orderAsBefore, untangle } from './untangle.ts'

/** One connected part, its nodes numbered from 0. */
interface Part {
  readonly graph: Graph
  readonly sizes: Float64Array
  readonly tree: GroupTree
  readonly groups: readonly LayoutGroup[]
  /** 1 where edges lead to the right and layers are columns, 0 where they lead down: the axis across the layers. */
  readonly across: 0 | 1
  /** Present corners, NaN for nodes without; null where there is no picture yet. */
  readonly previous: Float64Array | null
}

/**
 * Sugiyama's method on typed arrays, for graphs of any size: cycles broken, layers by longest path and tightening,
 * lanes for long edges, an order of few crossings, places by isotonic regression, straight frames around groups, parts
 * that nothing links packed. O(edges · log width) a round and without recursion.
 */
export const layeredLayout: Layout = (graph, sizes, { direction, groups = [], previous }, report = () => {}) => {
  const across = direction === 'LR' ? 1 : 0
  const simple = simpleAcyclic(graph)
  const tree = groupTree(graph.size, groups)
  const components = componentsOf(simple, tree)
  let done = 0
  const pictures = components.map((nodes): Picture => {
    const share = nodes.length / graph.size
    const picture = pictureOf(partOf(simple, nodes, sizes, tree, groups, across, previous), (own) =>
      report(done + own * share),
    )
    done += share
    return picture
  })
  const positions = new Float64Array(2 * graph.size)
  const corners = pack(pictures, across)
  components.forEach((nodes, index) => {
    nodes.forEach((node, place) => {
      positions[2 * node] = pictures[index]!.corners[2 * place]! + corners[index]![0]
      positions[2 * node + 1] = pictures[index]!.corners[2 * place + 1]! + corners[index]![1]
    })
  })
  return positions
}

const NO_GROUPS = new Int32Array()

function partOf(
  graph: Graph,
  nodes: Int32Array,
  sizes: Float64Array,
  tree: GroupTree,
  groups: readonly LayoutGroup[],
  across: 0 | 1,
  previous: LayoutOptions['previous'],
): Part {
  const pairs = (values: Float64Array) =>
    Float64Array.from({ length: 2 * nodes.length }, (_, index) => values[2 * nodes[index >> 1]! + (index & 1)]!)
  const groupOf = nodes.map((node) => tree.groupOf[node]!)
  const grouped = groupOf.some((group) => group >= 0)
  const known = previous === undefined ? null : pairs(previous)
  return {
    graph: nodes.length === graph.size ? graph : subgraph(graph, nodes),
    sizes: pairs(sizes),
    tree: grouped ? { ...tree, groupOf } : { groupOf, parents: NO_GROUPS, depth: NO_GROUPS },
    groups: grouped ? groups : [],
    across,
    previous: known?.some((place) => !Number.isNaN(place)) ? known : null,
  }
}

function pictureOf(part: Part, report: (share: number) => void): Picture {
  const { graph, sizes, tree, groups, across, previous } = part
  if (graph.size === 1 && groups.length === 0) {
    return { corners: new Float64Array(2), width: sizes[0]!, height: sizes[1]!, middle: middleOf(previous) }
  }
  const layered = layeredGraph(graph, ranksOf(graph), tree.groupOf, tree.parents)
  const { order, places: before } = orderOf(layered, part, report)
  const lanes = lanesOf(layered, order, tree, groups, sizes, across)
  const free = coordinatesOf(layered, order, gapsOf(layered, lanes), before)
  const places = groups.length > 0 ? straightenFrames(layered, groups.length, lanes, free) : free
  return frame(part, layered, places)
}

/**
 * The order of the present picture is kept, where there is one, unless a new one has far fewer crossings: so that a
 * small edit moves little.
 */
const WORTH_A_NEW_ORDER = 0.75

function orderOf(layered: LayeredGraph, part: Part, report: (share: number) => void) {
  const { tree, previous, across } = part
  const fresh = untangle(layered, tree, report)
  const left = removeCrossings(layered, fresh.order, fresh.crossings)
  preferFileOrder(layered, fresh.order)
  report(1)
  if (previous === null) return { order: fresh.order, places: null }
  const places = Float64Array.from(
    { length: layered.realCount },
    (_, node) => previous[2 * node + across]! + part.sizes[2 * node + across]! / 2,
  )
  const kept = orderAsBefore(layered, tree, places)
  const leftOfKept = removeCrossings(layered, kept.order, countCrossings(layered, kept.order))
  return left < leftOfKept * WORTH_A_NEW_ORDER - 1 ? { order: fresh.order, places: null } : kept
}

function frame(
  { graph, sizes, across, groups, previous, tree }: Part,
  layered: LayeredGraph,
  places: Float64Array,
): Picture {
  const along = across === 1 ? 0 : 1
  const columns = columnsOf(layered, sizes, along, groups, tree)
  const corners = new Float64Array(2 * graph.size)
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let node = 0; node < graph.size; node++) {
    const layer = layered.layer[node]!
    const size = sizes[2 * node + across]!
    corners[2 * node + along] = columns.begin[layer]! + (columns.depth[layer]! - sizes[2 * node + along]!) / 2
    corners[2 * node + across] = places[node]! - size / 2
    first = Math.min(first, places[node]! - size / 2)
    last = Math.max(last, places[node]! + size / 2)
  }
  for (let border = layered.size; border < places.length; border++) {
    if (!Number.isFinite(places[border]!)) continue
    first = Math.min(first, places[border]!)
    last = Math.max(last, places[border]!)
  }
  for (let node = 0; node < graph.size; node++) corners[2 * node + across]! -= first
  const extent = last - first
  const [width, height] = across === 1 ? [columns.length, extent] : [extent, columns.length]
  return { corners, width, height, middle: middleOf(previous) }
}

interface Columns {
  readonly begin: Float64Array
  readonly depth: Float64Array
  readonly length: number
}

/** Where each layer begins and how deep it is. Frames that end in one and begin in the next need room between them. */
function columnsOf(
  { layer, layerCount }: LayeredGraph,
  sizes: Float64Array,
  along: 0 | 1,
  groups: readonly LayoutGroup[],
  { groupOf, parents }: GroupTree,
): Columns {
  const depth = new Float64Array(layerCount)
  const firstLayer = new Int32Array(groups.length).fill(layerCount)
  const lastLayer = new Int32Array(groups.length).fill(-1)
  for (let node = 0; node < sizes.length / 2; node++) {
    depth[layer[node]!] = Math.max(depth[layer[node]!]!, sizes[2 * node + along]!)
    for (let group = groupOf[node]!; group >= 0; group = parents[group]!) {
      firstLayer[group] = Math.min(firstLayer[group]!, layer[node]!)
      lastLayer[group] = Math.max(lastLayer[group]!, layer[node]!)
    }
  }
  const before = new Float64Array(layerCount)
  const after = new Float64Array(layerCount)
  groups.forEach(({ frame: own }, group) => {
    if (own === undefined || lastLayer[group]! < 0) return
    const [start, end] = along === 0 ? [own.left, own.right] : [own.top, own.bottom]
    before[firstLayer[group]!] = Math.max(before[firstLayer[group]!]!, start)
    after[lastLayer[group]!] = Math.max(after[lastLayer[group]!]!, end)
  })
  const begin = new Float64Array(layerCount)
  let at = 0
  for (let own = 0; own < layerCount; own++) {
    const framed = before[own]! + (own > 0 ? after[own - 1]! : 0)
    const space = own === 0 ? framed : Math.max(LAYER_SPACE, framed > 0 ? framed + FRAME_SPACE : 0)
    begin[own] = at + space
    at = begin[own]! + depth[own]!
  }
  return { begin, depth, length: at + (after.at(-1) ?? 0) }
}

/** The mean corner of what has one; null where nothing has. */
function middleOf(previous: Float64Array | null): readonly [x: number, y: number] | null {
  if (previous === null) return null
  const mean = [0, 1].map((axis) => {
    const known = previous.filter((place, index) => (index & 1) === axis && !Number.isNaN(place))
    return known.reduce((sum, place) => sum + place, 0) / known.length
  })
  return [mean[0]!, mean[1]!]
}
