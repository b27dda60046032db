import { describe, expect, it } from 'vitest'
import { buildGraph } from '../graph/graph.ts'
import { createRunView } from '../journal/fold.ts'
import { headerFor } from '../journal/journal.testing.ts'
import { expectedEnd } from './expected-end.ts'

const ids = ['a', 'b']
const graph = buildGraph(2, [[0, 1]])
const expected = Float64Array.of(100, 200)

function running(startedAt: number) {
  const view = createRunView(headerFor(ids))
  Object.assign(view.tasks.get('a')!, { state: 'running' })
  Object.assign(view.tasks.get('a')!.instances[0]!, { state: 'running', startedAt })
  return view
}

describe('expectedEnd', () => {
  it('lies between what its tasks took at their quickest and slowest tenth', () => {
    const past = new Map([['b', [100, 200, 300]]])
    expect(expectedEnd(ids, graph, expected, past, running(0), 40)).toEqual({
      earliest: 40 + 60 + 120,
      likely: 40 + 60 + 200,
      latest: 40 + 60 + 280,
    })
  })

  it('is one instant without a past, and nothing while a task runs longer than ever', () => {
    expect(expectedEnd(ids, graph, expected, new Map(), running(0), 40)).toEqual({
      earliest: 300,
      likely: 300,
      latest: 300,
    })
    expect(expectedEnd(ids, graph, expected, new Map([['a', [90]]]), running(0), 101)).toBeNull()
  })
})
