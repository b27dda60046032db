import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMinimumCut } from './minimum-cut.ts'

const SIZE = 6
const node = fc.nat({ max: SIZE - 1 })
const price = fc.oneof(fc.nat({ max: 20 }), fc.constant(Number.POSITIVE_INFINITY))
const costs = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: SIZE, maxLength: SIZE })
const bonds = fc.array(fc.record({ from: node, to: node, price }), { maxLength: 12 })

it('finds the smallest of the sets that cost least, as trying all of them does, again and again', () => {
  const cut = createMinimumCut(SIZE, 12)
  fc.assert(
    fc.property(costs, bonds, (costs, bonds) => {
      const sets = Array.from({ length: 2 ** SIZE }, (_, bits) => {
        const has = (one: number) => ((bits >> one) & 1) === 1
        const own = costs.reduce((sum, cost, one) => sum + (has(one) ? cost : 0), 0)
        const broken = bonds.filter(({ from, to }) => has(from) && !has(to))
        const members = costs.flatMap((_, one) => (has(one) ? [one] : []))
        return { members, cost: broken.reduce((sum, { price }) => sum + price, own) }
      })
      const least = Math.min(...sets.map(({ cost }) => cost))
      const best = sets.filter(({ cost }) => cost === least).sort((a, b) => a.members.length - b.members.length)[0]!
      cut.clear()
      costs.forEach((cost, one) => {
        cut.charge(one, cost)
      })
      for (const { from, to, price } of bonds) cut.bind(from, to, price)
      expect(cut.solve()).toBeCloseTo(least, 6)
      expect(costs.flatMap((_, one) => (cut.holds(one) ? [one] : []))).toEqual(best.members)
    }),
    { numRuns: 500 },
  )
})
