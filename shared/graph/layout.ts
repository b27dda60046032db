import { dagreLayout } from './dagre-layout.ts'
import { buildGraph, type Edge, type Graph } from './graph.ts'
import { levelLayout } from './level-layout.ts'

/**
 * Places the nodes of a graph. All that goes in and out survives structured cloning, so a layout runs in any worker.
 *
 * This is the seam for layout kernels: a kernel is a `Layout`. It must be deterministic, must not overlap nodes, and
 * must stand cycles (a document with one is drawn too), self-loops and parallel edges.
 */
export type Layout = (graph: Graph, sizes: Float64Array, options: LayoutOptions) => Float64Array

export interface LayoutOptions {
  /** Where edges lead: to the right or downwards. */
  readonly direction: 'LR' | 'TB'
  /** Sets of nodes to keep together, where the kernel can. A node stands in at most one; groups may nest. */
  readonly groups?: readonly LayoutGroup[]
  /** Lays out only a part of the graph. */
  readonly fixed?: FixedNodes
}

export interface LayoutGroup {
  readonly nodes: readonly number[]
  /** Index of the group it stands in; -1 for none. */
  readonly parent: number
}

/** Nodes that stay where they are; the others are laid out among themselves, around their present middle. */
export interface FixedNodes {
  /** 1 for a node that stays. */
  readonly mask: Uint8Array
  /** Present top-left corners of all nodes: x and y in turn. */
  readonly positions: Float64Array
}

/** Beyond this dagre takes seconds, and overflows the stack on long chains (2,000 nodes). */
const MOST_DAGRE_NODES = 600

/**
 * Top-left corners of all nodes, x and y in turn, in whole canvas pixels. `sizes`: width and height of each node in
 * turn. Dagre up to some hundred nodes, levels and barycentres beyond.
 */
export const layoutPipeline: Layout = (graph, sizes, options) => {
  if (options.fixed !== undefined) return layoutPart(graph, sizes, options, options.fixed)
  if (graph.size === 0) return new Float64Array()
  const kernel = graph.size <= MOST_DAGRE_NODES ? dagreLayout : levelLayout
  return kernel(graph, sizes, options).map(Math.round)
}

function layoutPart(graph: Graph, sizes: Float64Array, options: LayoutOptions, fixed: FixedNodes): Float64Array {
  const positions = fixed.positions.slice()
  const moving: number[] = []
  const place = new Int32Array(graph.size).fill(-1)
  for (let node = 0; node < graph.size; node++) {
    if (fixed.mask[node] === 1) continue
    place[node] = moving.length
    moving.push(node)
  }
  const groups = (options.groups ?? []).map(({ nodes, parent }) => ({
    nodes: nodes.map((node) => place[node]!).filter((node) => node >= 0),
    parent,
  }))
  const part = layoutPipeline(
    induced(graph, moving, place),
    Float64Array.from(moving.flatMap((node) => [sizes[2 * node]!, sizes[2 * node + 1]!])),
    { direction: options.direction, groups },
  )
  for (const axis of [0, 1]) {
    let shift = 0
    moving.forEach((node, index) => {
      shift += (positions[2 * node + axis]! - part[2 * index + axis]!) / moving.length
    })
    moving.forEach((node, index) => {
      positions[2 * node + axis] = part[2 * index + axis]! + Math.round(shift)
    })
  }
  return positions
}

function induced(graph: Graph, nodes: readonly number[], place: Int32Array): Graph {
  const edges: Edge[] = []
  nodes.forEach((node, index) => {
    for (let edge = graph.outStart[node]!; edge < graph.outStart[node + 1]!; edge++) {
      const target = place[graph.targets[edge]!]!
      if (target >= 0) edges.push([index, target])
    }
  })
  return buildGraph(nodes.length, edges)
}
