import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JournalBody, JournalEvent } from '../journal/event.ts'
import { foldRun } from '../journal/fold.ts'
import { anyBody, headerFor } from '../journal/journal.testing.ts'
import { type ComparedRun, compareRuns } from './compare-runs.ts'
import { waitsOf } from './waits.ts'

type Bar = readonly [
  task: string,
  readyAt: number,
  from: number,
  to: number,
  cause?: Extract<JournalBody, { type: 'starting' }>['cause'],
]

/** A run in which each bar is one successful attempt; by default it waited for the one before it. */
function runOf(...bars: readonly Bar[]): ComparedRun {
  const bodies: (JournalBody & { t: number })[] = []
  bars.forEach(([task, readyAt, from, to, given], number) => {
    const before = bars[number - 1]
    const cause = given ?? (before ? { type: 'dependency', task: before[0], index: null } : { type: 'begin' })
    const instance = { task, index: null }
    bodies.push({ t: from, type: 'starting', ...instance, attempt: 1, readyAt, cause })
    const end = { exitCode: 0, signal: null, peakMemory: null, cpu: null, outputs: null, reason: null }
    bodies.push({ t: to, type: 'finished', ...instance, attempt: 1, outcome: 'success', ...end })
    bodies.push({ t: to, type: 'settled', ...instance, state: 'success', origin: 'executed', reason: null })
  })
  const last = Math.max(...bars.map(([, , , to]) => to))
  bodies.push({ t: last, type: 'ended', state: 'success', reason: null })
  bodies.sort((a, b) => a.t - b.t)
  const header = { n: 0, t: 0, ...headerFor(bars.map(([task]) => task)) }
  const events: JournalEvent[] = [header, ...bodies.map((body, at) => ({ n: at + 1, ...body }))]
  return { view: foldRun(events)!, events }
}

describe('comparison of two runs', () => {
  const earlier = runOf(['a', 0, 1, 10], ['b', 10, 12, 20], ['gone', 20, 20, 21])
  const later = runOf(['a', 0, 1, 10], ['b2', 10, 11, 35], ['new', 35, 35, 36])

  it('puts tasks side by side, renamed ones with themselves', () => {
    const { tasks, makespan } = compareRuns(earlier, later, new Map([['b2', ['b']]]))
    expect(makespan).toEqual({ earlier: 21, later: 36, delta: 15 })
    expect(tasks.map(({ task, duration }) => [task, duration.delta])).toEqual([
      ['a', 0],
      ['b2', 16],
      ['new', null],
      ['gone', null],
    ])
    expect(tasks[1]).toMatchObject({
      states: { earlier: 'success', later: 'success' },
      waited: { earlier: 2, later: 1, delta: -1 },
      attempts: { earlier: 1, later: 1 },
    })
    expect(tasks[3]!.states).toEqual({ earlier: 'success', later: null })
  })

  it('explains the difference by the realized paths, largest first', () => {
    const { explained } = compareRuns(earlier, later, new Map([['b2', ['b']]]))
    expect(explained.slice(0, 2)).toEqual([
      { task: 'b2', kind: 'work', earlier: 8, later: 24, delta: 16 },
      { task: 'b2', kind: 'overhead', earlier: 2, later: 1, delta: -1 },
    ])
  })

  it('adds up to the difference of the makespans exactly, whatever the journals say', () => {
    const journal = fc.array(anyBody(['a', '__proto__']), { maxLength: 30 }).map((bodies): JournalEvent[] => {
      const all = [headerFor(['a', '__proto__']), ...bodies]
      return all.map((body, n) => ({ n, t: n * 7, ...body }))
    })
    fc.assert(
      fc.property(journal, journal, (first, second) => {
        const runs = [first, second].map((events) => ({ view: foldRun(events)!, events }))
        const { makespan, explained } = compareRuns(runs[0]!, runs[1]!)
        if (makespan.delta === null) expect(explained).toEqual([])
        else expect(explained.reduce((sum, one) => sum + one.delta, 0)).toBe(makespan.delta)
      }),
      { numRuns: 300 },
    )
  })
})

describe('waits', () => {
  it('are for slots, pools and places only, by task and kind, longest first', () => {
    const { view } = runOf(
      ['a', 0, 1, 10],
      ['b', 10, 12, 20],
      ['c', 10, 15, 30, { type: 'slot', task: 'a', index: null }],
      ['d', 10, 30, 31, { type: 'pool', pool: 'db', task: null, index: null }],
    )
    expect(waitsOf(view)).toEqual([
      { task: 'd', for: 'pool', pool: 'db', waited: 20 },
      { task: 'c', for: 'slot', pool: null, waited: 5 },
    ])
  })
})
