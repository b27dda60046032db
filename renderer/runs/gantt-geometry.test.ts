import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  axisTicks,
  barSpan,
  niceStep,
  panned,
  tickLabel,
  timeToX,
  visibleRows,
  wholeWindow,
  xToTime,
  zoomed,
} from './gantt-geometry.ts'

const limits = wholeWindow(90_000_000)
const window = fc
  .tuple(fc.integer({ min: 0, max: 80_000_000 }), fc.integer({ min: 1_000, max: 10_000_000 }))
  .map(([start, span]) => ({ start, end: start + span }))

describe('zoom and pan', () => {
  it('keeps the time under the pointer, unless an end is reached', () => {
    fc.assert(
      fc.property(
        window,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (view, share, factor) => {
          const anchor = view.start + share * (view.end - view.start)
          const next = zoomed(view, anchor, factor, limits)
          expect(next.start).toBeGreaterThanOrEqual(limits.start)
          expect(next.end).toBeLessThanOrEqual(limits.end + 1e-6)
          expect(next.end).toBeGreaterThan(next.start)
          const free = next.start > limits.start && next.end < limits.end - 1e-6
          if (free) expect(timeToX(anchor, next, 1000)).toBeCloseTo(share * 1000, 3)
        },
      ),
    )
  })

  it('never leaves the run and never changes the span by panning', () => {
    fc.assert(
      fc.property(window, fc.integer({ min: -1e9, max: 1e9 }), (view, by) => {
        const next = panned(view, by, limits)
        expect(next.end - next.start).toBeCloseTo(view.end - view.start, 3)
        expect(next.start).toBeGreaterThanOrEqual(0)
        expect(next.end).toBeLessThanOrEqual(limits.end + 1e-6)
      }),
    )
  })

  it('has a window even for a run of no length', () => {
    const view = wholeWindow(0)
    expect(view.end).toBeGreaterThan(view.start)
    expect(Number.isFinite(timeToX(0, view, 100))).toBe(true)
  })

  it('turns pixels into times and back', () => {
    fc.assert(
      fc.property(window, fc.double({ min: 0, max: 500, noNaN: true }), (view, x) => {
        expect(timeToX(xToTime(x, view, 500), view, 500)).toBeCloseTo(x, 4)
      }),
    )
  })
})

describe('barSpan', () => {
  it('stays inside the width and is never invisible', () => {
    fc.assert(
      fc.property(window, fc.nat(90_000_000), fc.nat(90_000_000), (view, a, b) => {
        const bar = barSpan(Math.min(a, b), Math.max(a, b), view, 300)
        const overlaps = Math.max(a, b) >= view.start && Math.min(a, b) <= view.end
        expect(bar !== null).toBe(overlaps)
        if (bar !== null) {
          expect(bar.width).toBeGreaterThanOrEqual(1.5)
          expect(bar.x).toBeGreaterThanOrEqual(0)
          expect(bar.x + bar.width).toBeLessThanOrEqual(300 + 1.5)
        }
      }),
    )
  })
})

describe('axis', () => {
  it('places labels that differ, at least the gap apart', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_000, max: 1e12 }),
        fc.integer({ min: 0, max: 1e9 }),
        fc.integer({ min: 100, max: 2000 }),
        (span, start, width) => {
          const view = { start, end: start + span }
          const ticks = axisTicks(view, width)
          expect(ticks.length).toBeLessThanOrEqual(width / 80 + 1)
          expect(new Set(ticks.map((tick) => tick.label)).size).toBe(ticks.length)
        },
      ),
    )
  })

  it.each([
    [1, 1],
    [3, 5],
    [700, 1_000],
    [20_000_001, 30_000_000],
    [30_000_001, 60_000_000],
    [90_000_000, 120_000_000],
    [200_000_000_000, 259_200_000_000],
  ])('rounds a step of %d up to %d', (least, step) => {
    expect(niceStep(least)).toBe(step)
  })

  it.each([
    [1_200_000, 200_000, '1.2 s'],
    [12_000_000, 2_000_000, '12 s'],
    [150_000_000, 30_000_000, '2:30'],
    [3_605_000_000, 5_000_000, '1:00:05'],
    [61_250_000, 50_000, '1:01.25'],
    [50_000, 50_000, '50 ms'],
    [1_500, 500, '1.5 ms'],
  ])('labels %d (step %d) as %s', (time, step, label) => {
    expect(tickLabel(time, step)).toBe(label)
  })
})

describe('visibleRows', () => {
  it('covers what is on screen and nothing that does not exist', () => {
    expect(visibleRows(0, 100, 22, 5000)).toEqual({ start: 0, end: 6 })
    expect(visibleRows(22 * 4990, 400, 22, 5000)).toEqual({ start: 4989, end: 5000 })
    expect(visibleRows(1e9, 400, 22, 3)).toEqual({ start: 3, end: 3 })
  })
})
