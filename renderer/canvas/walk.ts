import type { Point } from './geometry.ts'
import { cardBox, type Graph, nodeBox } from './paint/graph.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/**
 * What an arrow key leads to: the nearest one in that direction, links first. `linked` names the tasks that are
 * linked to the present one; along the flow they are preferred to nearer ones that are not. null: there is none.
 */
export function neighbour(
  from: string,
  direction: Direction,
  positions: ReadonlyMap<string, Point>,
  linked: ReadonlySet<string>,
): string | null {
  const start = positions.get(from)
  if (!start) return null
  const [dx, dy] = VECTORS[direction]
  let best: string | null = null
  let bestCost = Number.POSITIVE_INFINITY
  for (const [id, at] of positions) {
    if (id === from) continue
    const along = (at[0] - start[0]) * dx + (at[1] - start[1]) * dy
    if (along <= 0) continue
    const across = Math.abs((at[0] - start[0]) * dy) + Math.abs((at[1] - start[1]) * dx)
    // Beyond 45° something counts as beside, not ahead, unless a link leads there.
    if (across > along * 2 && !linked.has(id)) continue
    const cost = (along + across * 2) * (linked.has(id) ? 0.25 : 1)
    if (cost < bestCost) {
      best = id
      bestCost = cost
    }
  }
  return best
}

/**
 * Where an arrow key leads: from card, note or collapsed group to the next, by their middles; from an open group to what
 * lies beside its header. From nowhere it leads to the first card.
 */
export function stepFrom(graph: Graph, from: string | null, direction: Direction): string | null {
  const start = from === null ? undefined : placeOf(graph, from)
  if (from === null || !start) return (graph.cards.find((card) => card.task) ?? graph.cards[0])?.id ?? null
  const places = new Map(
    [from, ...graph.cards.map(({ id }) => id), ...graph.notes.map(({ id }) => id)].map((id) => [
      id,
      placeOf(graph, id)!,
    ]),
  )
  return neighbour(from, direction, places, alongFlow(graph, direction) ? linkedTo(graph, from) : new Set())
}

/** Across the flow what lies nearest is meant, whether it is linked or not. */
function alongFlow(graph: Graph, direction: Direction): boolean {
  return (graph.direction === 'LR') === (direction === 'left' || direction === 'right')
}

function linkedTo(graph: Graph, id: string): ReadonlySet<string> {
  const links = graph.cardOf.get(id)?.edges.map((number) => graph.edges[number]!) ?? []
  return new Set(links.flatMap(({ source, target }) => [source, target]))
}

function placeOf(graph: Graph, id: string): Point | undefined {
  const frame = graph.frameOf.get(id)?.box
  if (frame) return [frame.x, frame.y]
  // A task in a collapsed group is not drawn, but it has its place.
  const hidden = graph.positions.get(id)
  const box = nodeBox(graph, id) ?? (hidden && cardBox(hidden))
  return box && [box.x + box.width / 2, box.y + box.height / 2]
}

const VECTORS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
}
