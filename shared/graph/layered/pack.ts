import { LAYER_SPACE, NODE_SPACE } from '../spacing.ts'

/** A part of the graph that is laid out, its top-left corner (frames included) at 0, 0. */
export interface Picture {
  /** Of its nodes, x and y in turn. */
  readonly corners: Float64Array
  readonly width: number
  readonly height: number
  /** Where its nodes were before, in the mean; null where it is new. */
  readonly middle: readonly [x: number, y: number] | null
}

/** Width to height of a window: parts are packed to about this shape. */
const ASPECT = 1.6

/**
 * Top-left corners for pictures, in rows (columns where edges lead down) as long as the longest picture, or as the shape
 * of a window asks for all but the largest. Pictures that were there before come in the order they had, the others in the order given.
 */
export function pack(pictures: readonly Picture[], across: 0 | 1): readonly (readonly [x: number, y: number])[] {
  const lengthOf = (picture: Picture) => (across === 1 ? picture.width : picture.height)
  const breadthOf = (picture: Picture) => (across === 1 ? picture.height : picture.width)
  const areas = pictures.map(({ width, height }) => (width + LAYER_SPACE) * (height + NODE_SPACE))
  const others = areas.reduce((sum, area) => sum + area, 0) - areas.reduce((most, area) => Math.max(most, area), 0)
  const wanted = Math.sqrt(others * (across === 1 ? ASPECT : 1 / ASPECT))
  const room = pictures.reduce((most, picture) => Math.max(most, lengthOf(picture)), wanted)
  const corners = pictures.map((): readonly [number, number] => [0, 0])
  let [at, row, breadth] = [0, 0, 0]
  for (const index of inOldOrder(pictures, across)) {
    const picture = pictures[index]!
    if (at > 0 && at + lengthOf(picture) > room) {
      row += breadth + 2 * NODE_SPACE
      at = 0
      breadth = 0
    }
    corners[index] = across === 1 ? [at, row] : [row, at]
    at += lengthOf(picture) + LAYER_SPACE
    breadth = Math.max(breadth, breadthOf(picture))
  }
  return corners
}

function inOldOrder(pictures: readonly Picture[], across: 0 | 1): readonly number[] {
  const numbers = pictures.map((_, index) => index)
  const old = numbers.filter((index) => pictures[index]!.middle !== null)
  const place = (index: number, axis: number) => pictures[index]!.middle![axis]!
  old.sort((a, b) => place(a, across) - place(b, across) || place(a, 1 - across) - place(b, 1 - across))
  return [...old, ...numbers.filter((index) => pictures[index]!.middle === null)]
}
