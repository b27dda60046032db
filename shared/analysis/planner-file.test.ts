import { expect, test } from 'vitest'
import { readRush } from './planner-file.ts'

const MINUTE = 60_000_000

test('reads a plan, times of day and durations alike', () => {
  const { rush, files, problems } = readRush(`
dagwrightPlan: 1
name: Morning
window: { start: "06:00", length: 1h }
workers: [{ at: "06:00", workers: 14 }, { at: 25m, workers: 9 }]
most: 14
interval: 5m
utilisation: { low: 0.6, high: 0.9 }
price: { perHour: 0.4 }
pipelines:
  sales: { release: "06:10", deadline: "06:47", duration: { min: 2m, likely: 4m, max: 12m } }
  mart: { needs: [sales], tasks: { load: { duration: 3m }, build: { duration: 90s, needs: [load] } } }
  flights: { file: flights.dag.yaml, release: 15m }
`)
  expect(problems).toEqual([])
  expect(files).toEqual([{ pipeline: 2, path: 'flights.dag.yaml' }])
  expect(rush).toMatchObject({
    name: 'Morning',
    start: '06:00',
    window: 60 * MINUTE,
    workers: [
      { at: 0, workers: 14 },
      { at: 25 * MINUTE, workers: 9 },
    ],
    band: { low: 0.6, high: 0.9 },
    price: { perHour: 0.4, currency: 'EUR' },
  })
  expect(rush?.pipelines).toEqual([
    {
      id: 'sales',
      release: 10 * MINUTE,
      deadline: 47 * MINUTE,
      needs: [],
      tasks: [{ id: 'sales', duration: 5 * MINUTE, needs: [] }],
    },
    {
      id: 'mart',
      release: 0,
      deadline: 60 * MINUTE,
      needs: ['sales'],
      tasks: [
        { id: 'load', duration: 3 * MINUTE, needs: [] },
        { id: 'build', duration: 1.5 * MINUTE, needs: ['load'] },
      ],
    },
    { id: 'flights', release: 15 * MINUTE, deadline: 60 * MINUTE, needs: [], tasks: [] },
  ])
})

const PLAN = 'dagwrightPlan: 1\nwindow: { length: 1h }\npipelines:\n'

test.each([
  ['', 'NOT_A_PLAN'],
  ['- a', 'NOT_A_PLAN'],
  ['a: [', 'YAML_SYNTAX'],
  ['dagwrightPlan: 2\nwindow: { length: 1h }\npipelines: {}', 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: soon }`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: -5m }`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m, file: x.dag.yaml }`, 'WRONG_VALUE'],
  [`${PLAN}  a: {}`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m, realease: 5m }`, 'UNKNOWN_KEY'],
  [`${PLAN}  a: { duration: 5m, release: 30m, deadline: 20m }`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m }\nworkers: [{ at: 5m, workers: 2 }]`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m }\nworkers: [{ at: 0m, workers: 2 }, { at: 7m, workers: 1 }]`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m }\nworkers: 20\nmost: 14`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m }\nutilisation: { low: 0.9, high: 0.5 }`, 'WRONG_VALUE'],
  [`${PLAN}  a: { duration: 5m }\ninterval: 1ms`, 'WRONG_VALUE'],
  ['dagwrightPlan: 1\npipelines: {}', 'MISSING_KEY'],
])('%j is refused with %s and a place', (text, code) => {
  const { rush, problems } = readRush(text)
  expect(rush).toBeNull()
  expect(problems.map((problem) => problem.code)).toContain(code)
  expect(problems.every((problem) => problem.range !== undefined && problem.hint !== undefined)).toBe(true)
})
