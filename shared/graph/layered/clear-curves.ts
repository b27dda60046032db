import type { Graph } from '../graph.ts'
import type { Lanes } from './lanes.ts'
import type { LayeredGraph } from './layered-graph.ts'

const ROUNDS = 3
/** What a card with a curve behind it costs, in pixels of edge. */
const PENALTY = 100
/** What a crossing costs. */
const CROSSING = 100
/** How near a curve may come to a card, in pixels. */
const CLEARANCE = 6
/** How far nodes are tried from where they are. */
const STEPS_BOTH_WAYS = [8, 16, 24, 36, 52, 72, 100].flatMap((distance) => [-distance, distance])
/** A node this near to the height of a neighbour is moved there, if that costs nothing. */
const NEARLY_LEVEL = 16

/** A picture as it is drawn: its curves are those of the graph, not of the dummies. */
export interface Scene {
  readonly graph: Graph
  readonly layered: LayeredGraph
  /** Nodes of the graph in each layer, in order. */
  readonly layers: readonly (readonly number[])[]
  /** Where each layer begins along the edges, and how deep it is. */
  readonly begin: Float64Array
  readonly depth: Float64Array
  /** Of a node, across the layers. */
  readonly half: (node: number) => number
  readonly places: Float64Array
  /** Edges that pass layers between those of their ends. */
  readonly long: readonly (readonly [from: number, to: number])[]
  readonly edges: readonly (readonly [from: number, to: number])[]
}

export function sceneOf(
  graph: Graph,
  layered: LayeredGraph,
  lanes: Lanes,
  { begin, depth }: { readonly begin: Float64Array; readonly depth: Float64Array },
  half: (node: number) => number,
  places: Float64Array,
): Scene {
  const edges: [number, number][] = []
  for (let node = 0; node < graph.size; node++) {
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      edges.push([node, graph.targets[edge]!])
    }
  }
  const layers = lanes.sequences.map((sequence) => sequence.filter((thing) => thing < graph.size))
  const long = edges.filter(([from, to]) => layered.layer[to]! > layered.layer[from]! + 1)
  return { graph, layered, layers, begin, depth, half, places, long, edges }
}

/**
 * Moves nodes a little, within the room their neighbours in the layer leave them, so that fewer of the curves that are
 * drawn for edges pass behind cards, and so that edges run level where they nearly do. Changes `places` of the scene.
 */
export function clearCurves(scene: Scene, lanes: Lanes): void {
  for (let round = 0; round < ROUNDS; round++) {
    const troubled = troubledNodes(scene)
    for (const node of troubled) improve(scene, lanes, node, STEPS_BOTH_WAYS)
    if (troubled.size === 0) break
  }
  for (let node = 0; node < scene.graph.size; node++) improve(scene, lanes, node, stepsToLevel(scene, node))
}

/** How hard the whole is to read: lengths, crossings, and cards with curves behind them, in pixels of edge. */
export function costOfScene(scene: Scene): number {
  return scene.edges.reduce(
    (sum, [from, to]) =>
      sum +
      lengthOf(scene, from, to) +
      (CROSSING * crossingsOf(scene, from, to)) / 2 +
      PENALTY * cardsBefore(scene, from, to),
    0,
  )
}

function troubledNodes(scene: Scene): Set<number> {
  const troubled = new Set<number>()
  for (const [from, to] of scene.long) {
    for (let layer = scene.layered.layer[from]! + 1; layer < scene.layered.layer[to]!; layer++) {
      for (const node of scene.layers[layer]!) {
        if (!passesBehind(scene, from, to, node)) continue
        troubled.add(node).add(from).add(to)
      }
    }
  }
  return troubled
}

/** Steps to the places of neighbours that are nearly at the node's height, so that their edge runs level. */
function stepsToLevel({ graph, places }: Scene, node: number): readonly number[] {
  const targets = graph.targets.subarray(graph.outStart[node]!, graph.outStart[node + 1]!)
  const sources = graph.sources.subarray(graph.inStart[node]!, graph.inStart[node + 1]!)
  return [...targets, ...sources]
    .map((other) => places[other]! - places[node]!)
    .filter((step) => step !== 0 && Math.abs(step) <= NEARLY_LEVEL)
}

function improve(scene: Scene, lanes: Lanes, node: number, steps: readonly number[]): void {
  const { places } = scene
  const [least, most] = roomOf(scene, lanes, node)
  const home = places[node]!
  let best = home
  let cost = costOf(scene, node)
  for (const step of steps) {
    if (home + step < least || home + step > most) continue
    places[node] = home + step
    const own = costOf(scene, node)
    if (own >= cost) continue
    cost = own
    best = home + step
  }
  places[node] = best
}

