import type { Columns } from './columns.ts'
import { strengthOf } from './coordinates.ts'
import type { Lanes } from './lanes.ts'
import type { LayeredGraph } from './layered-graph.ts'
import { createMinimumCut } from './minimum-cut.ts'

/** How far things are moved together, in pixels: first and last. */
const FIRST_STEP = 32
const LAST_STEP = 1
/** How strongly the two borders of a frame are drawn together. */
const FRAME_STRENGTH = 0.5
/** Gains below this are rounding. */
const LEAST_GAIN = 1e-6

interface Pull {
  readonly from: number
  readonly to: number
  /** Along the layers, in pixels. */
  readonly span: number
  readonly strength: number
}

interface Gap {
  readonly before: number
  readonly after: number
  readonly least: number
}

/**
 * Moves things across the layers, which keep their order and distances, until the edges are as short as they can be, to
 * the pixel: the sum of all lengths, those through dummies weighing more. Changes `places` (of nodes and, where there
 * are groups, of borders after them).
 *
 * The sum is convex in differences of places (L♮-convex), so where no set of things gains by moving one step together,
 * nothing does; the best set is a minimum cut: Murota, "Discrete Convex Analysis" (2003), 10.3; Kolmogorov, Shioura,
 * "New algorithms for convex cost tension problem" (2009).
 */
export function shortenEdges(graph: LayeredGraph, lanes: Lanes, columns: Columns, places: Float64Array): void {
  const pulls = pullsOf(graph, columns, places)
  const gaps = lanes.sequences.flatMap((sequence) =>
    sequence.slice(1).map((after, index): Gap => {
      const before = sequence[index]!
      return { before, after, least: lanes.distance(before, after) }
    }),
  )
  const cut = createMinimumCut(places.length, pulls.length + gaps.length)
  const move = (by: number): boolean => {
    cut.clear()
    for (const pull of pulls) {
      const extent = places[pull.to]! - places[pull.from]!
      const closer = lengthOf(pull, extent - by)
      const now = lengthOf(pull, extent)
      const wider = lengthOf(pull, extent + by)
      cut.charge(pull.from, closer - now)
      cut.charge(pull.to, now - closer)
      cut.bind(pull.to, pull.from, closer + wider - 2 * now)
    }
    for (const { before, after, least } of gaps) {
      if (places[after]! - places[before]! - least >= Math.abs(by) - LEAST_GAIN) continue
      cut.bind(by > 0 ? before : after, by > 0 ? after : before, Number.POSITIVE_INFINITY)
    }
    if (cut.solve() > -LEAST_GAIN) return false
    for (let thing = 0; thing < places.length; thing++) if (cut.holds(thing)) places[thing]! += by
    return true
  }
  for (let step = FIRST_STEP; step >= LAST_STEP; step /= 2) {
    for (let still = 0, by = step; still < 2; by = -by) still = move(by) ? 0 : still + 1
  }
}

/** Edges start behind a node and end before one; their dummies are in the middle of the layer. */
function pullsOf(
  { size, realCount, layer, downStart, down }: LayeredGraph,
  { begin, depth }: Columns,
  places: Float64Array,
): readonly Pull[] {
  const pulls: Pull[] = []
  const along = (node: number, share: number) => begin[layer[node]!]! + share * depth[layer[node]!]!
  for (let from = 0; from < size; from++) {
    for (let edge = downStart[from]!; edge < downStart[from + 1]!; edge++) {
      const to = down[edge]!
      const span = along(to, to < realCount ? 0 : 0.5) - along(from, from < realCount ? 1 : 0.5)
      pulls.push({ from, to, span, strength: strengthOf(realCount, from, to) })
    }
  }
  for (let border = size; border < places.length; border += 2) {
    if (!Number.isFinite(places[border]!)) continue
    pulls.push({ from: border, to: border + 1, span: 0, strength: FRAME_STRENGTH })
  }
  return pulls
}

/** Square roots, since `Math.hypot` is many times slower. */
function lengthOf({ span, strength }: Pull, extent: number): number {
  return strength * Math.sqrt(span * span + extent * extent)
}
