import { expect, it } from 'vitest'
import { planRush } from './planner.ts'
import { isPlanPath, planDocument } from './planner-document.ts'
import { readRush } from './planner-file.ts'
import { rushClock, rushVerdict } from './planner-text.ts'

const PLAN = `dagwrightPlan: 1
window: { start: "06:00", length: 30m }
workers: 1
most: 2
interval: 10m
pipelines:
  a: { duration: 8m }
  b: { duration: 4m, needs: [a], deadline: "06:15" }
`

function answerTo(text: string) {
  const { rush } = readRush(text)
  const answer = planRush(rush!)
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems))
  return { rush: rush!, answer: answer.value }
}

it('is a document without a pipeline, whose problems have their lines', () => {
  expect(planDocument(PLAN)).toMatchObject({ pipeline: null, problems: [], editable: true })
  const wrong = planDocument(PLAN.replace('8m', 'soon'))
  expect(wrong.problems.length).toBeGreaterThan(0)
  expect(new Set(wrong.problems.map(({ range }) => range?.start.line))).toEqual(new Set([7]))
  expect(planDocument('a: [').editable).toBe(false)
  expect([isPlanPath('a/rush.plan.yaml'), isPlanPath('rush.dag.yaml')]).toEqual([true, false])
})

it('tells every task as it ran', () => {
  const { rush, answer } = answerTo(PLAN)
  const minute = 60_000_000
  expect(answer.given?.tasks).toEqual([
    { pipeline: 'a', task: 'a', start: 0, end: 8 * minute },
    { pipeline: 'b', task: 'b', start: 8 * minute, end: 12 * minute },
  ])
  expect(rushVerdict(rush, answer)).toBe('All 2 end in time: done in 12 m 0 s with at most 1 worker.')
  expect(rushClock(rush, 12 * minute)).toBe('06:12')
})

it('says who is late, and what no worker could help', () => {
  const late = answerTo(PLAN.replace('"06:15"', '"06:10"'))
  expect(rushVerdict(late.rush, late.answer)).toBe('1 of 2 do not end in time: done in 12 m 0 s with at most 1 worker.')
  const hopeless = answerTo(PLAN.replace('"06:15"', '"06:10"').replace('workers: 1\n', ''))
  expect(rushVerdict(hopeless.rush, hopeless.answer)).toBe('Not in time whatever the workers: a, b take too long.')
})
