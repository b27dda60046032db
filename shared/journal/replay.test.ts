import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldRun } from './fold.ts'
import { anyBody, headerFor, journalOf } from './journal.testing.ts'
import { RunReplay } from './replay.ts'

const TASKS = ['extract', 'clean', '__proto__', 'constructor']
const OTHERS = [...TASKS, 'unknown to the header']
const journal = fc.array(anyBody(OTHERS), { maxLength: 60 }).map((bodies) => journalOf(headerFor(TASKS), ...bodies))

describe('RunReplay', () => {
  it('shows what the fold of the events so far shows, wherever it was before', () => {
    const seeks = fc.array(fc.nat(62), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(journal, seeks, fc.integer({ min: 1, max: 9 }), (events, counts, spacing) => {
        const replay = new RunReplay(events, spacing)
        for (const count of counts) {
          replay.seekEvent(count)
          const prefix = events.slice(0, Math.max(1, count))
          expect(replay.view).toEqual(foldRun(prefix))
          expect(replay.applied).toBe(prefix.length)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('shows everything up to and at an instant', () => {
    fc.assert(
      fc.property(journal, fc.array(fc.integer({ min: -5, max: 65_000_000 }), { maxLength: 8 }), (events, times) => {
        const replay = new RunReplay(events, 4)
        for (const t of times) {
          replay.seek(t)
          const prefix = events.filter((event, index) => index === 0 || event.t <= t)
          expect(replay.view).toEqual(foldRun(prefix))
        }
      }),
    )
  })

  it('takes what a live run adds', () => {
    const body = { type: 'queued', task: 'extract', index: null } as const
    const events = journalOf(headerFor(TASKS), body, { ...body, task: 'clean' }, { ...body, task: 'constructor' })
    const replay = new RunReplay(events.slice(0, 2))
    replay.seek(Number.POSITIVE_INFINITY)
    expect(replay.applied).toBe(2)
    replay.extend(events)
    replay.seek(Number.POSITIVE_INFINITY)
    expect(replay.view).toEqual(foldRun(events))
    replay.seekEvent(2)
    expect(replay.view).toEqual(foldRun(events.slice(0, 2)))
  })

  it('knows the instants beside one, several events at one instant counted once', () => {
    const body = { type: 'queued', task: 'extract', index: null } as const
    const events = journalOf(headerFor(TASKS), body, body, body).map((event, n) => ({ ...event, t: [0, 5, 5, 9][n]! }))
    const replay = new RunReplay(events)
    expect([-1, 0, 4, 5, 9].map((t) => replay.neighbour(t, 1))).toEqual([0, 5, 5, 9, null])
    expect([0, 1, 5, 6, 9, 20].map((t) => replay.neighbour(t, -1))).toEqual([null, 0, 0, 5, 5, 9])
  })

  it('reads a journal whose clock went back', () => {
    const body = { type: 'queued', task: 'extract', index: null } as const
    const events = journalOf(headerFor(TASKS), body, { ...body, task: 'clean' }, { ...body, task: 'constructor' })
    const times = [0, 7, 3, 9]
    const replay = new RunReplay(events.map((event, n) => ({ ...event, t: times[n]! })))
    replay.seek(7)
    expect(replay.applied).toBe(3)
    replay.seek(6)
    expect(replay.applied).toBe(1)
  })

  it('refuses events without a header', () => {
    expect(() => new RunReplay([])).toThrow(RangeError)
  })
})
