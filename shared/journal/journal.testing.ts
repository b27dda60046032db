import fc from 'fast-check'
import type { JournalBody, JournalEvent, Reason, RunHeader } from './event.ts'

/** Journals for tests: a header, and events in any order a journal could (and could not) have them. */
export function headerFor(tasks: readonly string[], changes: Partial<RunHeader> = {}): RunHeader {
  return {
    type: 'run',
    format: 1,
    run: '20261121T121455Z-k3f9',
    pipeline: 'flights',
    name: 'Flights',
    file: 'flights.dag.yaml',
    specHash: '0'.repeat(64),
    params: {},
    logicalDate: '2026-11-21T12:14:55.000Z',
    dataInterval: { start: '2026-11-20T12:14:55.000Z', end: '2026-11-21T12:14:55.000Z' },
    wall: '2026-11-21T12:14:55.000Z',
    machine: { platform: 'linux', cpus: 2, node: '24.0.0', label: 'Linux, 2 CPUs' },
    dagwright: '0.1.0',
    slots: 2,
    pools: {},
    basis: Object.fromEntries(tasks.map((task) => [task, 1_000_000])),
    selection: null,
    parent: null,
    trigger: 'test',
    ...changes,
  }
}

/** Numbers the events and spaces them a second apart. */
export function journalOf(...bodies: readonly JournalBody[]): JournalEvent[] {
  return bodies.map((body, at) => ({ n: at, t: at * 1_000_000, ...body }))
}

const reason: Reason = { code: 'exit_code', message: 'ended with exit code 3 – näher: 失敗 \u2028' }

/** Bodies after the header, over the given tasks; nothing makes them consistent. */
export function anyBody(tasks: readonly string[]): fc.Arbitrary<JournalBody> {
  const where = { task: fc.constantFrom(...tasks), index: fc.constantFrom(null, 0, 1, 2, 7) }
  const attempt = fc.integer({ min: 1, max: 3 })
  const final = fc.constantFrom('success', 'failed', 'skipped', 'upstream_failed', 'cancelled')
  return fc.oneof(
    fc.record({ type: fc.constant('queued'), ...where }),
    fc.record({
      type: fc.constant('starting'),
      ...where,
      attempt,
      readyAt: fc.nat(1000),
      cause: fc.constant({ type: 'begin' as const }),
    }),
    fc.record({ type: fc.constant('started'), ...where, attempt, pid: fc.constantFrom(null, 4711) }),
    fc.record({
      type: fc.constant('finished'),
      ...where,
      attempt,
      outcome: fc.constantFrom('success', 'failed', 'timed_out', 'cancelled', 'lost'),
      exitCode: fc.constantFrom(0, 3, null),
      signal: fc.constant(null),
      peakMemory: fc.constant(null),
      cpu: fc.constant(null),
      outputs: fc.oneof(fc.constant(null), fc.dictionary(fc.string(), fc.jsonValue() as fc.Arbitrary<never>)),
      reason: fc.constantFrom(null, reason),
    }),
    fc.record({ type: fc.constant('retrying'), ...where, attempt, until: fc.nat(1000) }),
    fc.record({
      type: fc.constant('settled'),
      ...where,
      state: final,
      origin: fc.constantFrom('executed', 'reused', 'pinned', 'cached', 'marked'),
      reason: fc.constantFrom(null, reason),
    }),
    fc.record({
      type: fc.constant('expanded'),
      task: where.task,
      count: fc.integer({ min: 0, max: 4 }),
      items: fc.constant(null),
    }),
    fc.record({ type: fc.constant('marked'), ...where, as: fc.constantFrom('success', 'failed', 'cleared') }),
    fc.record({ type: fc.constant('reset'), ...where }),
    fc.record({ type: fc.constant('cancel'), kill: fc.boolean() }),
    fc.record({ type: fc.constant('resumed'), wall: fc.constant('2026-11-22T00:00:00.000Z') }),
    fc.record({ type: fc.constant('ended'), state: fc.constantFrom('success', 'failed'), reason: fc.constant(null) }),
  ) as fc.Arbitrary<JournalBody>
}
