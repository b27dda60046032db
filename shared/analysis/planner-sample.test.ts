import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planRush } from './planner.ts'
import { readRush } from './planner-file.ts'

const MINUTE = 60_000_000
const FILE = join(import.meta.dirname, '../samples/morning_rush/rush.plan.yaml')

test('the sample’s case is met: 89 pipelines, at most 14 workers, done in 47 minutes, for no more money', () => {
  const { rush, problems } = readRush(readFileSync(FILE, 'utf8'))
  expect(problems).toEqual([])
  expect(rush?.pipelines).toHaveLength(89)
  expect(rush?.window).toBe(60 * MINUTE)
  const answer = planRush(rush!)
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems))
  const { given, planned, bound } = answer.value
  expect(given).toMatchObject({ inTime: true, band: 'within' })
  expect(given?.done).toBeGreaterThan(46 * MINUTE)
  const mostOf = (profile: typeof planned) => Math.max(...profile!.steps.map(({ hand, reserve }) => hand + reserve))
  expect(mostOf(given)).toBe(14)
  expect(given?.steps.at(-1)?.hand).toBe(9)
  expect(planned).toMatchObject({ inTime: true, band: 'within' })
  expect(planned?.done).toBeLessThanOrEqual(given!.done!)
  expect(mostOf(planned)).toBeLessThanOrEqual(14)
  expect(planned?.workerTime).toBeLessThanOrEqual(given!.workerTime)
  expect(planned?.workerTime).toBe(bound)
})
