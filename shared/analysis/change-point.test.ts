import { describe, expect, it } from 'vitest'
import { changePoints } from './change-point.ts'

/** A small seeded generator (mulberry32): the rates below are the same at every run. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Durations as tasks have them: skewed to the slow side, now and then an outlier. */
function series(seed: number, levels: readonly (readonly [count: number, level: number])[], outliers = 0.03): number[] {
  const random = noise(seed)
  return levels.flatMap(([count, level]) =>
    Array.from({ length: count }, () => {
      const skewed = level * (1 + 0.2 * -Math.log(1 - random()))
      return random() < outliers ? skewed * 10 : skewed
    }),
  )
}

const SERIES = 400

describe('change points', () => {
  it.each([10, 20, 50, 200])('noise of %i values alarms in at most 1 of 100 series', (count) => {
    let alarms = 0
    for (let seed = 0; seed < SERIES; seed++) if (changePoints(series(seed, [[count, 1000]])).length > 0) alarms++
    expect(alarms).toBeLessThanOrEqual(SERIES / 100)
  })

  it.each([10, 20, 50, 200])(
    'a doubling after %i values shows within 6 more values, within 2 of its place',
    (before) => {
      let found = 0
      for (let seed = 0; seed < 100; seed++) {
        const changes = changePoints(
          series(
            seed,
            [
              [before, 1000],
              [6, 2000],
            ],
            0,
          ),
        )
        if (changes.some(({ at }) => Math.abs(at - before) <= 2)) found++
      }
      expect(found / 100).toBeGreaterThan(0.85)
    },
  )

  it('finds every level of a series that goes up and down again, with medians and counts', () => {
    const changes = changePoints([
      ...Array.from({ length: 12 }, (_, n) => 100 + n),
      ...Array.from({ length: 12 }, (_, n) => 300 + n),
      ...Array.from({ length: 12 }, (_, n) => 100 + ((n * 7) % 12)),
    ])
    expect(changes).toEqual([
      { at: 12, before: 105.5, after: 305.5, countBefore: 12, countAfter: 12 },
      { at: 24, before: 305.5, after: 105.5, countBefore: 12, countAfter: 12 },
    ])
  })

  it('takes a change of less than a fifth, a single slow run and a constant for none', () => {
    expect(changePoints(Array.from({ length: 60 }, (_, n) => (n < 30 ? 1000 : 1150) + (n % 5)))).toEqual([])
    expect(changePoints(Array.from({ length: 60 }, (_, n) => (n === 59 ? 90_000 : 1000 + (n % 7))))).toEqual([])
    expect(changePoints(new Array(50).fill(0))).toEqual([])
    expect(changePoints([...new Array(20).fill(0), ...new Array(20).fill(5)])).toHaveLength(1)
  })

  it('says nothing of fewer than ten values, and the same every time', () => {
    expect(changePoints([])).toEqual([])
    expect(changePoints([1, 1, 1, 1, 1, 9, 9, 9, 9])).toEqual([])
    const values = series(7, [
      [40, 10],
      [40, 30],
    ])
    expect(changePoints(values)).toEqual(changePoints(values))
    expect(changePoints(values)).toHaveLength(1)
  })

  it('has an exact tail: counted by going through all orders of small samples', () => {
    // Four values below six: the only order with U = 0 of C(10, 4) = 210, doubled, for three places of the split.
    const separated = [1, 2, 3, 4, 11, 12, 13, 14, 15, 16]
    expect(changePoints(separated)).toEqual([])
    // C(14, 7) = 3432 orders: rare enough.
    expect(changePoints([1, 2, 3, 4, 5, 6, 7, 21, 22, 23, 24, 25, 26, 27])).toHaveLength(1)
  })
})
