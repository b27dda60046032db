import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Alignment, aligned, distributed } from './arrange.ts'
import { type Box, boundsOf } from './geometry.ts'

const length = fc.integer({ min: 1, max: 400 })
const place = fc.integer({ min: -2000, max: 2000 })
const boxes = fc
  .array(fc.record({ x: place, y: place, width: length, height: length }), { minLength: 1, maxLength: 9 })
  .map((list) => new Map(list.map((box, index) => [`n${index}`, box])))

const moved = (before: ReadonlyMap<string, Box>, places: ReadonlyMap<string, readonly [number, number]>) =>
  [...before].map(([key, box]): Box => {
    const [x, y] = places.get(key)!
    return { ...box, x, y }
  })

const LINES: Readonly<Record<Alignment, (box: Box) => number>> = {
  left: ({ x }) => x,
  centre: ({ x, width }) => x + width / 2,
  right: ({ x, width }) => x + width,
  top: ({ y }) => y,
  middle: ({ y, height }) => y + height / 2,
  bottom: ({ y, height }) => y + height,
}

describe('aligning', () => {
  it.each(Object.keys(LINES) as Alignment[])('%s: all stand on that line of what was round them', (to) => {
    fc.assert(
      fc.property(boxes, (before) => {
        const line = LINES[to](boundsOf([...before.values()])!)
        const after = moved(before, aligned(before, to))
        for (const [index, box] of after.entries()) {
          expect(Math.abs(LINES[to](box) - line)).toBeLessThanOrEqual(0.5)
          const old = [...before.values()][index]!
          const horizontal = ['left', 'centre', 'right'].includes(to)
          expect(horizontal ? box.y : box.x).toBe(horizontal ? old.y : old.x)
        }
      }),
    )
  })
})

describe('distributing', () => {
  it.each(['horizontally', 'vertically'] as const)('%s: gaps are equal to a pixel, the outermost stay', (along) => {
    fc.assert(
      fc.property(boxes, (before) => {
        const [start, size] = along === 'horizontally' ? (['x', 'width'] as const) : (['y', 'height'] as const)
        const middle = (box: Box) => 2 * box[start] + box[size]
        const order = [...before].sort(([, a], [, b]) => middle(a) - middle(b) || a[start] - b[start])
        const places = distributed(before, along)
        const after = moved(new Map(order), places)
        const [first, last] = [order[0]![1], order.at(-1)![1]]
        expect(after[0]).toEqual(first)
        expect(after.at(-1)).toEqual(last)
        if (after.length < 3) return
        const gaps = after.slice(1).map((box, index) => box[start] - after[index]![start] - after[index]![size])
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(2)
      }),
    )
  })
})
