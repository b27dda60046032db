import type { Graph } from './graph.ts'
import { subgraph } from './layered/components.ts'
import { layeredLayout } from './layered/layered-layout.ts'

/**
 * Places the nodes of a graph: top-left corners, x and y in turn. All that goes in and out survives structured cloning
 * (`report` aside), so a layout runs in any worker. `sizes`: width and height of each node in turn.
 *
 * This is the seam for layout kernels: a kernel is a `Layout`. It must be deterministic, must not overlap nodes, and
 * must stand cycles (a document with one is drawn too), self-loops and parallel edges. It tells `report` how far it is,
 * 0 to 1, now and then.
 */
export type Layout = (
  graph: Graph,
  sizes: Float64Array,
  options: LayoutOptions,
  report?: (share: number) => void,
) => Float64Array

export interface LayoutOptions {
  /** Where edges lead: to the right or downwards. */
  readonly direction: 'LR' | 'TB'
  /** Sets of nodes to keep together, in frames that do not overlap. A node stands in at most one; groups may nest. */
  readonly groups?: readonly LayoutGroup[]
  /** Lays out only a part of the graph. */
  readonly fixed?: FixedNodes
  /** The picture there is, as top-left corners, NaN for nodes without: the new one stays near it where that is good. */
  readonly previous?: Float64Array
}

export interface LayoutGroup {
  readonly nodes: readonly number[]
  /** Index of the group it stands in; -1 for none. */
  readonly parent: number
  /** How far its frame reaches beyond its nodes; nowhere by default. */
  readonly frame?: Frame
}

export interface Frame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Nodes that stay where they are; the others are laid out among themselves, as near to their present middle as there is room. */
export interface FixedNodes {
  /** 1 for a node that stays. */
  readonly mask: Uint8Array
  /** Present top-left corners of all nodes: x and y in turn. */
  readonly positions: Float64Array
}

/** A layout of pipelines, in whole canvas pixels, its top-left corner at 0, 0 (or where the previous picture was). */
export function pipelineLayoutBy(kernel: Layout): Layout {
  const layout: Layout = (graph, sizes, options, report) => {
    if (options.fixed !== undefined) return layoutPart(layout, graph, sizes, options, options.fixed, report)
    if (graph.size === 0) return new Float64Array()
    const positions = kernel(graph, sizes, options, report)
    if (options.previous !== undefined) shift(positions, options.previous)
    return positions.map(Math.round)
  }
  return layout
}

/** The layout of pipelines by Dagwright's own kernel. */
export const layoutPipeline: Layout = pipelineLayoutBy(layeredLayout)

/** Moves all nodes alike so that at least half of them stay where they are, on each axis, if that can be. */
function shift(positions: Float64Array, previous: Float64Array): void {
  for (const axis of [0, 1]) {
    const moves = positions
      .map((place, index) => ((index & 1) === axis ? previous[index]! - place : Number.NaN))
      .filter((move) => !Number.isNaN(move))
      .sort()
    const median = moves[moves.length >> 1] ?? 0
    for (let index = axis; index < positions.length; index += 2) positions[index]! += median
  }
}

function layoutPart(
  layout: Layout,
  graph: Graph,
  sizes: Float64Array,
  options: LayoutOptions,
  { mask, positions }: FixedNodes,
  report: ((share: number) => void) | undefined,
): Float64Array {
  const moving = Array.from(mask.keys()).filter((node) => mask[node] !== 1)
  const place = new Map(moving.map((node, index) => [node, index]))
  const groups = (options.groups ?? []).map((group) => ({
    ...group,
    nodes: group.nodes.flatMap((node) => place.get(node) ?? []),
  }))
  const pairs = (values: Float64Array) =>
    Float64Array.from(moving.flatMap((node) => [values[2 * node]!, values[2 * node + 1]!]))
  const partSizes = pairs(sizes)
  const before = pairs(positions)
  const part = layout(subgraph(graph, moving), partSizes, { direction: options.direction, groups }, report)
  for (const axis of [0, 1]) {
    let sum = 0
    for (let index = axis; index < part.length; index += 2) sum += before[index]! - part[index]!
    for (let index = axis; index < part.length; index += 2) part[index]! += Math.round(sum / moving.length)
  }
  const result = positions.slice()
  const across = options.direction === 'LR' ? 1 : 0
  const detour = nearestFree(blockedShifts(part, partSizes, sizes, mask, positions, across))
  moving.forEach((node, index) => {
    result[2 * node + across] = part[2 * index + across]! + detour
    result[2 * node + 1 - across] = part[2 * index + 1 - across]!
  })
  return result
}

/** How near moved nodes come to those that stay. */
const CLEARANCE = 8

/** Shifts of the part across the layers, as open ranges, with which one of its nodes would cover one that stays. */
function blockedShifts(
  part: Float64Array,
  partSizes: Float64Array,
  sizes: Float64Array,
  mask: Uint8Array,
  positions: Float64Array,
  across: 0 | 1,
): (readonly [from: number, to: number])[] {
  const along = 1 - across
  const staying = Array.from(mask.keys()).filter((node) => mask[node] === 1)
  return Array.from({ length: part.length / 2 }, (_, index) => index).flatMap((index) =>
    staying.flatMap((node) => {
      const distance = positions[2 * node + along]! - part[2 * index + along]!
      if (distance >= partSizes[2 * index + along]! + CLEARANCE || -distance >= sizes[2 * node + along]! + CLEARANCE)
        return []
      const gap = positions[2 * node + across]! - part[2 * index + across]!
      return [[gap - partSizes[2 * index + across]! - CLEARANCE, gap + sizes[2 * node + across]! + CLEARANCE] as const]
    }),
  )
}

/** The shift nearest to none that lies in no range. */
function nearestFree(ranges: readonly (readonly [from: number, to: number])[]): number {
  let [least, most] = [0, 0]
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) if (start < most && end > most) most = end
  for (const [start, end] of ranges.toSorted((a, b) => b[1] - a[1])) if (end > least && start < least) least = start
  return -least < most ? Math.floor(least) : Math.ceil(most)
}
