import { expect, test } from 'vitest'
import { pipelineOf, taskFor } from '../scheduler/pipeline.testing.ts'
import { type MonteCarloInput, monteCarlo } from './monte-carlo.ts'
import { monteCarloResult } from './monte-carlo-result.ts'
import { type DrawReport, DrawSum, drawShare, sharesOf } from './monte-carlo-share.ts'
import { OPEN_OUTCOMES } from './outcomes.ts'
import { taskOdds } from './task-odds.ts'

function inputOf(ids: readonly string[], needs: readonly string[] = []): MonteCarloInput {
  const tasks = ids.map((id) => taskFor(id, needs))
  const history = new Map(
    ids.map((id) => [id, { succeeded: [10, 20, 40], failed: [5], byAttempt: [{ made: 4, failed: 1 }] }]),
  )
  const odds = taskOdds(tasks, history)
  const pipeline = pipelineOf(tasks)
  const source = {
    type: 'plan',
    pipeline,
    selection: null,
    slots: 2,
    pools: new Map(),
    odds,
    outcomes: OPEN_OUTCOMES,
  } as const
  return { source, scenario: [], seed: 7, goals: [] }
}

test('shares drawn by two workers, reported in any order, add up to what one draws', () => {
  const input = inputOf(['a', 'b', 'c'])
  const whole = monteCarlo(input)
  if (!whole.ok) throw new Error('It cannot be drawn')
  const shares = sharesOf(input, 1001, 2)
  expect(shares.map(({ from, count }) => [from, count])).toEqual([
    [0, 500],
    [500, 501],
  ])
  const reports: DrawReport[] = []
  let clock = 0
  for (const share of shares) {
    drawShare(
      share,
      () => (clock += 30),
      (report) => reports.push(structuredClone(report)),
    )
  }
  expect(reports.length).toBeGreaterThan(10)
  const sum = new DrawSum(input)
  expect(sum.result()).toBeNull()
  for (const report of reports.reverse()) if (report.type === 'drawn') sum.add(report.tally)
  expect(sum.drawn).toBe(1001)
  expect(sum.result()).toEqual(monteCarloResult(input, whole.value.draw(0, 1001)))
})

test('what cannot be drawn is refused once; fewer draws than workers are fewer shares', () => {
  const reports: DrawReport[] = []
  drawShare(
    { input: inputOf(['a'], ['a']), from: 0, count: 100 },
    () => 0,
    (report) => reports.push(report),
  )
  expect(reports).toMatchObject([{ type: 'refused', problems: [{ code: 'CYCLE' }] }])
  expect(sharesOf(inputOf(['a']), 1, 4)).toHaveLength(1)
})
