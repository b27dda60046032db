import type { Graph } from '../graph.ts'
import type { Layout, LayoutGroup, LayoutOptions } from '../layout.ts'
import { FRAME_SPACE, LAYER_SPACE } from '../spacing.ts'
import { clearCurves } from './clear-curves.ts'
import { componentsOf, subgraph } from './components.ts'
import { coordinatesOf } from './coordinates.ts'
import { type GroupTree, groupTree } from './group-tree.ts'
import { gapsOf, lanesOf, straightenFrames } from './lanes.ts'
import { type LayeredGraph, layeredGraph, simpleAcyclic } from './layered-graph.ts'
import { preferFileOrder, removeCrossings } from './local-search.ts'
import { countCrossings, crossingsPerLayer, type Order } from './order.ts'
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
  const { layered, order, places: before } = bestOrder(part, report)
  const lanes = lanesOf(layered, order, tree, groups, sizes, across)
  const free = coordinatesOf(layered, order, gapsOf(layered, lanes), before)
  const places = groups.length > 0 ? straightenFrames(layered, groups.length, lanes, free) : free
  const columns = columnsOf(layered, order, part)
  clearCurves(graph, layered, lanes, columns, (node) => sizes[2 * node + across]! / 2, places)
  return frame(part, layered, places, columns)
}

interface Ordered {
  readonly layered: LayeredGraph
  readonly order: Order
  readonly crossings: number
  /** The present places of its nodes, where the present order is kept. */
  readonly places: Float64Array | null
}

/** Up to this size both ways to place what could stand in several layers are tried. */
const MOST_TRIED_TWICE = 400
/** How much the second way must be better. */
const WORTH_STANDING_LATE = 0.9

function bestOrder(part: Part, report: (share: number) => void): Ordered {
  const { graph, tree } = part
  const ordered = (neutral: 'early' | 'late') =>
    orderOf(layeredGraph(graph, ranksOf(graph, neutral), tree.groupOf, tree.parents), part, report)
  const early = ordered('early')
  if (graph.size > MOST_TRIED_TWICE || early.crossings === 0) return early
  const late = ordered('late')
  return late.crossings < WORTH_STANDING_LATE * early.crossings ? late : early
}

/**
 * The order of the present picture is kept, where there is one, unless a new one has far fewer crossings: so that a
 * small edit moves little.
 */
const WORTH_A_NEW_ORDER = 0.75

function orderOf(layered: LayeredGraph, part: Part, report: (share: number) => void): Ordered {
  const { tree, previous, across } = part
  const fresh = untangle(layered, tree, report)
  const left = removeCrossings(layered, fresh.order, fresh.crossings)
  preferFileOrder(layered, fresh.order)
  report(1)
  const renewed: Ordered = { layered, order: fresh.order, crossings: left, places: null }
  if (previous === null) return renewed
  const places = Float64Array.from(
    { length: layered.realCount },
    (_, node) => previous[2 * node + across]! + part.sizes[2 * node + across]! / 2,
  )
  const kept = orderAsBefore(layered, tree, places)
  const leftOfKept = removeCrossings(layered, kept.order, countCrossings(layered, kept.order))
  if (left < leftOfKept * WORTH_A_NEW_ORDER - 1) return renewed
  return { layered, ...kept, crossings: leftOfKept }
}

function frame(part: Part, layered: LayeredGraph, places: Float64Array, columns: Columns): Picture {
  const { graph, sizes, across, previous } = part
  const along = 1 - across
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

/** More room between layers where many edges cross, in pixels: they rise less steeply, and are told apart. */
const ROOM_PER_CROSSING = 0.25
const MOST_ROOM = 28

/** Where each layer begins and how deep it is. Frames that end in one and begin in the next need room between them. */
function columnsOf(layered: LayeredGraph, order: Order, { sizes, across, groups, tree }: Part): Columns {
  const { layer, layerCount } = layered
  const { groupOf, parents } = tree
  const along = 1 - across
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
  const crossings = crossingsPerLayer(layered, order)
  const begin = new Float64Array(layerCount)
  let at = 0
  for (let own = 0; own < layerCount; own++) {
    const framed = before[own]! + (own > 0 ? after[own - 1]! : 0)
    const space =
      own === 0
        ? framed
        : Math.max(
            LAYER_SPACE + Math.min(MOST_ROOM, (crossings[own - 1] ?? 0) * ROOM_PER_CROSSING),
            framed > 0 ? framed + FRAME_SPACE : 0,
          )
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
