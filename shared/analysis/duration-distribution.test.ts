import { describe, expect, test } from 'vitest'
import { type DurationDistribution, Samplers } from './duration-distribution.ts'

function momentsOf(distribution: DurationDistribution) {
  const samplers = new Samplers([{ type: 'fixed', value: 99 }, distribution])
  const count = 100_000
  let sum = 0
  let squares = 0
  for (let at = 0; at < count; at++) {
    const value = samplers.at(1, (at + 0.5) / count)
    sum += value
    squares += value * value
  }
  const mean = sum / count
  return { mean, deviation: Math.sqrt(squares / count - mean * mean) }
}

describe('PERT', () => {
  /** Beta(α, β) has mean α/(α+β) and variance αβ/((α+β)²(α+β+1)). */
  test.each([
    [0, 0, 1e6],
    [0, 1e6, 1e6],
    [1e6, 4e6, 10e6],
    [2e6, 2.1e6, 60e6],
  ])('min %d, likely %d, max %d has the moments of its beta distribution', (min, likely, max) => {
    const range = max - min
    const alpha = 1 + (4 * (likely - min)) / range
    const beta = 6 - alpha
    const { mean, deviation } = momentsOf({ type: 'pert', min, likely, max })
    expect(Math.abs(mean - (min + (range * alpha) / 6)) / range).toBeLessThan(2e-4)
    expect(Math.abs(deviation / (range * Math.sqrt((alpha * beta) / (36 * 7))) - 1)).toBeLessThan(5e-3)
  })

  test('the median of a symmetric one is its middle, and no value leaves the range', () => {
    const samplers = new Samplers([{ type: 'pert', min: 10, likely: 20, max: 30 }])
    expect(samplers.at(0, 0.5)).toBe(20)
    expect([samplers.at(0, 0), samplers.at(0, 1 - 2 ** -32)]).toEqual([10, 30])
  })

  test('no range is no chance', () => {
    expect(momentsOf({ type: 'pert', min: 5, likely: 5, max: 5 })).toEqual({ mean: 5, deviation: 0 })
  })
})

test('history draws each value as often as the others, and nothing between', () => {
  const samplers = new Samplers([{ type: 'history', values: [30, 10, 10, 0] }])
  const drawn = Array.from({ length: 8 }, (_, at) => samplers.at(0, at / 8))
  expect(drawn).toEqual([0, 0, 10, 10, 10, 10, 30, 30])
})
