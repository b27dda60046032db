import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AttemptOutcome, Cause, JournalBody, JournalEvent, Reason } from '../journal/event.ts'
import { foldRun } from '../journal/fold.ts'
import { type RealizedPath, realizedPath } from './realized-path.ts'

/** Writes a journal the way an engine does: events in order of time, numbered. */
class Journal {
  readonly events: JournalEvent[] = []
  constructor(tasks: readonly string[]) {
    this.add(0, {
      type: 'run',
      format: 1,
      run: 'r1',
      pipeline: 'p',
      name: 'P',
      file: 'p.dag.yaml',
      specHash: '',
      params: {},
      logicalDate: '2026-01-01T00:00:00Z',
      dataInterval: { start: '2026-01-01T00:00:00Z', end: '2026-01-01T00:00:00Z' },
      wall: '2026-01-01T00:00:00Z',
      machine: { platform: 'linux', cpus: 2, node: '24', label: 'Linux, 2 CPUs' },
      dagwright: '0.1.0',
      slots: 2,
      pools: {},
      basis: Object.fromEntries(tasks.map((task) => [task, 1])),
      selection: null,
      parent: null,
      trigger: 'test',
    })
  }
  add(t: number, body: JournalBody): this {
    this.events.push({ n: this.events.length, t, ...body })
    return this
  }
  start(task: string, t: number, cause: Cause, options: { index?: number; attempt?: number; ready?: number } = {}) {
    const ref = { task, index: options.index ?? null }
    const attempt = options.attempt ?? 1
    this.add(t, { type: 'starting', ...ref, attempt, readyAt: options.ready ?? t, cause })
    return this.add(t + 1, { type: 'started', ...ref, attempt, pid: 1 })
  }
  finish(task: string, t: number, options: { index?: number; attempt?: number; outcome?: AttemptOutcome } = {}) {
    return this.add(t, {
      type: 'finished',
      task,
      index: options.index ?? null,
      attempt: options.attempt ?? 1,
      outcome: options.outcome ?? 'success',
      exitCode: 0,
      signal: null,
      peakMemory: null,
      cpu: null,
      outputs: null,
      reason: null,
    })
  }
  settle(
    task: string,
    t: number,
    state: 'success' | 'failed' | 'skipped',
    reason: Reason | null = null,
    index?: number,
  ) {
    return this.add(t, { type: 'settled', task, index: index ?? null, state, origin: 'executed', reason })
  }
  path(): RealizedPath {
    return realizedPath(foldRun(this.events)!, this.events)!
  }
}

const dependency = (task: string, index: number | null = null): Cause => ({ type: 'dependency', task, index })
const brief = (path: RealizedPath) =>
  path.segments.map(({ kind, from, to, task, index }) => `${kind} ${task}${index === null ? '' : index} ${from}-${to}`)

function expectWhole(path: RealizedPath) {
  let at = 0
  for (const segment of path.segments) {
    expect(segment.from).toBe(at)
    expect(segment.to).toBeGreaterThan(segment.from)
    at = segment.to
  }
  expect(at).toBe(path.makespan)
}

