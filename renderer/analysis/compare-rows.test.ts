import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunComparison } from '#shared/analysis/compare-runs.ts'
import { comparisonRows, summaryText } from './compare-rows.ts'

const NONE = { earlier: null, later: null, delta: null }

describe('comparisonRows', () => {
  it('keeps every task once, largest contribution first, and the sum of the contributions', () => {
    const delta = fc.integer({ min: -1e6, max: 1e6 })
    const part = fc.record({
      task: fc.constantFrom('a', 'b', '__proto__'),
      kind: fc.constantFrom('work', 'overhead'),
      delta,
    })
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const found: RunComparison = {
          makespan: NONE,
          tasks: ['a', 'b', '__proto__', 'c'].map((task) => ({
            task,
            states: { earlier: 'success', later: 'success' },
            duration: NONE,
            work: NONE,
            waited: NONE,
            attempts: { earlier: 1, later: 1 },
          })),
          explained: parts.map((one) => ({ ...one, kind: one.kind as 'work', earlier: 0, later: one.delta })),
        }
        const rows = comparisonRows(found)
        expect(rows.map(({ task }) => task.task).toSorted()).toEqual(['__proto__', 'a', 'b', 'c'])
        const sizes = rows.map(({ contribution }) => Math.abs(contribution ?? 0))
        expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
        const sum = rows.reduce((total, { contribution }) => total + (contribution ?? 0), 0)
        expect(sum).toBe(parts.reduce((total, one) => total + one.delta, 0))
      }),
    )
  })
})

describe('summaryText', () => {
  it('says which way and by how much', () => {
    expect(summaryText({ earlier: 34e6, later: 38.2e6, delta: 4.2e6 })).toBe('4.2 s (12%) slower: 34.0 s → 38.2 s')
    expect(summaryText({ earlier: 2e6, later: 1e6, delta: -1e6 })).toBe('1.0 s (50%) faster: 2.0 s → 1.0 s')
    expect(summaryText({ earlier: 0, later: 1e6, delta: 1e6 })).toBe('1.0 s slower: 0 s → 1.0 s')
    expect(summaryText({ earlier: 1e6, later: 1e6, delta: 0 })).toBe('Both took 1.0 s')
    expect(summaryText(NONE)).toBe('Not both of them have a critical path to compare.')
  })
})
