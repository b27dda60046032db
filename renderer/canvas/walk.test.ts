import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Point } from './geometry.ts'
import { neighbour } from './walk.ts'

const positions = new Map<string, Point>([
  ['a', [0, 0]],
  ['b', [300, 0]],
  ['c', [300, 100]],
  ['far', [900, 0]],
])

test('the nearest task in the direction is taken', () => {
  expect(neighbour('a', 'right', positions, new Set())).toBe('b')
  expect(neighbour('b', 'down', positions, new Set())).toBe('c')
  expect(neighbour('b', 'left', positions, new Set())).toBe('a')
  expect(neighbour('a', 'up', positions, new Set())).toBeNull()
  expect(neighbour('gone', 'up', positions, new Set())).toBeNull()
})

test('a linked task is preferred to a nearer one', () => {
  expect(neighbour('a', 'right', positions, new Set(['far']))).toBe('far')
})

test('what is found always lies in the direction', () => {
  const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
      const all = new Map(points.map((at, index) => [String(index), at as Point]))
      const found = neighbour('0', 'left', all, new Set(['1']))
      if (found !== null) expect(all.get(found)![0]).toBeLessThan(all.get('0')![0])
    }),
  )
})
