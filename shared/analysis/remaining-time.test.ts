import { describe, expect, it } from 'vitest'
import { buildGraph } from '../graph/graph.ts'
import type { InstanceState } from '../journal/event.ts'
import { createRunView } from '../journal/fold.ts'
import type { RunView } from '../journal/run-view.ts'
import { remainingTime } from './remaining-time.ts'

const ids = ['a', 'b', 'c']
const graph = buildGraph(3, [
  [0, 1],
  [0, 2],
])
const expected = Float64Array.of(10, 20, 30)

function viewOf(states: Readonly<Record<string, { state: InstanceState; startedAt?: number }>>): RunView {
  const view = createRunView({ basis: { a: 1, b: 1, c: 1 } } as unknown as RunView['header'])
  for (const [id, { state, startedAt }] of Object.entries(states)) {
    const task = view.tasks.get(id)!
    task.state = state
    Object.assign(task.instances[0]!, { state, startedAt: startedAt ?? null })
  }
  return view
}

describe('remaining time', () => {
  it('is the critical path before anything ran, or the work by the slots where that is longer', () => {
    expect(remainingTime(ids, graph, expected, viewOf({}), 0, 8)).toEqual({ remaining: 40, progress: 0, overdue: [] })
    expect(remainingTime(ids, graph, expected, viewOf({}), 0, 1).remaining).toBe(60)
  })

  it('takes off what is done and what has run', () => {
    const view = viewOf({ a: { state: 'success', startedAt: 0 }, c: { state: 'running', startedAt: 10 } })
    expect(remainingTime(ids, graph, expected, view, 22, 8)).toEqual({
      remaining: 20,
      progress: 1 - 38 / 60,
      overdue: [],
    })
  })

  it('says what runs longer than expected instead of counting backwards', () => {
    const view = viewOf({ a: { state: 'running', startedAt: 0 } })
    expect(remainingTime(ids, graph, expected, view, 15, 8)).toMatchObject({ remaining: 30, overdue: ['a'] })
  })

  it('is nothing at the end', () => {
    const view = viewOf({ a: { state: 'success' }, b: { state: 'failed' }, c: { state: 'skipped' } })
    expect(remainingTime(ids, graph, expected, view, 99, 1)).toEqual({ remaining: 0, progress: 1, overdue: [] })
  })
})
