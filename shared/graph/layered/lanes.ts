import { buildGraph, type Edge } from '../graph.ts'
import type { LayoutGroup } from '../layout.ts'
import { topologicalOrder } from '../order.ts'
import { EDGE_SPACE, FRAME_SPACE, NODE_SPACE } from '../spacing.ts'
import { pullOn } from './coordinates.ts'
import type { GroupTree } from './group-tree.ts'
import type { LayeredGraph } from './layered-graph.ts'
import type { Order } from './order.ts'

/**
 * What stands beside what across the layers, and how far apart at least. Things are the nodes and two borders for each
 * group: `size + 2g` is the first border of group g, `size + 2g + 1` its last. In a layer, a group's nodes stand
 * between its borders, and a border is at one place in all layers: so frames are boxes and do not overlap.
 */
export interface Lanes {
  /** For each layer, from first to last: nodes and the borders between them. */
  readonly sequences: readonly (readonly number[])[]
  /** Between two things that follow each other in a sequence. */
  distance(thing: number, next: number): number
}

export function lanesOf(
  graph: LayeredGraph,
  order: Order,
  { parents, depth }: GroupTree,
  groups: readonly LayoutGroup[],
  sizes: Float64Array,
  across: 0 | 1,
): Lanes {
  const { size, realCount } = graph
  const paddings = groups.map(({ frame }) => {
    if (frame === undefined) return [0, 0] as const
    return across === 1 ? ([frame.top, frame.bottom] as const) : ([frame.left, frame.right] as const)
  })
  const padding = (border: number) => paddings[(border - size) >> 1]![(border - size) & 1]!
  const half = (node: number) => (node < realCount ? sizes[2 * node + across]! / 2 : 0)
  const margin = (node: number) => (node < realCount ? NODE_SPACE : EDGE_SPACE) / 2
  const opens = (thing: number) => thing >= size && (thing - size) % 2 === 0
  const distance = (thing: number, next: number) => {
    if (thing < size && next < size) return half(thing) + margin(thing) + margin(next) + half(next)
    if (thing < size) {
      const inside = next >= size && !opens(next)
      if (!inside) return half(thing) + margin(thing) + FRAME_SPACE / 2
      return thing < realCount ? half(thing) + padding(next) : margin(thing)
    }
    if (next < size) {
      if (!opens(thing)) return half(next) + margin(next) + FRAME_SPACE / 2
      return next < realCount ? half(next) + padding(thing) : margin(next)
    }
    if (opens(thing) !== opens(next)) return FRAME_SPACE
    return Math.max(0, opens(thing) ? padding(thing) - padding(next) : padding(next) - padding(thing))
  }
  return { sequences: sequencesOf(graph, order, parents, depth), distance }
}

function sequencesOf(
  graph: LayeredGraph,
  { start, nodes }: Order,
  parents: Int32Array,
  depth: Int32Array,
): readonly (readonly number[])[] {
  return Array.from({ length: graph.layerCount }, (_, layer) => {
    const sequence: number[] = []
    let open = -1
    const moveTo = (group: number) => {
      const opening: number[] = []
      let [from, to] = [open, group]
      while (from !== to) {
        const deeper = to < 0 || (from >= 0 && depth[from]! >= depth[to]!)
        if (deeper) {
          sequence.push(graph.size + 2 * from + 1)
          from = parents[from]!
        } else {
          opening.push(graph.size + 2 * to)
          to = parents[to]!
        }
      }
      sequence.push(...opening.reverse())
      open = group
    }
    for (let index = start[layer]!; index < start[layer + 1]!; index++) {
      moveTo(graph.group[nodes[index]!]!)
      sequence.push(nodes[index]!)
    }
    moveTo(-1)
    return sequence
  })
}

/** The least distance of each node to the one before it in its layer, borders between them counted in. */
export function gapsOf(graph: LayeredGraph, { sequences, distance }: Lanes): Float64Array {
  const gap = new Float64Array(graph.size)
  for (const sequence of sequences) {
    let sum = 0
    sequence.forEach((thing, index) => {
      if (index > 0) sum += distance(sequence[index - 1]!, thing)
      if (thing >= graph.size) return
      gap[thing] = sum
      sum = 0
    })
  }
  return gap
}

const ROUNDS = 40

/**
 * Moves places so that every group's borders are straight, and as near to each other as its nodes allow. Returns the
 * places of nodes and, after them, of borders.
 *
 * All constraints are least distances, so those places form a polyhedron: pushing everything forward until they hold,
 * or everything back, gives a point in it, and so does the middle between the two.
 */
export function straightenFrames(graph: LayeredGraph, groupCount: number, lanes: Lanes, places: Float64Array) {
  const things = graph.size + 2 * groupCount
  const edges: Edge[] = lanes.sequences.flatMap((sequence) =>
    sequence.slice(1).map((thing, index): Edge => [sequence[index]!, thing]),
  )
  const beside = buildGraph(things, edges)
  const order = topologicalOrder(beside)!
  let current = new Float64Array(things)
  current.set(places)
  for (let group = 0; group < groupCount; group++) {
    current[graph.size + 2 * group] = Number.POSITIVE_INFINITY
    current[graph.size + 2 * group + 1] = Number.NEGATIVE_INFINITY
  }
  const solve = () => {
    const later = current.slice()
    const earlier = current.slice()
    for (const thing of order) {
      for (let edge = beside.outStart[thing]!; edge < beside.outStart[thing + 1]!; edge++) {
        const next = beside.targets[edge]!
        later[next] = Math.max(later[next]!, later[thing]! + lanes.distance(thing, next))
      }
    }
    for (const thing of order.toReversed()) {
      for (let edge = beside.inStart[thing]!; edge < beside.inStart[thing + 1]!; edge++) {
        const before = beside.sources[edge]!
        earlier[before] = Math.min(earlier[before]!, earlier[thing]! - lanes.distance(before, thing))
      }
    }
    current = later.map((place, thing) => (place + earlier[thing]!) / 2)
  }
  const tighten = () => {
    for (const thing of order.toReversed()) {
      if (thing < graph.size || (thing - graph.size) % 2 === 1) continue
      const limits = Array.from(
        beside.targets.subarray(beside.outStart[thing]!, beside.outStart[thing + 1]!),
        (next) => current[next]! - lanes.distance(thing, next),
      )
      if (limits.length > 0) current[thing] = Math.min(...limits)
    }
    for (const thing of order) {
      if (thing < graph.size || (thing - graph.size) % 2 === 0) continue
      const limits = Array.from(
        beside.sources.subarray(beside.inStart[thing]!, beside.inStart[thing + 1]!),
        (before) => current[before]! + lanes.distance(before, thing),
      )
      if (limits.length > 0) current[thing] = Math.max(...limits)
    }
  }
  tighten()
  solve()
  for (let round = 0; round < ROUNDS; round++) {
    const wishes = Float64Array.from(
      { length: graph.size },
      (_, node) => pullOn(graph, node, current, true, true).place,
    )
    current.set(wishes)
    tighten()
    solve()
  }
  return current
}
