import { expect, test } from 'vitest'
import { chance, drawSeed } from './random.ts'

const CELLS = 64
const DRAWS = 64_000

/** Pearson's statistic against equal shares; its expectation is the cells less 1, its deviation about √(2 × cells). */
function chiSquare(counts: readonly number[], total: number): number {
  const expected = total / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

test.each([
  ['draws', (n: number) => chance(drawSeed(1, n), 3, -1, 1, 0)],
  ['tasks', (n: number) => chance(drawSeed(1, 7), n, -1, 1, 0)],
  ['instances', (n: number) => chance(drawSeed(1, 7), 3, n, 1, 0)],
  ['attempts', (n: number) => chance(drawSeed(1, 7), 3, -1, n, 0)],
  ['seeds', (n: number) => chance(drawSeed(n, 0), 0, -1, 1, 0)],
])('over %s the numbers are even, and each is independent of the one before', (_, numberOf) => {
  const single: number[] = new Array(CELLS).fill(0)
  const pairs: number[] = new Array(CELLS).fill(0)
  let before = 0
  for (let n = 0; n < DRAWS; n++) {
    const value = numberOf(n)
    expect(value >= 0 && value < 1).toBe(true)
    single[Math.floor(value * CELLS)]!++
    pairs[Math.floor(value * 8) * 8 + Math.floor(before * 8)]!++
    before = value
  }
  const limit = CELLS - 1 + 5 * Math.sqrt(2 * CELLS)
  expect(chiSquare(single, DRAWS)).toBeLessThan(limit)
  expect(chiSquare(pairs, DRAWS)).toBeLessThan(limit)
})

test('what is decided about one attempt is decided apart', () => {
  const drawn = drawSeed(1, 1)
  const numbers = [0, 1, 2, 3].map((purpose) => chance(drawn, 0, -1, 1, purpose))
  expect(new Set([...numbers, chance(drawn, 0, -1, 2, 0)]).size).toBe(5)
})