/** Between the nodes and borders before and after it; dummies are not drawn and do not count. */
function roomOf({ graph, layered, places }: Scene, { sequences, distance }: Lanes, node: number) {
  const drawn = sequences[layered.layer[node]!]!.filter((thing) => thing < graph.size || thing >= layered.size)
  const index = drawn.indexOf(node)
  const [before, after] = [drawn[index - 1], drawn[index + 1]]
  return [
    before === undefined ? Number.NEGATIVE_INFINITY : places[before]! + distance(before, node),
    after === undefined ? Number.POSITIVE_INFINITY : places[after]! - distance(node, after),
  ] as const
}

/** Length of the node's edges, and a penalty for each card that they pass behind, and for each curve behind its own. */
function costOf(scene: Scene, node: number): number {
  const { graph, layered, long } = scene
  const layer = layered.layer[node]!
  let cost = 0
  const add = (from: number, to: number) => {
    cost += lengthOf(scene, from, to) + CROSSING * crossingsOf(scene, from, to) + PENALTY * cardsBefore(scene, from, to)
  }
  for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) add(node, graph.targets[edge]!)
  for (let edge = graph.inStart[node]!; edge < graph.inStart[node + 1]!; edge++) add(graph.sources[edge]!, node)
  for (const [from, to] of long) {
    if (layered.layer[from]! >= layer || layered.layer[to]! <= layer) continue
    if (passesBehind(scene, from, to, node)) cost += PENALTY
  }
  return cost
}

/** Of the straight line of an edge. */
function lengthOf({ layered: { layer }, begin, depth, places }: Scene, from: number, to: number): number {
  const along = begin[layer[to]!]! - begin[layer[from]!]! - depth[layer[from]!]!
  const rise = places[to]! - places[from]!
  return Math.sqrt(along * along + rise * rise)
}

/** How many cards the curve of an edge passes behind. */
function cardsBefore(scene: Scene, from: number, to: number): number {
  const { layered, layers } = scene
  let cards = 0
  for (let between = layered.layer[from]! + 1; between < layered.layer[to]!; between++) {
    for (const other of layers[between]!) if (passesBehind(scene, from, to, other)) cards++
  }
  return cards
}

/** With how many other edges the straight line of an edge crosses. */
function crossingsOf({ layered: { layer }, begin, depth, places, edges }: Scene, from: number, to: number): number {
  const start = begin[layer[from]!]! + depth[layer[from]!]!
  const slope = (places[to]! - places[from]!) / (begin[layer[to]!]! - start)
  let crossings = 0
  for (const [otherFrom, otherTo] of edges) {
    if (layer[otherFrom]! >= layer[to]! || layer[otherTo]! <= layer[from]!) continue
    if (otherFrom === from || otherTo === to) continue
    const otherStart = begin[layer[otherFrom]!]! + depth[layer[otherFrom]!]!
    const otherSlope = (places[otherTo]! - places[otherFrom]!) / (begin[layer[otherTo]!]! - otherStart)
    const left = Math.max(start, otherStart)
    const right = Math.min(begin[layer[to]!]!, begin[layer[otherTo]!]!)
    const apart = (at: number) =>
      places[from]! + slope * (at - start) - places[otherFrom]! - otherSlope * (at - otherStart)
    if (apart(left) * apart(right) < 0) crossings++
  }
  return crossings
}

function passesBehind({ layered, begin, depth, half, places }: Scene, from: number, to: number, node: number): boolean {
  const layer = layered.layer[node]!
  const start = begin[layered.layer[from]!]! + depth[layered.layer[from]!]!
  const length = begin[layered.layer[to]!]! - start
  const rise = places[to]! - places[from]!
  const entering = places[from]! + rise * riseAt((begin[layer]! - start) / length)
  const leaving = places[from]! + rise * riseAt((begin[layer]! + depth[layer]! - start) / length)
  const room = half(node) + CLEARANCE
  return Math.max(entering, leaving) > places[node]! - room && Math.min(entering, leaving) < places[node]! + room
}

/** The rise of an edge's curve by the share of its length: a Bézier curve with both control points half way. */
const SAMPLES = 64
const RISES = Float64Array.from({ length: SAMPLES + 1 }, (_, index) => {
  let [low, high] = [0, 1]
  for (let halving = 0; halving < 30; halving++) {
    const t = (low + high) / 2
    if (1.5 * t - 1.5 * t ** 2 + t ** 3 < index / SAMPLES) low = t
    else high = t
  }
  return 3 * low ** 2 - 2 * low ** 3
})

function riseAt(share: number): number {
  return RISES[Math.round(share * SAMPLES)]!
}
