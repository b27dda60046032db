import type { Box, Point } from './geometry.ts'

/** What the selection is lined up by: an edge or the middle of the box round it. */
export type Alignment = 'left' | 'centre' | 'right' | 'top' | 'middle' | 'bottom'

/** New top-left corners, by the keys of `boxes`: all at the same edge or middle of what surrounds them. */
export function aligned(boxes: ReadonlyMap<string, Box>, to: Alignment): Map<string, Point> {
  const horizontal = to === 'left' || to === 'centre' || to === 'right'
  const share = to === 'left' || to === 'top' ? 0 : to === 'right' || to === 'bottom' ? 1 : 0.5
  const spans = [...boxes.values()].map((box) => spanOf(box, horizontal))
  const from = Math.min(...spans.map(({ start }) => start))
  const line = from + share * (Math.max(...spans.map(({ end }) => end)) - from)
  return new Map(
    [...boxes].map(([key, box]) => {
      const { start, end } = spanOf(box, horizontal)
      return [key, movedTo(box, Math.round(line - share * (end - start)), horizontal)]
    }),
  )
}

/**
 * New top-left corners with equal gaps between neighbours; the outermost stay. Where they overlap, the gaps are
 * negative: equal overlaps. Fewer than three stay as they are.
 */
export function distributed(boxes: ReadonlyMap<string, Box>, along: 'horizontally' | 'vertically'): Map<string, Point> {
  const horizontal = along === 'horizontally'
  const order = [...boxes]
    .map(([key, box]) => ({ key, box, ...spanOf(box, horizontal) }))
    .sort((a, b) => a.start + a.end - b.start - b.end || a.start - b.start)
  const [first, last] = [order[0], order.at(-1)]
  const places = new Map<string, Point>()
  if (!first || !last) return places
  const filled = order.reduce((sum, { start, end }) => sum + end - start, 0)
  const gap = order.length < 3 ? 0 : (last.end - first.start - filled) / (order.length - 1)
  let at = first.start
  for (const { key, box, start, end } of order) {
    const stays = order.length < 3 || key === last.key
    places.set(key, movedTo(box, stays ? start : Math.round(at), horizontal))
    at += end - start + gap
  }
  return places
}

function spanOf({ x, y, width, height }: Box, horizontal: boolean): { readonly start: number; readonly end: number } {
  return horizontal ? { start: x, end: x + width } : { start: y, end: y + height }
}

function movedTo({ x, y }: Box, start: number, horizontal: boolean): Point {
  return horizontal ? [start, y] : [x, start]
}
