import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalBody, JournalEvent } from '#shared/journal/event.ts'
import { applyEvent } from '#shared/journal/fold.ts'
import { runEnd } from '#shared/journal/run-view.ts'
import { finished, runOf, settled, starting } from './run.testing.ts'
import { type KnownRows, timelineRows } from './timeline-rows.ts'

const TASKS = ['late', 'a', 'map']

describe('timelineRows', () => {
  it('shows waiting, both attempts and the delay between them', () => {
    const view = runOf(
      TASKS,
      [10, starting('a', null, 1, 4)],
      [20, finished('a', null, 1, 'failed')],
      [20, { type: 'retrying', task: 'a', index: null, attempt: 2, until: 30 }],
      [35, starting('a', null, 2, 30, true)],
    )
    const path = { makespan: 0, segments: [], links: [{ task: 'a', index: null, attempt: 2, cause: null, waited: 0 }] }
    const rows = timelineRows(view, 50, path, new Set())
    expect(rows.map((row) => row.task)).toEqual(['a', 'late', 'map'])
    expect(
      rows[0]?.bars.map(({ kind, from, to, state, attempt, critical }) => [kind, from, to, state, attempt, critical]),
    ).toEqual([
      ['wait', 4, 10, 'queued', 1, false],
      ['work', 10, 20, 'failed', 1, false],
      ['retry', 20, 30, 'retrying', 2, true],
      ['wait', 30, 35, 'queued', 2, true],
      ['work', 35, 50, 'running', 2, true],
    ])
  })

  it('has nothing to open where a list was empty', () => {
    const view = runOf(
      ['map'],
      [0, { type: 'expanded', task: 'map', count: 0, items: null }],
      [0, settled('map', null, 'skipped')],
    )
    expect(timelineRows(view, 9, null, new Set())).toMatchObject([{ label: 'map', group: null, state: 'skipped' }])
  })

  it('puts instances under their task, or all in one row when it is closed', () => {
    const view = runOf(
      TASKS,
      [0, { type: 'expanded', task: 'map', count: 2, items: null }],
      [5, starting('map', 1, 1, 5)],
      [9, finished('map', 1, 1, 'success')],
    )
    const open = timelineRows(view, 20, null, new Set())
    expect(open.map((row) => [row.label, row.nested, row.group])).toEqual([
      ['map × 2', false, 'open'],
      ['map[0]', true, null],
      ['map[1]', true, null],
      ['late', false, null],
      ['a', false, null],
    ])
    const closed = timelineRows(view, 20, null, new Set(['map']))
    expect(closed[0]?.bars.map((bar) => [bar.kind, bar.from, bar.to])).toEqual([
      ['span', 5, 9],
      ['work', 5, 9],
    ])
    expect(closed).toHaveLength(3)
  })
})

describe('known rows', () => {
  it('never make a difference', () => {
    const ids = ['a', 'b', 'c']
    const state = fc.constantFrom('queued', 'start', 'success', 'failed', 'reset', 'look')
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...ids), state), { maxLength: 60 }), (steps) => {
        const view = runOf(ids)
        const known: KnownRows = new Map()
        const attempts = new Map<string, number>()
        let t = 0
        const apply = (body: JournalBody) => applyEvent(view, { n: view.lastEvent + 1, t, ...body } as JournalEvent)
        for (const [task, step] of steps) {
          t += 10
          const attempt = attempts.get(task) ?? 0
          if (step === 'queued') apply({ type: 'queued', task, index: null })
          if (step === 'start') {
            attempts.set(task, attempt + 1)
            apply(starting(task, null, attempt + 1, t - 5))
          }
          if (step === 'success' || step === 'failed') {
            if (attempt > 0) apply(finished(task, null, attempt, step))
            apply({ type: 'settled', task, index: null, state: step, origin: 'executed', reason: null })
          }
          if (step === 'reset') apply({ type: 'reset', task, index: null })
          const rows = timelineRows(view, t + 3, null, new Set(), known)
          expect(rows).toEqual(timelineRows(view, t + 3, null, new Set()))
        }
      }),
    )
  })
})

describe('runEnd', () => {
  it('is now while the run is open and the makespan after it', () => {
    expect(runEnd(runOf(TASKS, [5, starting('a', null, 1, 5)]), 77)).toBe(77)
    const settled = ['late', 'a', 'map'].map(
      (task, index) =>
        [
          10 + index,
          { type: 'settled', task, index: null, state: 'success', origin: 'executed', reason: null },
        ] as const,
    )
    expect(runEnd(runOf(TASKS, ...settled, [20, { type: 'ended', state: 'success', reason: null }]), 77)).toBe(12)
  })
})
