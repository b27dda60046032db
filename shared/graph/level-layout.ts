import { acyclicEdges } from './cycle.ts'
import { buildGraph, type Graph } from './graph.ts'
import type { Layout } from './layout.ts'
import { levels } from './order.ts'
import { LAYER_SPACE, NODE_SPACE } from './spacing.ts'

/** Rounds of ordering the layers by their neighbours, one direction each. */
const SWEEPS = 8

/**
 * Layers by longest path, ordered by the mean place of their neighbours, each layer stacked and centred. O(edges) a
 * sweep and without recursion: for graphs of any size, where dagre cannot. Groups are not kept together.
 */
export const levelLayout: Layout = (graph, sizes, { direction }) => {
  const acyclic = buildGraph(graph.size, acyclicEdges(graph))
  const layers = layersOf(levels(acyclic)!)
  orderLayers(acyclic, layers)
  const along = direction === 'LR' ? 0 : 1
  const across = 1 - along
  const positions = new Float64Array(2 * graph.size)
  let start = 0
  for (const layer of layers) {
    let depth = 0
    let length = -NODE_SPACE
    for (const node of layer) {
      depth = Math.max(depth, sizes[2 * node + along]!)
      length += sizes[2 * node + across]! + NODE_SPACE
    }
    let place = -length / 2
    for (const node of layer) {
      positions[2 * node + along] = start + (depth - sizes[2 * node + along]!) / 2
      positions[2 * node + across] = place
      place += sizes[2 * node + across]! + NODE_SPACE
    }
    start += depth + LAYER_SPACE
  }
  return positions
}

function layersOf(level: Int32Array): number[][] {
  const layers: number[][] = []
  level.forEach((number, node) => {
    while (layers.length <= number) layers.push([])
    layers[number]!.push(node)
  })
  return layers
}

function orderLayers(graph: Graph, layers: readonly number[][]): void {
  /** Place within the layer, 0 to 1, so that layers of different lengths compare. */
  const place = new Float64Array(graph.size)
  const note = (layer: readonly number[]) => {
    layer.forEach((node, index) => {
      place[node] = (index + 0.5) / layer.length
    })
  }
  layers.forEach(note)
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0
    const [start, neighbours] = down ? [graph.inStart, graph.sources] : [graph.outStart, graph.targets]
    for (const layer of down ? layers : layers.toReversed()) {
      const wanted = new Map(layer.map((node) => [node, meanPlace(node, start, neighbours, place)]))
      layer.sort((a, b) => wanted.get(a)! - wanted.get(b)! || place[a]! - place[b]!)
      note(layer)
    }
  }
}

function meanPlace(node: number, start: Int32Array, neighbours: Int32Array, place: Float64Array): number {
  const first = start[node]!
  const end = start[node + 1]!
  if (first === end) return place[node]!
  let sum = 0
  for (let edge = first; edge < end; edge++) sum += place[neighbours[edge]!]!
  return sum / (end - first)
}
