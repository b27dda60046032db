import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FinalState, JournalEvent, Origin } from '../journal/event.ts'
import { foldRun } from '../journal/fold.ts'
import { headerFor } from '../journal/journal.testing.ts'
import { runStateOf } from '../journal/summary.ts'
import { takeAll } from '../model/steps.ts'
import { earlierIds } from './history.ts'
import { pastDurations, readDurations, writeDurations } from './past-durations.ts'
import { type RunFacts, runFactsOf } from './run-facts.ts'

interface Try {
  readonly outcome: 'success' | 'failed' | 'lost'
  readonly readyAt: number
  readonly from: number
  readonly to: number
}

/** A run of one task (mapped where several instances are given), each with its attempts and end. */
function record(
  run: string,
  task: string,
  instances: readonly { tries: readonly Try[]; state: FinalState; origin?: Origin }[],
): RunFacts {
  let n = 0
  const events: JournalEvent[] = [{ n: n++, t: 0, ...headerFor([task], { run }) }]
  const mapped = instances.length > 1
  if (mapped) events.push({ n: n++, t: 0, type: 'expanded', task, count: instances.length, items: null })
  for (const [at, { tries, state, origin = 'executed' }] of instances.entries()) {
    const instance = { task, index: mapped ? at : null }
    for (const [number, one] of tries.entries()) {
      const attempt = { ...instance, attempt: number + 1 }
      events.push({ n: n++, t: one.from, type: 'starting', ...attempt, readyAt: one.readyAt, cause: { type: 'begin' } })
      const end = { exitCode: null, signal: null, peakMemory: null, cpu: null, outputs: null, reason: null }
      events.push({ n: n++, t: one.to, type: 'finished', ...attempt, outcome: one.outcome, ...end })
    }
    events.push({ n: n++, t: tries.at(-1)?.to ?? 0, type: 'settled', ...instance, state, origin, reason: null })
  }
  const view = foldRun(events)!
  return runFactsOf(view, runStateOf(view, false))
}

const ok = (readyAt: number, from: number, to: number): Try => ({ outcome: 'success', readyAt, from, to })
const durations = (runs: readonly RunFacts[], aliases = new Map<string, readonly string[]>()) =>
  Object.fromEntries(takeAll(pastDurations(runs, aliases)))

describe('past durations', () => {
  it('are those of executed successes, from first start to final end, newest run first', () => {
    const retried = record('r2', 'a', [
      { tries: [{ outcome: 'failed', readyAt: 0, from: 1, to: 5 }, ok(8, 10, 25)], state: 'success' },
    ])
    const plain = record('r1', 'a', [{ tries: [ok(0, 3, 10)], state: 'success' }])
    expect(durations([retried, plain])).toEqual({ a: [24, 7] })
  })

  it('are not of what failed or was reused; a lost engine is part of them', () => {
    const lost: Try = { outcome: 'lost', readyAt: 0, from: 0, to: 4 }
    const runs = [
      record('r3', 'a', [{ tries: [{ outcome: 'failed', readyAt: 0, from: 0, to: 9 }], state: 'failed' }]),
      record('r2', 'a', [{ tries: [], state: 'success', origin: 'reused' }]),
      record('r1', 'a', [{ tries: [lost, ok(5, 5, 9)], state: 'success' }]),
    ]
    expect(durations(runs)).toEqual({ a: [9] })
  })

  it('of a mapped task need all of its instances', () => {
    const whole = record('r2', 'm', [
      { tries: [ok(0, 0, 10)], state: 'success' },
      { tries: [ok(0, 5, 20)], state: 'success' },
    ])
    const part = record('r1', 'm', [
      { tries: [ok(0, 0, 10)], state: 'success' },
      { tries: [], state: 'success', origin: 'cached' },
    ])
    expect(durations([whole, part])).toEqual({ m: [20] })
  })

  it('follow a task through its renames, but never into another that took its old name', () => {
    const runs = [
      record('r3', 'new', [{ tries: [ok(0, 0, 3)], state: 'success' }]),
      record('r2', 'old', [{ tries: [ok(0, 0, 2)], state: 'success' }]),
      record('r1', 'taken', [{ tries: [ok(0, 0, 1)], state: 'success' }]),
    ]
    const tasks = [
      { id: 'new', aliases: ['old', 'taken'] },
      { id: 'taken', aliases: [] },
    ]
    expect(durations(runs, new Map(earlierIds(tasks)))).toEqual({ new: [3, 2], taken: [1] })
  })

  it('are the same after they were written and read, whatever the tasks are called', () => {
    const values = fc.array(fc.nat(1e12), { minLength: 1 })
    const ids = fc.oneof(fc.constantFrom('__proto__', 'constructor', '', ' '), fc.string())
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(ids, values), { selector: ([id]) => id }), (entries) => {
        expect([...readDurations(takeAll(writeDurations(new Map(entries))))]).toEqual(entries)
      }),
    )
  })
})
