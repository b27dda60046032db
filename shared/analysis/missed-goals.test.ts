import { describe, expect, it } from 'vitest'
import type { JournalBody, JournalEvent } from '../journal/event.ts'
import { foldRun } from '../journal/fold.ts'
import type { RunView } from '../journal/run-view.ts'
import { parseDocument } from '../model/document.ts'
import { SECOND } from '../model/time.ts'
import { headerOf, PLAIN, worldOf } from '../scheduler/world.testing.ts'
import { missedGoals } from './missed-goals.ts'
import { sloGoals } from './slo-goals.ts'

const PIPELINE = parseDocument(`dagwright: 1
id: p
slo: { duration: { p95: 10s }, finishBy: { at: "00:01", timezone: UTC }, successRate: 0.9 }
tasks:
  a: { kind: noop, slo: { duration: { p50: 2s } } }
  b: { kind: noop, needs: [a], slo: { duration: { p95: 1s } } }
`).pipeline!
const MIDNIGHT = Date.parse('2026-01-01T00:00:00Z')
const GOALS = sloGoals(PIPELINE, MIDNIGHT, MIDNIGHT)

function viewOf(...bodies: readonly (JournalBody & { readonly t: number })[]): RunView {
  const header = headerOf(worldOf(1, PLAIN))
  const events = bodies.map((body, number) => ({ n: number + 2, ...body }) as JournalEvent)
  return foldRun([header, ...events], ['a', 'b'])!
}

const starting = (task: string, t: number) =>
  ({ type: 'starting', task, index: null, attempt: 1, readyAt: t, cause: { type: 'begin' }, t }) as const

describe('missedGoals', () => {
  it('tells of a task that runs longer than its objective, before it ends', () => {
    const view = viewOf(starting('a', 0))
    expect(missedGoals(GOALS, view, 2 * SECOND)).toEqual([])
    expect(missedGoals(GOALS, view, 3 * SECOND)).toMatchObject([{ task: 'a', over: SECOND, kind: 'duration' }])
  })

  it('tells of the run itself, by its duration and by the time of the day', () => {
    const view = viewOf(starting('a', 0))
    expect(missedGoals(GOALS, view, 11 * SECOND).map(({ task, kind }) => [task, kind])).toEqual([
      [null, 'duration'],
      ['a', 'duration'],
    ])
    const late = missedGoals(GOALS, view, 61 * SECOND)
    expect(late.find(({ kind }) => kind === 'finishBy')).toMatchObject({ task: null, over: SECOND })
  })

  it('counts an ended task to its end, and says nothing of one that has not begun', () => {
    const settled = {
      type: 'settled',
      task: 'a',
      index: null,
      state: 'success',
      origin: 'executed',
      reason: null,
    } as const
    const view = viewOf(starting('a', 0), { ...settled, t: SECOND })
    expect(missedGoals(GOALS, view, 9 * SECOND)).toEqual([])
  })
})
