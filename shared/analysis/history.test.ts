import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalEvent } from '../journal/event.ts'
import { foldRun } from '../journal/fold.ts'
import { headerFor } from '../journal/journal.testing.ts'
import { entriesByTask, pipelineHistory, RATE_WINDOW, taskHistory } from './history.ts'
import { runFacts, taskFacts } from './run-facts.testing.ts'
import { type RunFacts, runFactsOf } from './run-facts.ts'

const SECOND = 1_000_000
/** Newest first, as the store gives them. */
const days = (count: number, factsOf: (day: number) => RunFacts) =>
  Array.from({ length: count }, (_, day) => factsOf(day)).reverse()

describe('history of a pipeline', () => {
  it('has percentiles and changes of whole executed successes only, with the run a change began with', () => {
    const runs = days(24, (day) =>
      runFacts(day, {
        makespan: (day < 14 ? 12 : 31) * SECOND + day * 1000,
        ...(day === 20 ? { whole: false, makespan: 1 } : {}),
        ...(day === 21 ? { state: 'failed', makespan: 2 } : {}),
      }),
    )
    const history = pipelineHistory(runs)
    expect(history.makespan).toMatchObject({ count: 22, least: 12 * SECOND })
    expect(history.changes).toHaveLength(1)
    expect(history.changes[0]).toMatchObject({ run: 'r14', since: '2026-11-15T06:00:00.000Z', countBefore: 14 })
    expect(history.changes[0]!.after).toBeGreaterThan(31 * SECOND)
    expect(history.note).toBeNull()
    expect(history.runs[0]).toMatchObject({ run: 'r23', rate: { succeeded: 19, judged: 20 } })
    expect(history.runs[0]).not.toHaveProperty('tasks')
  })

  it('judges no run that a person or a crash ended', () => {
    const states = ['success', 'cancelled', 'interrupted', 'partial', 'failed'] as const
    const { rate } = pipelineHistory(states.map((state, day) => runFacts(day, { state, whole: false })))
    expect(rate).toEqual({ succeeded: 2, judged: 3 })
  })

  it('says in a sentence what there is too little of', () => {
    const noteOf = (runs: readonly RunFacts[]) => pipelineHistory(runs).note
    expect(noteOf([])).toBe('No run yet: run it to see its history.')
    expect(noteOf([runFacts(0, { state: 'failed' })])).toMatch(/^It ran once and failed each time/)
    expect(noteOf(days(3, (day) => runFacts(day, { state: 'failed' })))).toMatch(/^It ran 3 times and failed each time/)
    expect(noteOf([runFacts(0, { state: 'cancelled', whole: false })])).toMatch(/none of them a whole success/)
    expect(noteOf([runFacts(0)])).toMatch(/^One success so far/)
    expect(noteOf(days(9, runFacts))).toMatch(/^9 successes so far/)
    expect(noteOf(days(10, runFacts))).toBeNull()
    const empty = pipelineHistory([])
    expect(empty).toMatchObject({ makespan: null, rate: null, changes: [], runs: [] })
  })

  it('rolls its rate over the window, as counting by hand does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('success', 'failed', 'cancelled'), { maxLength: 60 }), (states) => {
        const { runs } = pipelineHistory(states.map((state, day) => runFacts(day, { state })))
        runs.forEach(({ rate }, at) => {
          const seen = states.slice(at, at + RATE_WINDOW).filter((state) => state !== 'cancelled')
          const succeeded = seen.filter((state) => state === 'success').length
          expect(rate).toEqual(seen.length === 0 ? null : { succeeded, judged: seen.length })
        })
      }),
    )
  })
})

describe('history of a task', () => {
  const history = (...tasks: readonly Parameters<typeof taskFacts>[1][]) => {
    const runs = tasks.map((changes, day) => runFacts(day, { tasks: [taskFacts('t', changes)] }))
    return taskHistory('t', entriesByTask(runs).get('t') ?? [])
  }

  it('takes times from executed successes, and what was reported from those that report it', () => {
    const { duration, work, queued, rows, bytes, peakMemory, cpu, attempts, rate, runs } = history(
      { duration: 10, work: 8, queued: 2, rows: 100, peakMemory: 5, attempts: 3 },
      { duration: 30, work: 20, queued: 4, rows: 300, cpu: 7 },
      { duration: 99, origin: 'reused', attempts: 0, rows: 9 },
      { state: 'failed', duration: 77, peakMemory: 9 },
      { state: 'skipped', duration: null, attempts: 0 },
    )
    expect(duration).toMatchObject({ count: 2, median: 20, least: 10, most: 30 })
    expect(work?.median).toBe(14)
    expect(queued?.most).toBe(4)
    expect({ rows, bytes, peakMemory, cpu }).toEqual({ rows: 200, bytes: null, peakMemory: 9, cpu: 7 })
    expect(attempts).toBeCloseTo(5 / 3)
    expect(rate).toEqual({ succeeded: 2, judged: 3 })
    expect(runs).toBe(5)
  })

  it('has no numbers where it never succeeded, and says why', () => {
    const failed = history({ state: 'failed' }, { state: 'failed' })
    expect(failed).toMatchObject({ duration: null, work: null, queued: null, rate: { succeeded: 0, judged: 2 } })
    expect(failed.note).toMatch(/failed each time/)
    expect(history().note).toBe('It had no part in a run yet.')
  })

  it('follows renames, and stands hostile ids', () => {
    const runs = ['__proto__', 'old', 'constructor'].map((task, day) => runFacts(day, { tasks: [taskFacts(task)] }))
    const entries = entriesByTask(
      runs,
      new Map([
        ['new', ['old', 'constructor']],
        ['constructor', []],
      ]),
    )
    expect([...entries.keys()]).toEqual(['__proto__', 'new', 'constructor'])
  })

  it('never gives a number that is none', () => {
    const changes: fc.Arbitrary<Parameters<typeof taskFacts>[1]> = fc.record({
      state: fc.constantFrom('success', 'failed', 'skipped', 'upstream_failed', 'cancelled'),
      duration: fc.constantFrom(null, 0, 1, 5e12),
      peakMemory: fc.constantFrom(null, 0, 10),
      attempts: fc.nat(3),
    })
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 30 }), (tasks) => {
        expect(JSON.stringify(history(...tasks), nanAsText)).not.toContain('NaN')
      }),
    )
  })
})

function nanAsText(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? 'NaN' : value
}

it('reads a run of a task with more instances than a function takes arguments', () => {
  const count = 150_000
  const view = foldRun([
    { n: 1, t: 0, ...headerFor(['many']) },
    { n: 2, t: 0, type: 'expanded', task: 'many', count, items: null },
    ...Array.from({ length: count }, (_, index) => settled(index + 3, index)),
    settled(count + 3, null),
  ])!
  expect(runFactsOf(view, 'success').tasks).toMatchObject([{ task: 'many', state: 'skipped', attempts: 0 }])
})

function settled(t: number, index: number | null): JournalEvent {
  return { n: t, t, type: 'settled', task: 'many', index, state: 'skipped', origin: 'executed', reason: null }
}
