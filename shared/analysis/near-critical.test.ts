import { expect, it } from 'vitest'
import { pipelineOf, taskOf } from '../formats/pipeline.testing.ts'
import { expectedDurations } from './basis.ts'
import { nearCriticalTasks } from './near-critical.ts'
import { pipelineAnalysis } from './summary.ts'

it('near-critical tasks have some float, but no more than the share of the makespan', () => {
  const estimated = (id: string, likely: number) =>
    taskOf('shell', id, { estimate: { min: likely, likely, max: likely } })
  const { tasks } = pipelineOf([100, 89, 90, 99, 50].map((time, number) => estimated(`t${number}`, time)))
  const analysis = pipelineAnalysis(tasks, expectedDurations(tasks, new Map()))
  expect(nearCriticalTasks(analysis)).toEqual(['t3', 't2'])
  expect(nearCriticalTasks(analysis, 0)).toEqual([])
  expect(nearCriticalTasks(analysis, 0.5)).toEqual(['t3', 't2', 't1', 't4'])
})
