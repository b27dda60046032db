import { describe, expect, it } from 'vitest'
import { pipelineHistory, taskHistory } from '#shared/analysis/history.ts'
import type { RunFacts, TaskFacts } from '#shared/analysis/run-facts.ts'
import { changeText, pipelineSeries, rateText, taskSeries } from './history-series.ts'

const FACTS: TaskFacts = {
  task: 'load',
  state: 'success',
  origin: 'executed',
  work: 2e6,
  duration: 3e6,
  queued: 1e6,
  attempts: 1,
  endedAt: null,
  rows: 10,
  bytes: null,
  peakMemory: null,
  cpu: null,
}
const run = (number: number, change: Partial<RunFacts> = {}): RunFacts => ({
  run: `run${number}`,
  state: 'success',
  startedAt: new Date(Date.UTC(2026, 10, number)).toISOString(),
  endedAt: new Date(Date.UTC(2026, 10, number)).toISOString(),
  logicalDate: '',
  makespan: number * 1e6,
  whole: true,
  tasks: [FACTS],
  ...change,
})

describe('series', () => {
  it('of a pipeline: oldest first, failures and parts told apart, levels from what counts', () => {
    const runs = [run(4, { whole: false }), run(3, { state: 'failed', whole: true }), run(2), run(1)]
    const series = pipelineSeries(pipelineHistory(runs), 'duration')
    expect(series.points.map(({ run, value, counts, failed }) => [run, value, counts, failed])).toEqual([
      ['run1', 1e6, true, false],
      ['run2', 2e6, true, false],
      ['run3', 3e6, false, true],
      ['run4', 4e6, false, false],
    ])
    expect(series.levels?.median).toBe(1.5e6)
    const rates = pipelineSeries(pipelineHistory(runs), 'success')
    expect(rates.points.map(({ value }) => value)).toEqual([1, 1, 2 / 3, 3 / 4])
    expect(rates.levels).toBe(null)
  })

  it('of a task: each measure in its unit, nothing where nothing is reported', () => {
    const reused = { ...FACTS, origin: 'reused' as const }
    const entries = [
      { run: run(3), facts: { ...FACTS, rows: 30 } },
      { run: run(2), facts: reused },
      { run: run(1), facts: FACTS },
    ]
    const history = taskHistory('load', entries)
    const rows = taskSeries(history, 'rows')
    expect([rows.unit, rows.points.map(({ value, counts }) => [value, counts])]).toEqual([
      'count',
      [
        [10, true],
        [10, false],
        [30, true],
      ],
    ])
    expect(rows.levels?.median).toBe(20)
    expect(taskSeries(history, 'memory').points.every(({ value }) => value === null)).toBe(true)
    expect(taskSeries(history, 'memory').levels).toBe(null)
    expect(taskSeries(history, 'queued').levels).toEqual({ median: 1e6, p95: 1e6 })
  })
})

it('words changes and rates', () => {
  const change = { since: new Date(2026, 10, 3, 12).toISOString(), before: 12e6, after: 31e6 }
  expect(changeText(change)).toMatch(/^Slower since .*3.*: median 12\.0 s → 31\.0 s$/)
  expect(changeText({ ...change, after: 5e6 })).toContain('Faster')
  expect(rateText({ succeeded: 19, judged: 20 })).toBe('95% of 20 runs')
  expect(rateText(null)).toBe('no run has ended by itself')
})
