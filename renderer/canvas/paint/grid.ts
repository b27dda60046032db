import type { Box } from '../geometry.ts'

/** Numbers of things by where they are, so that those in a window are found without asking all of them. */
export interface Grid {
  /** Round all of them; null: there are none. */
  readonly bounds: Box | null
  /** Calls `visit` once for each thing whose box meets the window, in ascending order of their numbers within a cell only. */
  visit(window: Box, visit: (item: number) => void): void
}

/** Side of a cell in canvas pixels: a few cards, or the length of a usual edge. */
const CELL = 768
/** What would stand in more cells than this is kept in one list for all windows. */
const MOST_CELLS = 64

/** A uniform grid over `count` boxes. Its cells are filled when first needed: a view that holds everything asks for none. */
export function createGrid(count: number, boxOf: (item: number) => Box): Grid {
  const boxes = new Float64Array(4 * count)
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let item = 0; item < count; item++) {
    const { x, y, width, height } = boxOf(item)
    const at = 4 * item
    boxes[at] = x
    boxes[at + 1] = y
    boxes[at + 2] = x + width
    boxes[at + 3] = y + height
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + width)
    bottom = Math.max(bottom, y + height)
  }
  let filled: Cells | null = null
  /** By item: the last question it was met in. */
  const met = new Uint32Array(count)
  let question = 0
  return {
    bounds: count === 0 ? null : { x: left, y: top, width: right - left, height: bottom - top },
    visit: (window, visit) => {
      const [x, y, endX, endY] = [window.x, window.y, window.x + window.width, window.y + window.height]
      if (x <= left && y <= top && endX >= right && endY >= bottom) {
        for (let item = 0; item < count; item++) visit(item)
        return
      }
      question++
      const meet = (item: number) => {
        if (met[item] === question) return
        met[item] = question
        const at = 4 * item
        if (boxes[at]! <= endX && boxes[at + 1]! <= endY && boxes[at + 2]! >= x && boxes[at + 3]! >= y) visit(item)
      }
      filled ??= cellsOf(boxes)
      const { cells, large } = filled
      const [firstColumn, firstRow, lastColumn, lastRow] = [cellOf(x), cellOf(y), cellOf(endX), cellOf(endY)]
      if ((lastColumn - firstColumn + 1) * (lastRow - firstRow + 1) > cells.size) {
        for (let item = 0; item < count; item++) meet(item)
        return
      }
      large.forEach(meet)
      for (let row = firstRow; row <= lastRow; row++) {
        for (let column = firstColumn; column <= lastColumn; column++) cells.get(keyOf(column, row))?.forEach(meet)
      }
    },
  }
}

interface Cells {
  readonly cells: ReadonlyMap<number, readonly number[]>
  /** Items that would stand in too many of them. */
  readonly large: readonly number[]
}

/** `boxes`: left, top, right and bottom of each item. */
function cellsOf(boxes: Float64Array): Cells {
  const cells = new Map<number, number[]>()
  const large: number[] = []
  for (let at = 0; at < boxes.length; at += 4) {
    const [left, top] = [cellOf(boxes[at]!), cellOf(boxes[at + 1]!)]
    const [right, bottom] = [cellOf(boxes[at + 2]!), cellOf(boxes[at + 3]!)]
    if ((right - left + 1) * (bottom - top + 1) > MOST_CELLS) {
      large.push(at / 4)
      continue
    }
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const key = keyOf(column, row)
        const own = cells.get(key)
        if (own) own.push(at / 4)
        else cells.set(key, [at / 4])
      }
    }
  }
  return { cells, large }
}

function cellOf(value: number): number {
  return Math.floor(value / CELL)
}

/** One number for a cell; exact for 2^25 cells to each side, which is 25 billion pixels. */
function keyOf(column: number, row: number): number {
  return column * 0x4000000 + row
}
