import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { snapTo } from './snapping.ts'

const box = (x: number, y: number, width = 200, height = 80) => ({ x, y, width, height })

describe('snapping to what stands beside', () => {
  it('edges and middles, each direction for itself', () => {
    expect(snapTo(box(3, 200), [box(0, 0)], 5)).toEqual({
      dx: -3,
      dy: 0,
      guides: [0, 100, 200].map((at) => ({ axis: 'x', at, from: 0, to: 280 })),
    })
    // A narrow one: only the middles meet.
    const { dx, guides } = snapTo(box(52, 200, 100), [box(0, 0)], 5)
    expect(dx).toBe(-2)
    expect(guides).toEqual([{ axis: 'x', at: 100, from: 0, to: 280 }])
    expect(snapTo(box(203, 400), [box(0, 0)], 5).dx).toBe(-3)
  })

  it('nothing within reach: nothing moves', () => {
    expect(snapTo(box(50, 300), [box(0, 0)], 5)).toEqual({ dx: 0, dy: 0, guides: [] })
  })

  it('never moves farther than it may, and a second time not at all', () => {
    const place = fc.integer({ min: -300, max: 300 })
    const any = fc.record({ x: place, y: place, width: fc.constant(224), height: fc.constant(72) })
    fc.assert(
      fc.property(any, fc.array(any, { maxLength: 6 }), (own, others) => {
        const { dx, dy } = snapTo(own, others, 6)
        expect(Math.max(Math.abs(dx), Math.abs(dy))).toBeLessThanOrEqual(6)
        const again = snapTo({ ...own, x: own.x + dx, y: own.y + dy }, others, 6)
        expect([Math.abs(again.dx), Math.abs(again.dy)]).toEqual([0, 0])
      }),
    )
  })
})
