import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FinalState, InstanceState, JournalEvent, RunHeader } from './event.ts'
import { applyEvent, createRunView, foldRun } from './fold.ts'
import { anyBody, headerFor, journalOf } from './journal.testing.ts'
import { instanceQueued, noCounts, type RunView, taskDuration, taskQueued, taskWork } from './run-view.ts'
import { runStateOf, runSummaryOf, wallTime } from './summary.ts'

const TASKS = ['extract', 'clean', '__proto__', 'constructor']
const anyJournal = fc.array(anyBody(TASKS), { maxLength: 40 }).map((bodies) => journalOf(headerFor(TASKS), ...bodies))

/** The states of a task as the whole journal tells them, worked out from scratch. */
function oracle(events: readonly JournalEvent[], task: string): { state: InstanceState; instances: InstanceState[] } {
  const own = events.filter((event) => 'task' in event && event.task === task)
  const base = own.findLastIndex((event) => event.type === 'expanded')
  const expansion = own[base]
  // A mapped task that is cleared has no instances any more.
  const released = own.findIndex(
    (event, at) => base >= 0 && at > base && event.type === 'reset' && event.index === null,
  )
  if (released >= 0) {
    const state = lastState(own.slice(released + 1).filter((event) => isAbout(event, null)))
    return { state, instances: [state] }
  }
  if (expansion?.type !== 'expanded') {
    const state = lastState(own.filter((event) => isAbout(event, null)))
    return { state, instances: [state] }
  }
  const since = own.slice(base + 1)
  const instances = Array.from({ length: expansion.count }, (_, index) =>
    lastState(since.filter((event) => isAbout(event, index) || (isAbout(event, null) && isClearing(event)))),
  )
  const verdicts = since.filter(
    (event) =>
      (event.type === 'settled' && event.index === null) ||
      (isClearing(event) && expansion.count > 0 && isWithin(event, expansion.count)),
  )
  const last = verdicts.at(-1)
  return { state: mappedState(instances, last?.type === 'settled' ? last.state : null), instances }
}

function mappedState(instances: readonly InstanceState[], verdict: FinalState | null): InstanceState {
  const open = instances.filter((state) => ['pending', 'queued', 'running', 'retrying'].includes(state))
  if (open.length === 0) {
    const worst = ['failed', 'upstream_failed', 'cancelled', 'success', 'skipped'] as const
    return verdict ?? worst.find((state) => instances.includes(state)) ?? 'skipped'
  }
  if (open.length < instances.length || open.some((state) => state === 'running' || state === 'retrying'))
    return 'running'
  return open.includes('queued') ? 'queued' : 'pending'
}

function lastState(events: readonly JournalEvent[]): InstanceState {
  let state: InstanceState = 'pending'
  const begun: { readonly attempt: number; over: boolean }[] = []
  for (const event of events) {
    if (event.type === 'queued') state = 'queued'
    if (event.type === 'starting') begun.push({ attempt: event.attempt, over: false })
    if (event.type === 'starting') state = 'running'
    if (event.type === 'retrying') state = 'retrying'
    if (event.type === 'settled') state = event.state
    if (event.type === 'settled' && event.origin === 'cached' && begun.at(-1)?.over === false) begun.pop()
    const ended = event.type === 'finished' ? begun.findLast(({ attempt }) => attempt === event.attempt) : undefined
    if (ended) ended.over = true
    if (ended && event.type === 'finished' && event.outcome === 'lost') state = 'pending'
    if (isClearing(event)) state = 'pending'
  }
  return state
}

function isAbout(event: JournalEvent, index: number | null): boolean {
  return 'index' in event && event.index === index
}
function isClearing(event: JournalEvent): boolean {
  return event.type === 'reset'
}
function isWithin(event: JournalEvent, count: number): boolean {
  return 'index' in event && (event.index === null || event.index < count)
}

/** Counts of one instance: its own and, where they differ, the task's, recounted. */
function expectCounts(view: RunView): void {
  const byTask = noCounts()
  for (const task of view.tasks.values()) {
    byTask[task.state]++
    const byInstance = noCounts()
    for (const instance of task.instances) byInstance[instance.state]++
    expect(task.counts).toEqual(byInstance)
  }
  expect(view.counts).toEqual(byTask)
}

