import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentile } from './percentile.ts'

describe('percentile', () => {
  it('is type 7: as numpy.percentile has it', () => {
    expect(percentile([15, 20, 35, 40, 50], 0.4)).toBeCloseTo(29)
    expect(percentile([1, 2, 3, 4], 0.5)).toBe(2.5)
    expect(percentile([3, 1, 2], 0.95)).toBeCloseTo(2.9)
    expect(percentile([10, 9], 0)).toBe(9)
    expect(percentile([10, 9], 1)).toBe(10)
    expect(percentile([], 0.5)).toBeUndefined()
  })

  it('stays inside the values, rises with the fraction and does not mind the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          const [low, high] = [percentile(values, Math.min(a, b))!, percentile(values, Math.max(a, b))!]
          expect(low).toBeLessThanOrEqual(high)
          expect(low).toBeGreaterThanOrEqual(Math.min(...values))
          expect(high).toBeLessThanOrEqual(Math.max(...values))
          expect(percentile([...values].reverse(), a)).toBe(percentile(values, a))
        },
      ),
    )
  })
})
