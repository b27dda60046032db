import type { Point } from './geometry.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/**
 * The task an arrow key leads to: the nearest one in that direction, links first. `linked` names the tasks that are
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

const VECTORS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1],
}
