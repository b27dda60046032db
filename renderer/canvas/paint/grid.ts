import type { Box } from '../geometry.ts'

/** Numbers of things by where they are, so that those in a window are found without asking all of them. */
export interface Grid {
  /** Calls `visit` once for each thing whose box meets the window, in ascending order of their numbers within a cell only. */
  visit(window: Box, visit: (item: number) => void): void
}

/** Side of a cell in canvas pixels: a few cards, or the length of a usual edge. */
const CELL = 768
/** What would stand in more cells than this is kept in one list for all windows. */
const MOST_CELLS = 64

/** A uniform grid over `count` boxes, stored as one array of numbers and where each cell's begin. */
export function createGrid(count: number, boxOf: (item: number) => Box): Grid {
  const cells = new Map<number, number[]>()
  const large: number[] = []
  const boxes = new Float64Array(4 * count)
  for (let item = 0; item < count; item++) {
    const { x, y, width, height } = boxOf(item)
    boxes.set([x, y, x + width, y + height], 4 * item)
    const [left, top, right, bottom] = [cellOf(x), cellOf(y), cellOf(x + width), cellOf(y + height)]
    if ((right - left + 1) * (bottom - top + 1) > MOST_CELLS) {
      large.push(item)
      continue
    }
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const key = keyOf(column, row)
        const own = cells.get(key)
        if (own) own.push(item)
        else cells.set(key, [item])
      }
    }
  }
  /** By item: the last question it was met in. */
  const met = new Uint32Array(count)
  let question = 0
  return {
    visit: (window, visit) => {
      question++
      const [x, y, right, bottom] = [window.x, window.y, window.x + window.width, window.y + window.height]
      const meet = (item: number) => {
        if (met[item] === question) return
        met[item] = question
        const at = 4 * item
        if (boxes[at]! <= right && boxes[at + 1]! <= bottom && boxes[at + 2]! >= x && boxes[at + 3]! >= y) visit(item)
      }
      const [firstColumn, firstRow, lastColumn, lastRow] = [cellOf(x), cellOf(y), cellOf(right), cellOf(bottom)]
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

function cellOf(value: number): number {
  return Math.floor(value / CELL)
}

/** One number for a cell; exact for 2^25 cells to each side, which is 25 billion pixels. */
function keyOf(column: number, row: number): number {
  return column * 0x4000000 + row
}
