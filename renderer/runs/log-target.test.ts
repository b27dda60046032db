import { describe, expect, it } from 'vitest'
import type { LogTarget } from '../state/view.ts'
import { resolveLogTarget } from './log-target.ts'
import { finished, runOf, starting, type Timed, whole } from './run.testing.ts'

const TASKS = ['a', 'b', 'map', 'late']
const DONE: readonly Timed[] = [...whole('a', null, 1, 9, 'success'), ...whole('b', null, 1, 5, 'success')]
const MAPPED: readonly Timed[] = [
  [0, { type: 'expanded', task: 'map', count: 3, items: null }],
  ...whole('map', 1, 1, 2, 'success'),
  ...whole('map', 2, 1, 3, 'failed'),
]
const RETRIED: readonly Timed[] = [
  [1, starting('a', null, 1, 1)],
  [2, finished('a', null, 1, 'failed')],
  [2, { type: 'retrying', task: 'a', index: null, attempt: 2, until: 3 }],
  [3, starting('a', null, 2, 3, true)],
]

/** Task, index and attempt of the log that is shown; null for none. */
function shown(bodies: readonly Timed[], asked: LogTarget | null, selected: string | null) {
  const target = resolveLogTarget(runOf(TASKS, ...bodies), asked, selected)
  return target && [target.task.id, target.instance.index, target.attempt]
}

describe('resolveLogTarget', () => {
  it('shows what runs, else what failed, else what ended last', () => {
    expect(shown([...DONE, [20, starting('late', null, 1, 20)]], null, null)).toEqual(['late', null, 1])
    expect(shown([...DONE, ...MAPPED, [20, starting('late', null, 1, 20)]], null, null)).toEqual(['map', 2, 1])
    expect(shown([...DONE, ...whole('late', null, 1, 2, 'failed')], null, null)).toEqual(['late', null, 1])
    expect(shown(DONE, null, null)).toEqual(['a', null, 1])
    expect(shown([], null, null)).toBeNull()
  })

  it('shows the selected task, and nothing where it has no log', () => {
    expect(shown(DONE, null, 'b')).toEqual(['b', null, 1])
    expect(shown(DONE, null, 'late')).toBeNull()
    expect(shown(DONE, null, 'gone')).toEqual(['a', null, 1])
  })

  it('shows the instance that was asked for, else one that failed, else the first with a log', () => {
    expect(shown(MAPPED, { task: 'map', index: 1, attempt: null }, null)).toEqual(['map', 1, 1])
    expect(shown(MAPPED, { task: 'map', index: 0, attempt: null }, null)).toEqual(['map', 2, 1])
    expect(shown(MAPPED.slice(0, 4), null, 'map')).toEqual(['map', 1, 1])
  })

  it('shows the attempt that was asked for, else the last', () => {
    expect(shown(RETRIED, { task: 'a', index: null, attempt: 1 }, null)).toEqual(['a', null, 1])
    expect(shown(RETRIED, { task: 'a', index: null, attempt: 7 }, null)).toEqual(['a', null, 2])
    expect(resolveLogTarget(runOf(TASKS, ...RETRIED), null, 'a')?.attempts).toEqual([1, 2])
  })
})