describe('realized path', () => {
  it('follows dependencies back and leaves what did not bind aside', () => {
    const path = new Journal(['a', 'b', 'c'])
      .start('a', 2, { type: 'begin' })
      .start('b', 2, { type: 'begin' })
      .finish('a', 50)
      .settle('a', 50, 'success')
      .finish('b', 100)
      .settle('b', 100, 'success')
      .start('c', 101, dependency('b'))
      .finish('c', 130)
      .settle('c', 131, 'success')
      .path()
    expect(brief(path)).toEqual([
      'overhead b 0-3',
      'work b 3-100',
      'overhead c 100-102',
      'work c 102-130',
      'overhead c 130-131',
    ])
    expect(path.links.map(({ task, cause }) => [task, cause?.type])).toEqual([
      ['b', 'begin'],
      ['c', 'dependency'],
    ])
    expectWhole(path)
  })

  it('counts failed attempts as work and the delay between them as retry', () => {
    const path = new Journal(['a'])
      .start('a', 0, { type: 'begin' })
      .finish('a', 10, { outcome: 'failed' })
      .add(10, { type: 'retrying', task: 'a', index: null, attempt: 2, until: 60 })
      .start('a', 62, { type: 'retry' }, { attempt: 2, ready: 60 })
      .finish('a', 90, { attempt: 2 })
      .settle('a', 90, 'success')
      .path()
    expect(brief(path)).toEqual(['overhead a 0-1', 'work a 1-10', 'retry a 10-60', 'overhead a 60-63', 'work a 63-90'])
    expect(path.segments.map(({ outcome }) => outcome)).toEqual([null, 'failed', null, null, 'success'])
    expectWhole(path)
  })

  it('goes through the instance that held the slot, and tells the wait outside the sum', () => {
    const path = new Journal(['a', 'm'])
      .start('a', 0, { type: 'begin' })
      .finish('a', 10)
      .settle('a', 10, 'success')
      .add(10, { type: 'expanded', task: 'm', count: 2, items: [1, 2] })
      .start('m', 10, dependency('a'), { index: 0 })
      .finish('m', 40, { index: 0 })
      .settle('m', 40, 'success', null, 0)
      .start('m', 40, { type: 'pool', pool: 'p', task: 'm', index: 0 }, { index: 1, ready: 10 })
      .finish('m', 80, { index: 1 })
      .settle('m', 80, 'success', null, 1)
      .settle('m', 80, 'success')
      .path()
    expect(brief(path)).toEqual([
      'overhead a 0-1',
      'work a 1-10',
      'overhead m0 10-11',
      'work m0 11-40',
      'overhead m1 40-41',
      'work m1 41-80',
    ])
    expect(path.links.map(({ index, waited }) => [index, waited])).toEqual([
      [null, 1],
      [0, 1],
      [1, 31],
    ])
    expectWhole(path)
  })

  it('cuts out the time when no engine ran and when the machine slept', () => {
    const path = new Journal(['a'])
      .start('a', 0, { type: 'begin' })
      .add(20, { type: 'queued', task: 'z', index: null })
      .add(500, { type: 'resumed', wall: '2026-01-01T00:00:01Z' })
      .finish('a', 500, { outcome: 'lost' })
      .start('a', 501, { type: 'resume' }, { attempt: 2 })
      .add(700, { type: 'suspended', from: 600, wall: '2026-01-01T00:00:02Z' })
      .finish('a', 710, { attempt: 2 })
      .settle('a', 710, 'success')
      .path()
    expect(brief(path)).toEqual([
      'overhead a 0-1',
      'work a 1-20',
      'interrupted a 20-500',
      'overhead a 500-502',
      'work a 502-600',
      'interrupted a 600-700',
      'work a 700-710',
    ])
    expectWhole(path)
  })

  it('goes through an upstream that was skipped to what brought that about', () => {
    const reason: Reason = { code: 'rule', message: 'a failed', by: { task: 'a', index: null } }
    const path = new Journal(['a', 'b', 'c'])
      .start('a', 0, { type: 'begin' })
      .finish('a', 30, { outcome: 'failed' })
      .settle('a', 30, 'failed')
      .settle('b', 32, 'skipped', reason)
      .start('c', 33, dependency('b'))
      .finish('c', 60)
      .settle('c', 60, 'success')
      .path()
    expect(brief(path)).toEqual([
      'overhead a 0-1',
      'work a 1-30',
      'overhead b 30-32',
      'overhead c 32-34',
      'work c 34-60',
    ])
    expect(path.links.map(({ task, attempt }) => `${task} ${attempt}`)).toEqual(['a 1', 'b 0', 'c 1'])
    expectWhole(path)
  })

  it('has no path where nothing ended, and one that ends in a verdict where nothing ran', () => {
    const journal = new Journal(['a'])
    expect(realizedPath(foldRun(journal.events)!, journal.events)).toBeNull()
    const path = journal.settle('a', 7, 'skipped').path()
    expect(brief(path)).toEqual(['overhead a 0-7'])
  })

  it('adds up exactly and ends, whatever a damaged journal says', () => {
    const task = fc.constantFrom('a', 'b', 'c')
    const cause: fc.Arbitrary<Cause> = fc.oneof(
      fc.constantFrom<Cause>({ type: 'begin' }, { type: 'retry' }, { type: 'resume' }),
      task.map((task): Cause => dependency(task)),
      task.map((task): Cause => ({ type: 'slot', task, index: null })),
    )
    const step = fc.record({
      task,
      cause,
      kind: fc.constantFrom('start', 'finish', 'settle', 'resume'),
      gap: fc.nat(9),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const journal = new Journal(['a', 'b', 'c'])
        let t = 0
        for (const { task, cause, kind, gap } of steps) {
          t += gap
          if (kind === 'start') journal.start(task, t++, cause, { ready: t - gap })
          else if (kind === 'finish') journal.finish(task, t)
          else if (kind === 'settle') journal.settle(task, t, 'success')
          else journal.add(t, { type: 'resumed', wall: '2026-01-01T00:00:00Z' })
        }
        const path = realizedPath(foldRun(journal.events)!, journal.events)
        if (path !== null) expectWhole(path)
      }),
      { numRuns: 1000 },
    )
  })
})
