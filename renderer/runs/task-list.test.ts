import { describe, expect, it } from 'vitest'
import { finished, runOf, settled, starting, type Timed, whole } from './run.testing.ts'
import { instanceCounts, type TaskListColumn, taskListRows } from './task-list.ts'

const TASKS = ['b', 'a', 'map', 'c', 'd']
const MAPPED: readonly Timed[] = [
  [0, { type: 'expanded', task: 'map', count: 3, items: null }],
  [10, starting('map', 2, 1, 4)],
  [20, finished('map', 2, 1, 'success')],
  [20, settled('map', 2, 'success')],
  [25, starting('map', 0, 1, 5)],
]
const IN_ORDER = { column: 'order', descending: false } as const

function order(column: TaskListColumn, descending: boolean, ...bodies: readonly Timed[]): readonly string[] {
  return taskListRows(runOf(TASKS, ...bodies), 100, { column, descending }, new Set()).map((row) => row.task)
}

describe('taskListRows', () => {
  it('has one row a task, in the order of the file', () => {
    const rows = taskListRows(runOf(TASKS, ...MAPPED), 100, IN_ORDER, new Set())
    expect(rows.map((row) => [row.label, row.nested])).toEqual(TASKS.map((task) => [task, false]))
  })

  it('sums a mapped task up, and shows its instances under it while it is open', () => {
    const view = runOf(TASKS, ...MAPPED)
    const [, , closed] = taskListRows(view, 100, IN_ORDER, new Set())
    expect(closed).toMatchObject({
      state: 'running',
      attempts: 2,
      duration: 90,
      queued: 20,
      mapped: { counts: expect.stringMatching(/^1\/3/), open: false },
    })
    const open = taskListRows(view, 100, IN_ORDER, new Set(['map']))
    expect(open.slice(2, 6).map((row) => [row.label, row.state, row.duration, row.queued, row.nested])).toEqual([
      ['map', 'running', 90, 20, false],
      ['map[0]', 'running', 75, 20, true],
      ['map[1]', 'pending', null, 0, true],
      ['map[2]', 'success', 10, 6, true],
    ])
  })

  it('says of a mapped task whose instances are done how many they are', () => {
    const half = runOf(TASKS, ...MAPPED.slice(0, 4))
    expect(instanceCounts(half.tasks.get('map')!)).toBe('1/3')
    const done = runOf(
      TASKS,
      ...MAPPED.slice(0, 4),
      [25, settled('map', 0, 'skipped')],
      [25, settled('map', 1, 'upstream_failed')],
    )
    expect(instanceCounts(done.tasks.get('map')!)).toBe('× 3, 1 could not run')
  })

  it('shows a mapped task without instances as one line, with nothing to open', () => {
    const view = runOf(
      TASKS,
      [0, { type: 'expanded', task: 'map', count: 0, items: null }],
      [0, settled('map', null, 'skipped')],
    )
    const rows = taskListRows(view, 100, IN_ORDER, new Set(['map']))
    expect(rows.map(({ task }) => task)).toEqual(TASKS)
    expect(rows[2]).toMatchObject({ state: 'skipped', mapped: null })
    expect(instanceCounts(view.tasks.get('map')!)).toBe('')
  })

  it('puts what needs a person on top when sorted by state, and keeps the file order among equals', () => {
    const bodies = [...whole('a', null, 1, 2, 'success'), ...whole('c', null, 1, 5, 'failed')]
    expect(order('state', false, ...bodies)).toEqual(['c', 'b', 'map', 'd', 'a'])
    expect(order('state', true, ...bodies)).toEqual(['a', 'b', 'map', 'd', 'c'])
  })

  it('sorts by duration, a task that never started last from the longest down', () => {
    const bodies = [...whole('a', null, 1, 2, 'success'), ...whole('c', null, 1, 5, 'success')]
    expect(order('duration', true, ...bodies)).toEqual(['c', 'a', 'b', 'map', 'd'])
    expect(order('name', false)).toEqual(['a', 'b', 'c', 'd', 'map'])
  })

  it('counts waiting while it lasts, but not the delay before a retry', () => {
    const retried: readonly Timed[] = [
      [10, { type: 'queued', task: 'a', index: null }],
      [15, starting('a', null, 1, 10)],
      [20, finished('a', null, 1, 'failed')],
      [20, { type: 'retrying', task: 'a', index: null, attempt: 2, until: 50 }],
    ]
    const waited = (now: number, ...more: readonly Timed[]) =>
      taskListRows(runOf(['a'], ...retried, ...more), now, IN_ORDER, new Set())[0]?.queued
    expect(waited(30)).toBe(5)
    expect(waited(70, [50, { type: 'queued', task: 'a', index: null }])).toBe(25)
    expect(waited(90, [50, { type: 'queued', task: 'a', index: null }], [70, starting('a', null, 2, 50, true)])).toBe(
      25,
    )
  })
})
