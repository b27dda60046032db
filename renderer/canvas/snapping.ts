import { type Box, boundsOf } from './geometry.ts'

/** A line shown while something is dragged: what it stands in line with. Canvas pixels. */
export interface Guide {
  /** x: a vertical line at that x. */
  readonly axis: 'x' | 'y'
  readonly at: number
  /** Along the line, round all that stand on it. */
  readonly from: number
  readonly to: number
}

export interface Snap {
  /** How far to move to stand in line. */
  readonly dx: number
  readonly dy: number
  readonly guides: readonly Guide[]
}

/**
 * The least move, of no more than `reach` in each direction, after which an edge or the middle of `box` is in line with
 * that of one of `others`.
 */
export function snapTo(box: Box, others: readonly Box[], reach: number): Snap {
  const dx = leastMove(linesOf(box, 'x'), others, 'x', reach)
  const dy = leastMove(linesOf(box, 'y'), others, 'y', reach)
  const there = { ...box, x: box.x + (dx ?? 0), y: box.y + (dy ?? 0) }
  return {
    dx: dx ?? 0,
    dy: dy ?? 0,
    guides: [
      ...(dx === null ? [] : guidesOf(there, others, 'x')),
      ...(dy === null ? [] : guidesOf(there, others, 'y')),
    ],
  }
}

/** Both edges and the middle. */
function linesOf({ x, y, width, height }: Box, axis: 'x' | 'y'): readonly number[] {
  const [start, size] = axis === 'x' ? [x, width] : [y, height]
  return [start, start + size / 2, start + size]
}

function leastMove(own: readonly number[], others: readonly Box[], axis: 'x' | 'y', reach: number): number | null {
  let best: number | null = null
  for (const other of others) {
    const lines = linesOf(other, axis)
    for (const [index, line] of own.entries()) {
      // Left with left or right, middle with middle.
      for (const target of index === 1 ? [lines[1]!] : [lines[0]!, lines[2]!]) {
        const move = target - line
        if (Math.abs(move) <= reach && (best === null || Math.abs(move) < Math.abs(best))) best = move
      }
    }
  }
  return best
}

function guidesOf(box: Box, others: readonly Box[], axis: 'x' | 'y'): readonly Guide[] {
  return linesOf(box, axis).flatMap((at, index) => {
    const inLine = others.filter((other) =>
      linesOf(other, axis).some((line, which) => Math.abs(line - at) < 0.01 && (which === 1) === (index === 1)),
    )
    const round = boundsOf([box, ...inLine])
    if (inLine.length === 0 || !round) return []
    const [from, size] = axis === 'x' ? [round.y, round.height] : [round.x, round.width]
    return [{ axis, at, from, to: from + size }]
  })
}
