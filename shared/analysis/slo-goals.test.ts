import { expect, test } from 'vitest'
import type { Slo } from '../model/pipeline.ts'
import { pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import { monteCarlo } from './monte-carlo.ts'
import { monteCarloResult } from './monte-carlo-result.ts'
import { planSource } from './plan-source.ts'
import { sloReport } from './slo.ts'
import { chancesToMeet, sloGoals } from './slo-goals.ts'

const MINUTE = 60_000_000
const NO_SLO: Slo = { duration: new Map(), successRate: null, finishBy: null, windowRuns: 10 }
const estimate = { min: 20 * MINUTE, likely: 30 * MINUTE, max: 40 * MINUTE }
const tasks = [taskFor('load', [], { estimate, slo: { ...NO_SLO, duration: new Map([['p95', 30 * MINUTE]]) } })]
const finishBy = { at: '03:30', timezone: 'Europe/Berlin' }
const pipeline = { ...pipelineOf(tasks), slo: { ...NO_SLO, successRate: 0.9, finishBy } }

test('a finish-by time is a time of day in its zone, also in the night the clocks go forward', () => {
  // On 29 March 2026 the clocks in Berlin go from 02:00 to 03:00, which is 01:00 UTC.
  const start = Date.parse('2026-03-29T00:30:00Z')
  const [, done] = sloGoals(pipeline, start, start)
  expect(done).toMatchObject({ promise: 'done by 03:30 Europe/Berlin', goal: { of: 'end', within: 60 * MINUTE } })
  const late = sloGoals(pipeline, start, start + 2 * 3_600_000)[1]
  expect(late?.goal.within).toBe(-60 * MINUTE)
})

test('the chances find their objectives in the report', () => {
  const start = Date.parse('2026-03-29T01:00:00Z')
  const goals = sloGoals(pipeline, start, start)
  const { source } = planSource(pipeline, [], { slots: 1, pools: new Map() })
  const input = { source, scenario: [], seed: 1, goals: goals.map(({ goal }) => goal) }
  const drawing = monteCarlo(input)
  if (!drawing.ok) throw new Error(JSON.stringify(drawing.problems))
  const chances = chancesToMeet(goals, monteCarloResult(input, drawing.value.draw(0, 4000)))
  const told = sloReport(pipeline, [], chances)?.objectives.map(({ task, kind, chanceToMeet }) => [
    task,
    kind,
    chanceToMeet,
  ])
  // Of a symmetric estimate of 30 minutes, half of the draws end in time; 2.8% is 3.5 standard errors.
  const half = (chance: unknown) => Math.abs(Number(chance) - 0.5) < 0.028
  expect(told).toEqual([
    [null, 'successRate', 1],
    [null, 'finishBy', expect.toSatisfy(half)],
    ['load', 'duration', expect.toSatisfy(half)],
  ])
})
