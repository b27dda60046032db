import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { slotRows } from './gantt-slots.ts'
import type { TimelineBar, TimelineRow } from './timeline-rows.ts'

const barOf = (task: string, from: number, to: number): TimelineBar => ({
  task,
  index: null,
  kind: 'work',
  from,
  to,
  state: 'success',
  attempt: 1,
  critical: false,
  cause: null,
})
const rowOf = (task: string, bars: readonly TimelineBar[]): TimelineRow => ({
  key: task,
  task,
  index: null,
  label: task,
  state: 'success',
  bars,
  critical: false,
  group: null,
  nested: false,
})

describe('slotRows', () => {
  it('puts every attempt on one slot, none over another, on as few slots as ran at once', () => {
    const span = fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(fc.array(span, { maxLength: 30 }), (spans) => {
        const rows = spans.map(([from, length], n) => rowOf(`t${n}`, [barOf(`t${n}`, from, from + length)]))
        const slots = slotRows(rows)
        expect(slots.flatMap(({ bars }) => bars.map(({ task }) => task)).toSorted()).toEqual(
          rows.map(({ task }) => task).toSorted(),
        )
        for (const { bars } of slots) {
          bars.slice(1).forEach((bar, n) => {
            expect(bars[n]!.to).toBeLessThanOrEqual(bar.from)
          })
        }
        const together = spans.map(([at]) => spans.filter(([from, length]) => from <= at && at < from + length).length)
        expect(slots.length).toBe(Math.max(0, ...together))
      }),
    )
  })

  it('leaves waiting out', () => {
    const wait: TimelineBar = { ...barOf('a', 0, 5), kind: 'wait' }
    expect(slotRows([rowOf('a', [wait, barOf('a', 5, 9)])])[0]?.bars.map(({ kind }) => kind)).toEqual(['work'])
  })
})
