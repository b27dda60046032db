import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlannedTask } from '#shared/analysis/planner-simulation.ts'
import { busiest, busyLevels, workerRows } from './planner-ways.ts'

const tasks = fc.array(
  fc
    .tuple(fc.nat(30), fc.integer({ min: 1, max: 12 }))
    .map(([start, length]): PlannedTask => ({ pipeline: 'p', task: 't', start, end: start + length })),
  { maxLength: 25 },
)
const runningAt = (all: readonly PlannedTask[], instant: number) =>
  all.filter(({ start, end }) => start <= instant && instant < end).length

describe('tasks over time', () => {
  it('are counted as they run at every instant', () => {
    fc.assert(
      fc.property(tasks, (all) => {
        const levels = busyLevels(all)
        for (let instant = 0; instant < 45; instant++) {
          expect(levels.findLast(({ x }) => x <= instant)?.y).toBe(runningAt(all, instant))
          expect(busiest(levels, instant, instant + 5)).toBe(
            Math.max(...[0, 1, 2, 3, 4].map((later) => runningAt(all, instant + later))),
          )
        }
      }),
    )
  })

  it('stand one after another in no more rows than run at once', () => {
    fc.assert(
      fc.property(tasks, (all) => {
        const rows = workerRows(all)
        expect(rows.flat()).toHaveLength(all.length)
        for (const row of rows) {
          for (const [at, task] of row.entries())
            if (at > 0) expect(task.start).toBeGreaterThanOrEqual(row[at - 1]!.end)
        }
        expect(rows).toHaveLength(busiest(busyLevels(all), 0, 100))
      }),
    )
  })
})
