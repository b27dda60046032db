import { expect, it } from 'vitest'
import type { RunComparison, TaskDifference } from '#shared/analysis/compare-runs.ts'
import type { InstanceState } from '#shared/journal/event.ts'
import { compareWords } from './compareWords.ts'

const NONE = { earlier: null, later: null, delta: null }
const task = (
  id: string,
  states: readonly [InstanceState | null, InstanceState | null],
  times: readonly [number, number] | null,
): TaskDifference => ({
  task: id,
  states: { earlier: states[0], later: states[1] },
  duration: times ? { earlier: times[0], later: times[1], delta: times[1] - times[0] } : NONE,
  work: NONE,
  waited: NONE,
  attempts: { earlier: 1, later: 1 },
})

it('says the difference, or what became of the task, and colours by how much it is of the run', () => {
  const found: RunComparison = {
    makespan: { earlier: 100e6, later: 120e6, delta: 20e6 },
    tasks: [
      task('slower', ['success', 'success'], [10e6, 30e6]),
      task('faster', ['success', 'success'], [10e6, 5e6]),
      task('same', ['success', 'success'], [1e6, 1.1e6]),
      task('broke', ['success', 'failed'], null),
      task('recovered', ['failed', 'success'], null),
      task('new', [null, 'success'], null),
      task('skipped', ['skipped', 'skipped'], null),
    ],
    explained: [],
  }
  const words = compareWords(found)
  const told = (id: string) => [words.get(id)!.text, words.get(id)!.ground]
  expect(told('slower')).toEqual(['20.0 s slower', '--heat-3'])
  expect(told('faster')).toEqual(['5.0 s faster', '--heat-less-1'])
  expect(told('same')).toEqual(['100 ms slower', '--heat-0'])
  expect(told('broke')).toEqual(['success → failed', '--heat-4'])
  expect(told('recovered')).toEqual(['failed → success', '--heat-less-2'])
  expect(told('new')).toEqual(['not there → success', '--heat-2'])
  expect(told('skipped')).toEqual(['skipped in both', null])
  expect(words.get('skipped')!.hatched).toBe(true)
})
