import type { Graph } from '../graph.ts'
import type { Layout, LayoutGroup, LayoutOptions } from '../layout.ts'
import { clearCurves, costOfScene, type Scene, sceneOf } from './clear-curves.ts'
import { type Columns, columnsOf } from './columns.ts'
import { componentsOf, subgraph } from './components.ts'
import { coordinatesOf } from './coordinates.ts'
import { type GroupTree, groupTree } from './group-tree.ts'
import { gapsOf, lanesOf, straightenFrames } from './lanes.ts'
import { type LayeredGraph, layeredGraph, simpleAcyclic } from './layered-graph.ts'
import { followPlaces, preferFileOrder, removeCrossings } from './local-search.ts'
import { countCrossings } from './order.ts'
import { type Picture, pack } from './pack.ts'
import { ranksOf } from './ranks.ts'
import { shortenEdges } from './shorten-edges.ts'
import { orderAsBefore, type Untangled, untangle } from './untangle.ts'

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

/** Up to this many nodes and edges (those of dummies, too) edges are made as short as they can be. */
const MOST_SHORTENED = 1000
/** Beyond this many nodes curves pass behind cards wherever one looks; moving single nodes would not help. */
const MOST_CLEARED = 150

function pictureOf(part: Part, report: (share: number) => void): Picture {
  const { graph, sizes, groups, previous } = part
  if (graph.size === 1 && groups.length === 0) {
    return { corners: new Float64Array(2), width: sizes[0]!, height: sizes[1]!, middle: middleOf(previous) }
  }
  const [first, ...others] = ordersOf(part, report)
  let best = draw(part, first!)
  let least = others.length > 0 ? costOfScene(best.scene) : 0
  for (const ordered of others) {
    const drawing = draw(part, ordered)
    const cost = costOfScene(drawing.scene)
    if (cost >= least) continue
    best = drawing
    least = cost
  }
  return frame(part, best)
}

interface Ordered extends Untangled {
  readonly layered: LayeredGraph
  /** The present places of its nodes, where the present order is kept. */
  readonly kept: Float64Array | null
}

/** Up to this size both ways to place what could stand in several layers are tried. */
const MOST_TRIED_TWICE = 400
/** How much the second way must be better. */
const WORTH_STANDING_LATE = 0.9
/** Of each way, so many orders of a small graph are drawn, to take the best picture. */
const MOST_DRAWN = 4

/** One order or, for a small graph, several to choose from by their pictures. */
function ordersOf(part: Part, report: (share: number) => void): readonly Ordered[] {
  const { graph, tree } = part
  const ordered = (neutral: 'early' | 'late') =>
    orderOf(layeredGraph(graph, ranksOf(graph, neutral), tree.groupOf, tree.parents), part, report)
  const early = ordered('early')
  if (graph.size > MOST_TRIED_TWICE || early[0]!.crossings === 0) return early.slice(0, 1)
  const late = ordered('late')
  if (graph.size <= MOST_CLEARED) return [...early.slice(0, MOST_DRAWN), ...late.slice(0, MOST_DRAWN)]
  return [late[0]!.crossings < WORTH_STANDING_LATE * early[0]!.crossings ? late[0]! : early[0]!]
}

/**
 * The order of the present picture is kept, where there is one, unless a new one has far fewer crossings: so that a
 * small edit moves little.
 */
const WORTH_A_NEW_ORDER = 0.75

function orderOf(layered: LayeredGraph, part: Part, report: (share: number) => void): readonly Ordered[] {
  const { tree, previous, across } = part
  const fresh = untangle(layered, tree, report)
  for (const { order } of fresh) preferFileOrder(layered, order)
  report(1)
  const renewed = fresh.map((one): Ordered => ({ ...one, layered, kept: null }))
  if (previous === null) return renewed
  const known = Float64Array.from(
    { length: layered.realCount },
    (_, node) => previous[2 * node + across]! + part.sizes[2 * node + across]! / 2,
  )
  const { order, places } = orderAsBefore(layered, tree, known)
  const crossings = removeCrossings(layered, order, countCrossings(layered, order))
  if (fresh[0]!.crossings < crossings * WORTH_A_NEW_ORDER - 1) return renewed
  return [{ order, crossings, layered, kept: places }]
}

interface Drawing {
  readonly scene: Scene
  readonly places: Float64Array
  readonly columns: Columns
}

function draw(part: Part, { layered, order, kept }: Ordered): Drawing {
  const { graph, sizes, tree, groups, across } = part
  const columns = columnsOf(layered, tree, groups, sizes, (1 - across) as 0 | 1)
  const place = () => {
    const lanes = lanesOf(layered, order, tree, groups, sizes, across)
    const free = coordinatesOf(layered, order, gapsOf(layered, lanes), kept)
    const places = groups.length > 0 ? straightenFrames(layered, groups.length, lanes, free) : free
    if (shortened) shortenEdges(layered, lanes, columns, places)
    return { lanes, places }
  }
  const shortened = kept === null && layered.size + layered.down.length <= MOST_SHORTENED
  let { lanes, places } = place()
  if (shortened && followPlaces(layered, order, places)) ({ lanes, places } = place())
  const scene = sceneOf(graph, layered, lanes, columns, (node) => sizes[2 * node + across]! / 2, places)
  if (graph.size <= MOST_CLEARED) clearCurves(scene, lanes)
  return { scene, places, columns }
}

function frame(part: Part, { scene: { layered }, places, columns }: Drawing): Picture {
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

/** The mean corner of what has one; null where nothing has. */
function middleOf(previous: Float64Array | null): readonly [x: number, y: number] | null {
  if (previous === null) return null
  const mean = [0, 1].map((axis) => {
    const known = previous.filter((place, index) => (index & 1) === axis && !Number.isNaN(place))
    return known.reduce((sum, place) => sum + place, 0) / known.length
  })
  return [mean[0]!, mean[1]!]
}
