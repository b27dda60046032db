import { describe, expect, it } from 'vitest'
import { runFactsOf } from '#shared/analysis/run-facts.ts'
import type { FinalState, JournalEvent, Origin } from '#shared/journal/event.ts'
import { foldRun } from '#shared/journal/fold.ts'
import { headerFor } from '#shared/journal/journal.testing.ts'
import { runSummaryOf } from '#shared/journal/summary.ts'
import { takeAll } from '#shared/model/steps.ts'
import { historyOf as historySteps } from './history.ts'
import type { RunRecord } from './store.ts'

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
): Pick<RunRecord, 'summary' | 'facts'> {
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
  const summary = runSummaryOf(view, { live: false, damaged: false })
  return { summary, facts: runFactsOf(view, summary.state) }
}

const historyOf = (...given: Parameters<typeof historySteps>) => takeAll(historySteps(...given))

const ok = (readyAt: number, from: number, to: number): Try => ({ outcome: 'success', readyAt, from, to })

describe('history', () => {
  it('has the times of executed successes, newest run first', () => {
    const retried = record('r2', 'a', [
      { tries: [{ outcome: 'failed', readyAt: 0, from: 1, to: 5 }, ok(8, 10, 25)], state: 'success' },
    ])
    const plain = record('r1', 'a', [{ tries: [ok(0, 3, 10)], state: 'success' }])
    expect(historyOf([retried, plain])).toEqual({
      runs: [retried.summary, plain.summary],
      tasks: {
        a: [
          { run: 'r2', work: 15, duration: 24, queued: 3, attempts: 2 },
          { run: 'r1', work: 7, duration: 7, queued: 3, attempts: 1 },
        ],
      },
    })
  })

  it('does not count what failed, was reused, or lost its engine', () => {
    const lost: Try = { outcome: 'lost', readyAt: 0, from: 0, to: 4 }
    const records = [
      record('r3', 'a', [{ tries: [{ outcome: 'failed', readyAt: 0, from: 0, to: 9 }], state: 'failed' }]),
      record('r2', 'a', [{ tries: [], state: 'success', origin: 'reused' }]),
      record('r1', 'a', [{ tries: [lost, ok(5, 5, 9)], state: 'success' }]),
    ]
    expect(historyOf(records).tasks.a).toEqual([{ run: 'r1', work: 4, duration: 9, queued: 0, attempts: 1 }])
    expect(historyOf(records).runs).toHaveLength(3)
  })

  it('of a mapped task needs all of its instances', () => {
    const whole = record('r2', 'm', [
      { tries: [ok(0, 0, 10)], state: 'success' },
      { tries: [ok(0, 5, 20)], state: 'success' },
    ])
    const part = record('r1', 'm', [
      { tries: [ok(0, 0, 10)], state: 'success' },
      { tries: [], state: 'success', origin: 'cached' },
    ])
    expect(historyOf([whole, part]).tasks.m).toEqual([{ run: 'r2', work: 25, duration: 20, queued: 5, attempts: 2 }])
  })

  it('follows a task through its renames, but never into another that took its old name', () => {
    const records = [
      record('r3', 'new', [{ tries: [ok(0, 0, 3)], state: 'success' }]),
      record('r2', 'old', [{ tries: [ok(0, 0, 2)], state: 'success' }]),
      record('r1', 'taken', [{ tries: [ok(0, 0, 1)], state: 'success' }]),
    ]
    const { tasks } = historyOf(
      records,
      new Map([
        ['new', ['old', 'taken']],
        ['taken', []],
      ]),
    )
    expect(tasks.new!.map((one) => one.run)).toEqual(['r3', 'r2'])
    expect(tasks.taken!.map((one) => one.run)).toEqual(['r1'])
    expect(Object.keys(tasks).sort()).toEqual(['new', 'taken'])
  })

  it('stands hostile ids', () => {
    for (const task of ['__proto__', 'constructor', 'toString']) {
      const { tasks } = historyOf([record('r', task, [{ tries: [ok(0, 0, 3)], state: 'success' }])])
      expect(Object.keys(tasks)).toEqual([task])
      expect(tasks[task]).toHaveLength(1)
    }
  })
})
