import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differenceText, durationText, exactDurationText } from './duration-text.ts'

describe('duration text', () => {
  it.each([
    [0, '0 s'],
    [850, '850 µs'],
    [1000, '1 ms'],
    [310_400, '310 ms'],
    [999_499, '999 ms'],
    [999_500, '1.0 s'],
    [4_210_000, '4.2 s'],
    [59_949_999, '59.9 s'],
    [59_950_000, '1 m 0 s'],
    [72_400_000, '1 m 12 s'],
    [3_599_499_999, '59 m 59 s'],
    [3_599_500_000, '1 h 0 m'],
    [7_500_000_000, '2 h 5 m'],
    [86_399_999_999, '1 d 0 h'],
    [-4_210_000, '−4.2 s'],
  ])('%d µs reads %s', (duration, text) => expect(durationText(duration)).toBe(text))

  it('signs differences', () => {
    expect([4_200_000, -310_000, 0].map(differenceText)).toEqual(['+4.2 s', '−310 ms', '0 s'])
  })

  it('is exact on demand', () => {
    const unit: Record<string, number> = { d: 86_400e6, h: 3600e6, m: 60e6, s: 1e6 }
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (duration) => {
        const parts = exactDurationText(duration).matchAll(/([\d.]+) ([dhms])/g)
        expect(Math.round([...parts].reduce((sum, [, n, u]) => sum + Number(n) * unit[u!]!, 0))).toBe(duration)
      }),
    )
    expect(exactDurationText(72_345_678)).toBe('1 m 12.345678 s')
    expect(exactDurationText(310_000)).toBe('0.31 s')
    expect(exactDurationText(7_205_000_000)).toBe('2 h 0 m 5 s')
  })
})
