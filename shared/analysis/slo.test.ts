import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pipelineOf, taskOf } from '../formats/pipeline.testing.ts'
import type { Slo } from '../model/pipeline.ts'
import { runFacts, taskFacts } from './run-facts.testing.ts'
import type { RunFacts } from './run-facts.ts'
import { type Objective, sloKey, sloReport } from './slo.ts'

const SECOND = 1_000_000
const slo = (changes: Partial<Slo>): Slo => ({
  duration: new Map(),
  successRate: null,
  finishBy: null,
  windowRuns: 50,
  ...changes,
})
const report = (objective: Partial<Slo>, runs: readonly RunFacts[], chances?: Map<string, number>) =>
  sloReport({ ...pipelineOf([taskOf('noop', 't')]), slo: slo(objective) }, runs, chances)!
const only = (objective: Partial<Slo>, runs: readonly RunFacts[]): Objective => {
  const { objectives } = report(objective, runs)
  expect(objectives).toHaveLength(1)
  return objectives[0]!
}

describe('objectives', () => {
  it('are kept exactly while the share of good runs reaches the target, whatever the numbers', () => {
    const seconds = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(
        seconds,
        fc.constantFrom('p50', 'p90', 'p95', 'p99'),
        fc.integer({ min: 1, max: 9 }),
        (all, name, limit) => {
          const runs = all.map((makespan, day) => runFacts(day, { makespan: makespan * SECOND }))
          const found = only({ duration: new Map([[name, limit * SECOND]]) }, runs)
          const window = all.slice(0, 50)
          const good = window.filter((one) => one <= limit).length
          const needed = Number(name.slice(1)) * window.length
          expect(found.status === 'missed').toBe(good * 100 < needed)
          expect(found.measured! <= limit * SECOND).toBe(good * 100 >= needed)
          expect(found.budget.left).toBeCloseTo(found.budget.allowed - (window.length - good))
          expect(found.missedBy).toHaveLength(window.length - good)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('count whole runs only, and durations of successes only', () => {
    const runs = [
      runFacts(3, { makespan: 99 * SECOND, whole: false }),
      runFacts(2, { makespan: 99 * SECOND, state: 'failed' }),
      runFacts(1, { makespan: 5 * SECOND }),
      runFacts(0, { makespan: 5 * SECOND }),
    ]
    const { status, objectives } = report({ duration: new Map([['p95', 6 * SECOND]]), successRate: 0.9 }, runs)
    expect(objectives.map(({ judged, kept, status }) => ({ judged, kept, status }))).toEqual([
      { judged: 2, kept: 2, status: 'met' },
      { judged: 3, kept: 2, status: 'missed' },
    ])
    expect(objectives[1]!.missedBy).toEqual(['r2'])
    expect(status).toBe('missed')
  })

  it('look at the window and no further', () => {
    const runs = [...Array.from({ length: 5 }, (_, day) => runFacts(9 - day)), runFacts(0, { state: 'failed' })]
    expect(only({ successRate: 1, windowRuns: 5 }, runs)).toMatchObject({ status: 'met', judged: 5, attainment: 1 })
    expect(only({ successRate: 1, windowRuns: 6 }, runs)).toMatchObject({ status: 'missed', judged: 6 })
  })

  it('are at risk while the budget is being used up, or the next run will hardly keep them', () => {
    const fails = (count: number) =>
      Array.from({ length: 40 }, (_, day) => runFacts(day, day < count ? { state: 'failed' } : {}))
    expect(only({ successRate: 0.9 }, fails(0))).toMatchObject({ status: 'met', burnRate: 0 })
    expect(only({ successRate: 0.9 }, fails(2))).toMatchObject({ status: 'at_risk', burnRate: expect.closeTo(2) })
    expect(only({ successRate: 0.9 }, fails(4))).toMatchObject({ status: 'at_risk', budget: { allowed: 4, used: 4 } })
    expect(only({ successRate: 0.9 }, fails(5)).status).toBe('missed')
    const chance = (value: number) =>
      report({ successRate: 0.9 }, fails(0), new Map([[sloKey(null, 'successRate', 0.9), value]])).objectives[0]!
    expect(chance(0.95)).toMatchObject({ status: 'met', chanceToMeet: 0.95 })
    expect(chance(0.5).status).toBe('at_risk')
  })

  it('finish by a time of day in their own zone, after the logical date, also where clocks change', () => {
    const finishBy = { at: '07:00', timezone: 'Europe/Berlin' }
    const at = (logicalDate: string, endedAt: string, changes: Partial<RunFacts> = {}) =>
      only({ finishBy }, [runFacts(0, { logicalDate, endedAt, ...changes })]).status
    // Winter: 07:00 is 06:00 UTC. Summer: 05:00 UTC.
    expect(at('2026-01-10T05:00:00Z', '2026-01-10T06:00:00Z')).toBe('met')
    expect(at('2026-01-10T05:00:00Z', '2026-01-10T06:00:01Z')).toBe('missed')
    expect(at('2026-07-10T04:00:00Z', '2026-07-10T05:00:01Z')).toBe('missed')
    // The evening before the clocks go forward (29 March 2026): 07:00 is 05:00 UTC the next day.
    expect(at('2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z')).toBe('met')
    expect(at('2026-03-28T22:00:00Z', '2026-03-29T05:00:01Z')).toBe('missed')
    // And back (25 October 2026): 06:00 UTC.
    expect(at('2026-10-24T22:00:00Z', '2026-10-25T06:00:00Z')).toBe('met')
    // Started by hand hours later, for the tick at 06:00: its time was over.
    expect(at('2026-01-10T05:00:00Z', '2026-01-10T12:00:00Z')).toBe('missed')
    expect(at('2026-01-10T05:00:00Z', '2026-01-10T05:30:00Z', { state: 'failed' })).toBe('missed')
    const gap = only({ finishBy: { at: '02:30', timezone: 'Europe/Berlin' } }, [
      runFacts(0, { logicalDate: '2026-03-29T00:00:00Z', endedAt: '2026-03-29T01:30:00Z' }),
    ])
    expect(gap.status).toBe('met')
  })

  it('of tasks look at their own ends, through renames', () => {
    const pipeline = pipelineOf([
      taskOf('noop', '__proto__', { slo: slo({ duration: new Map([['p50', SECOND]]) }), aliases: ['old'] }),
    ])
    const runs = [
      runFacts(2, { tasks: [taskFacts('__proto__', { duration: 2 * SECOND })] }),
      runFacts(1, { tasks: [taskFacts('old', { duration: SECOND })] }),
      runFacts(0, { tasks: [taskFacts('old', { state: 'upstream_failed', duration: null })], state: 'failed' }),
    ]
    const { objectives } = sloReport(pipeline, runs)!
    expect(objectives).toMatchObject([{ task: '__proto__', judged: 2, kept: 1, status: 'met', measured: SECOND }])
  })

  it('say that there is nothing to judge by, and nothing where nothing is promised', () => {
    const { status, objectives } = report({ successRate: 0.99, duration: new Map([['p95', 1]]) }, [])
    expect(status).toBe('no_data')
    expect(objectives.map(({ attainment, measured, burnRate }) => [attainment, measured, burnRate])).toEqual([
      [null, null, null],
      [null, null, null],
    ])
    expect(sloReport(pipelineOf([taskOf('noop', 't')]), [runFacts(0)])).toBeNull()
  })

  it('are told in words', () => {
    const { objectives } = report(
      {
        duration: new Map([['p95', 300 * SECOND]]),
        successRate: 0.995,
        finishBy: { at: '07:00', timezone: 'Europe/Berlin' },
      },
      [],
    )
    expect(objectives.map(({ promise }) => promise)).toEqual([
      'p95 within 5 m 0 s',
      '99.5% succeed',
      'done by 07:00 Europe/Berlin',
    ])
  })
})