describe('the fold', () => {
  it('has the states and counts that a look at the whole journal gives', () => {
    fc.assert(
      fc.property(anyJournal, (events) => {
        const view = foldRun(events)!
        for (const task of TASKS) {
          const expected = oracle(events, task)
          const found = view.tasks.get(task)!
          expect(found.instances.map((instance) => instance.state)).toEqual(expected.instances)
          expect(found.state).toBe(expected.state)
        }
        expectCounts(view)
      }),
      { numRuns: 300 },
    )
  })

  it('tells exactly which task an event changed, so that nothing else need be drawn again', () => {
    fc.assert(
      fc.property(anyJournal, (events) => {
        const view = createRunView(headerFor(TASKS))
        for (const event of events) {
          const before = new Map([...view.tasks].map(([id, task]) => [id, JSON.stringify(task)]))
          const version = view.version
          const changed = applyEvent(view, event)
          expect(view.version).toBe(version + 1)
          for (const [id, task] of view.tasks) {
            if (id === changed) expect(task.version).toBe(view.version)
            else expect(JSON.stringify(task)).toBe(before.get(id))
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('is not changed by events that come again, as overlapping batches of a watcher do', () => {
    fc.assert(
      fc.property(anyJournal, fc.nat(), fc.nat(), (events, a, b) => {
        const view = createRunView(events[0] as JournalEvent & RunHeader)
        const [from, to] = [a % (events.length + 1), b % (events.length + 1)].sort((x, y) => x - y)
        for (const event of events.slice(0, to)) applyEvent(view, event)
        for (const event of events.slice(from)) applyEvent(view, event)
        expect(view).toEqual(foldRun(events))
      }),
      { numRuns: 100 },
    )
  })

  it('shows tasks of the header that nothing happened to, and ones it does not name', () => {
    const [event] = journalOf(headerFor(['a', 'b']))
    const view = foldRun([event!, { n: 1, t: 5, type: 'queued', task: 'new', index: null }])!
    expect(view.order).toEqual(['a', 'b', 'new'])
    expect(view.counts).toMatchObject({ pending: 2, queued: 1 })
    expect(foldRun([event!], ['b'])!.order).toEqual(['b'])
    expect(foldRun([])).toBeNull()
  })
})

const attempt = (task: string, number: number, index: number | null = null) =>
  ({ task, index, attempt: number }) as const
const finish = { exitCode: 0, signal: null, peakMemory: 9, cpu: 7, outputs: { rows: 3 }, reason: null } as const

/** One task: ready at 1, starting at 2, running from 3 to 10, failed; again due at 20, running from 22 to 40. */
const retried: readonly JournalEvent[] = [
  { n: 0, t: 0, ...headerFor(['a']) },
  { n: 1, t: 2, type: 'starting', ...attempt('a', 1), readyAt: 1, cause: { type: 'begin' } },
  { n: 2, t: 3, type: 'started', ...attempt('a', 1), pid: 11 },
  { n: 3, t: 10, type: 'finished', ...attempt('a', 1), ...finish, outputs: null, exitCode: 1, outcome: 'failed' },
  { n: 4, t: 10, type: 'retrying', ...attempt('a', 2), until: 20 },
  { n: 5, t: 21, type: 'starting', ...attempt('a', 2), readyAt: 20, cause: { type: 'retry' } },
  { n: 6, t: 22, type: 'started', ...attempt('a', 2), pid: 12 },
  { n: 7, t: 40, type: 'finished', ...attempt('a', 2), ...finish, outcome: 'success' },
  { n: 8, t: 40, type: 'settled', task: 'a', index: null, state: 'success', origin: 'executed', reason: null },
  { n: 9, t: 41, type: 'ended', state: 'success', reason: null },
]

describe('times', () => {
  it('of a task that was retried', () => {
    const task = foldRun(retried)!.tasks.get('a')!
    expect(taskDuration(task)).toBe(37)
    expect(taskWork(task)).toBe(18)
    expect(taskQueued(task)).toBe(2 + 2)
    expect(task.instances[0]).toMatchObject({ readyAt: 1, startedAt: 3, endedAt: 40, outputs: { rows: 3 } })
    expect(task.instances[0]!.attempts[1]).toMatchObject({ pid: 12, cpu: 7, peakMemory: 9, state: 'success' })
  })

  it('are missing while it runs, and retrying says until when', () => {
    const task = foldRun(retried.slice(0, 5))!.tasks.get('a')!
    expect(task.state).toBe('retrying')
    expect(task.instances[0]!.retryUntil).toBe(20)
    expect(taskDuration(task)).toBeNull()
    expect(taskWork(task)).toBeNull()
  })

  it('of a mapped task span its instances, and its work is their sum', () => {
    const events: JournalEvent[] = [
      { n: 0, t: 0, ...headerFor(['m']) },
      { n: 1, t: 1, type: 'expanded', task: 'm', count: 2, items: ['x', 'y'] },
      { n: 2, t: 5, type: 'starting', ...attempt('m', 1, 0), readyAt: 1, cause: { type: 'begin' } },
      { n: 3, t: 6, type: 'starting', ...attempt('m', 1, 1), readyAt: 1, cause: { type: 'begin' } },
      { n: 4, t: 10, type: 'finished', ...attempt('m', 1, 0), ...finish, outcome: 'success' },
      { n: 5, t: 10, type: 'settled', task: 'm', index: 0, state: 'success', origin: 'executed', reason: null },
      { n: 6, t: 30, type: 'finished', ...attempt('m', 1, 1), ...finish, outcome: 'success' },
      { n: 7, t: 30, type: 'settled', task: 'm', index: 1, state: 'success', origin: 'executed', reason: null },
    ]
    const task = foldRun(events)!.tasks.get('m')!
    expect(task).toMatchObject({ state: 'success', mapped: true, items: ['x', 'y'] })
    expect(taskDuration(task)).toBe(25)
    expect(taskWork(task)).toBe(5 + 24)
    expect(task.instances.map(instanceQueued)).toEqual([4, 5])
  })

  it('do not count a result that was reused', () => {
    const settled = { type: 'settled', task: 'a', index: null, state: 'success', reason: null } as const
    const view = foldRun(journalOf(headerFor(['a']), { ...settled, origin: 'reused', outputs: { rows: 1 } }))!
    const task = view.tasks.get('a')!
    expect(task.instances[0]).toMatchObject({ state: 'success', origin: 'reused', outputs: { rows: 1 } })
    expect([taskWork(task), taskDuration(task), taskQueued(task)]).toEqual([null, null, 0])
  })
})

describe('the summary', () => {
  it('of an ended run', () => {
    const summary = runSummaryOf(foldRun(retried)!, { live: false, damaged: false })
    expect(summary).toMatchObject({
      state: 'success',
      startedAt: '2026-11-21T12:14:55.000Z',
      makespan: 40,
      counts: { success: 1 },
      machine: 'Linux, 2 CPUs',
      partial: false,
      live: false,
    })
    expect(Object.keys(summary.counts)).toEqual(['success'])
  })

  it('of a journal without an end: interrupted, unless an engine writes it', () => {
    const view = foldRun(retried.slice(0, 5))!
    expect(runStateOf(view, true)).toBe('running')
    expect(runStateOf(view, false)).toBe('interrupted')
    expect(runSummaryOf(view, { live: true, damaged: false })).toMatchObject({ endedAt: null, makespan: null })
    expect(runSummaryOf(view, { live: false, damaged: true })).toMatchObject({ state: 'interrupted', damaged: true })
  })

  it('leaves out what an ended run did not select', () => {
    const ended = { type: 'ended', state: 'success', reason: null } as const
    const header = headerFor(['a', 'b'], { selection: { only: ['a'] } })
    const settled = {
      type: 'settled',
      task: 'a',
      index: null,
      state: 'success',
      origin: 'executed',
      reason: null,
    } as const
    const view = foldRun(journalOf(header, settled, ended))!
    expect(runSummaryOf(view, { live: false, damaged: false })).toMatchObject({ partial: true, counts: { success: 1 } })
    expect(runSummaryOf(view, { live: false, damaged: false }).counts.pending).toBeUndefined()
  })

  it('puts instants on the wall clock by the last time it was tied to it', () => {
    const events: JournalEvent[] = [
      { n: 0, t: 0, ...headerFor([]) },
      { n: 1, t: 2_000_000, type: 'resumed', wall: '2026-12-01T00:00:00.000Z' },
    ]
    const view = foldRun(events)!
    expect(wallTime(view, 1_500_000)).toBe('2026-11-21T12:14:56.500Z')
    expect(wallTime(view, 2_500_000)).toBe('2026-12-01T00:00:00.500Z')
  })
})
