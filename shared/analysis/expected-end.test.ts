import { describe, expect, it } from 'vitest'
import { buildGraph } from '../graph/graph.ts'
import { createRunView } from '../journal/fold.ts'
import { headerFor } from '../journal/journal.testing.ts'
import { expectedEnd } from './expected-end.ts'

const ids = ['a', 'b']
const graph = buildGraph(2, [[0, 1]])
const expected = Float64Array.of(100, 200)

function running(startedAt: number, all: readonly string[] = ids) {
  const view = createRunView(headerFor(all))
  Object.assign(view.tasks.get('a')!, { state: 'running' })
  Object.assign(view.tasks.get('a')!.instances[0]!, { state: 'running', startedAt })
  return view
}

describe('expectedEnd', () => {
  it('lies where nine of ten draws of what is left do not end later, and one not sooner', () => {
    const past = new Map([['b', Array.from({ length: 101 }, (_, number) => 100 + 2 * number)]])
    const { earliest, likely, latest } = expectedEnd(ids, graph, expected, past, running(0), 40)!
    expect(Math.abs(earliest - (100 + 120))).toBeLessThan(15)
    expect(Math.abs(likely - (100 + 200))).toBeLessThan(15)
    expect(Math.abs(latest - (100 + 280))).toBeLessThan(15)
  })

  it('is one instant without a past, and nothing while a task runs longer than ever', () => {
    const instant = { earliest: 300, likely: 300, latest: 300 }
    expect(expectedEnd(ids, graph, expected, new Map(), running(0), 40)).toEqual(instant)
    expect(expectedEnd(ids, graph, expected, new Map([['a', [90]]]), running(0), 101)).toBeNull()
    expect(expectedEnd(ids, graph, expected, new Map(), running(0), 101)).toBeNull()
  })

  it('takes of a running task only what is longer than it runs already', () => {
    const past = new Map([['a', [50, 60, 500]]])
    const end = expectedEnd(ids, graph, expected, past, running(0), 100)
    expect(end).toEqual({ earliest: 700, likely: 700, latest: 700 })
  })

  it('is narrower than if all tasks were quick or slow at once: chance evens out along a chain', () => {
    const chain = ['a', ...Array.from({ length: 99 }, (_, number) => `t${number}`)]
    const line = buildGraph(
      100,
      chain.slice(1).map((_, number) => [number, number + 1] as const),
    )
    const past = new Map(chain.map((id) => [id, [50, 150]]))
    const each = new Float64Array(100).fill(100)
    const { earliest, likely, latest } = expectedEnd(chain, line, each, past, running(0, chain), 0)!
    // The sum of 100 coins of 50 or 150 has a deviation of 500: from 5,000 to 15,000 if all were alike.
    expect(Math.abs(likely - 10_000)).toBeLessThan(200)
    expect(latest - earliest).toBeGreaterThan(2 * 1.28 * 500 * 0.8)
    expect(latest - earliest).toBeLessThan(2 * 1.28 * 500 * 1.2)
  })
})
