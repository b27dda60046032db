import { type Box, type Point, TASK_HEIGHT, TASK_WIDTH } from '../geometry.ts'

/**
 * The line of a dependency, a cubic Bézier curve: x and y of its start, its two control points and its end, in canvas
 * pixels. A straight line is one whose control points lie on its ends.
 */
export const CURVE_NUMBERS = 8

export type Direction = 'LR' | 'TB'
export type EdgeStyle = 'curved' | 'straight'

/** From the middle of one card's side to that of another's; control points half way, or out and back where the target lies behind. */
export function curveBetween(
  from: Point,
  to: Point,
  direction: Direction,
  style: EdgeStyle,
  out: Float64Array,
  at = 0,
): void {
  const along = direction === 'LR'
  const sx = from[0] + (along ? TASK_WIDTH : TASK_WIDTH / 2)
  const sy = from[1] + (along ? TASK_HEIGHT / 2 : TASK_HEIGHT)
  const tx = to[0] + (along ? 0 : TASK_WIDTH / 2)
  const ty = to[1] + (along ? TASK_HEIGHT / 2 : 0)
  const distance = along ? tx - sx : ty - sy
  const reach = style === 'straight' ? 0 : distance >= 0 ? distance / 2 : 6.25 * Math.sqrt(-distance)
  out[at] = sx
  out[at + 1] = sy
  out[at + 2] = sx + (along ? reach : 0)
  out[at + 3] = sy + (along ? 0 : reach)
  out[at + 4] = tx - (along ? reach : 0)
  out[at + 5] = ty - (along ? 0 : reach)
  out[at + 6] = tx
  out[at + 7] = ty
}

/** A box that holds the curve: that of its four points. */
export function curveBounds(curve: Float64Array, at = 0): Box {
  const [x1, x2, x3, x4] = [curve[at]!, curve[at + 2]!, curve[at + 4]!, curve[at + 6]!]
  const [y1, y2, y3, y4] = [curve[at + 1]!, curve[at + 3]!, curve[at + 5]!, curve[at + 7]!]
  const x = Math.min(x1, x2, x3, x4)
  const y = Math.min(y1, y2, y3, y4)
  return { x, y, width: Math.max(x1, x2, x3, x4) - x, height: Math.max(y1, y2, y3, y4) - y }
}

/** The point at a share of the way, 0 to 1, by the curve's own parameter. */
export function curvePoint(curve: Float64Array, share: number, at = 0): Point {
  const rest = 1 - share
  const a = rest * rest * rest
  const b = 3 * rest * rest * share
  const c = 3 * rest * share * share
  const d = share * share * share
  return [
    a * curve[at]! + b * curve[at + 2]! + c * curve[at + 4]! + d * curve[at + 6]!,
    a * curve[at + 1]! + b * curve[at + 3]! + c * curve[at + 5]! + d * curve[at + 7]!,
  ]
}

const PIECES = 32

/** Distance of a point from the curve, taken as 32 straight pieces. */
export function curveDistance(curve: Float64Array, point: Point, at = 0): number {
  let least = Number.POSITIVE_INFINITY
  let before = curvePoint(curve, 0, at)
  for (let piece = 1; piece <= PIECES; piece++) {
    const next = curvePoint(curve, piece / PIECES, at)
    least = Math.min(least, pieceDistance(before, next, point))
    before = next
  }
  return least
}

function pieceDistance([ax, ay]: Point, [bx, by]: Point, [x, y]: Point): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx + dy * dy
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length))
  return Math.hypot(ax + share * dx - x, ay + share * dy - y)
}
