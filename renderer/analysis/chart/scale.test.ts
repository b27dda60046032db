import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisText, linearScale, roundDomain, ticksOf, type Unit } from './scale.ts'

const unit = fc.constantFrom<Unit[]>('duration', 'count', 'share', 'bytes')
const values = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { maxLength: 40 })

describe('roundDomain and ticksOf', () => {
  it('hold every value between ticks that are round, even, different and few', () => {
    fc.assert(
      fc.property(values, unit, fc.integer({ min: 2, max: 10 }), (given, one, most) => {
        const shown = one === 'share' ? given.map((value) => value / 1e12) : given
        const domain = roundDomain(shown, one, most)
        expect(domain.to).toBeGreaterThan(domain.from)
        for (const value of shown) {
          expect(value).toBeGreaterThanOrEqual(domain.from)
          expect(value).toBeLessThanOrEqual(domain.to)
        }
        const ticks = ticksOf(domain, one, most)
        expect(ticks.length).toBeGreaterThanOrEqual(2)
        expect(ticks.length).toBeLessThanOrEqual(most + 2)
        expect(ticks[0]!.value).toBeCloseTo(domain.from, 6)
        const steps = ticks.slice(1).map((tick, index) => tick.value - ticks[index]!.value)
        for (const step of steps) expect(step / steps[0]!).toBeCloseTo(1, 6)
      }),
    )
  })

  it('say them shortly', () => {
    expect(ticksOf({ from: 0, to: 1 }, 'share', 4).map((tick) => tick.label)).toEqual(['0%', '50%', '100%'])
    expect(ticksOf({ from: 0, to: 3e8 }, 'duration', 5).map((tick) => tick.label)).toEqual([
      '0 s',
      '1 m',
      '2 m',
      '3 m',
      '4 m',
      '5 m',
    ])
    expect(ticksOf({ from: 0, to: 4 }, 'count').map((tick) => tick.label)).toEqual(['0', '1', '2', '3', '4'])
    expect(axisText(10_000_000, 'duration')).toBe('10 s')
    expect(axisText(90_000_000, 'duration')).toBe('1 m 30 s')
  })

  it('has no ticks where there is no room', () => {
    expect(ticksOf({ from: 2, to: 2 }, 'count')).toEqual([])
    expect(ticksOf({ from: 0, to: Number.NaN }, 'count')).toEqual([])
  })
})

describe('linearScale', () => {
  it('maps ends to ends, also upside down, and a point to the middle', () => {
    const scale = linearScale({ from: 0, to: 10 }, 100, 0)
    expect([scale(0), scale(5), scale(10)]).toEqual([100, 50, 0])
    expect(linearScale({ from: 3, to: 3 }, 0, 100)(3)).toBe(50)
  })
})
