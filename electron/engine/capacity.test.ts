import { afterEach, beforeEach, expect, test } from 'vitest'
import type { JournalEvent } from '#shared/journal/event.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'
import { verifyReplay } from '#shared/scheduler/replay.ts'
import { type Bench, bench, pipelineIn } from './engine.testing.ts'

let host: Bench
beforeEach(() => {
  host = bench(300)
})
afterEach(() => host.dispose())

const HOLDER = `
tasks:
  holder: { kind: shell, pool: db, run: 'while [ ! -e let-go ]; do sleep 0.02; done' }
`
const LIMITED = `
tasks:
  a: { kind: shell, run: sleep 0.1 }
  b: { kind: shell, run: sleep 0.1 }
  c: { kind: shell, pool: db, run: sleep 0.1 }
  d: { kind: shell, needs: [a, c], run: 'true' }
`
/** The workspace's: of its two slots and two places in the pool the holder has one each. */
const OPTIONS = { config: { slots: 2, pools: new Map([['db', 2]]) }, pools: { db: 2 } }

function mismatch(events: readonly JournalEvent[]) {
  const [header] = events
  if (header?.type !== 'run') throw new Error('The journal has no header.')
  const pools = new Map(Object.entries(header.pools))
  const compiled = compilePlan(pipelineIn(LIMITED), { slots: header.slots, pools, basis: () => 0 })
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems))
  return verifyReplay(compiled.value, events)
}

/** The most that ran at once. */
function width(events: readonly JournalEvent[]): number {
  let running = 0
  let most = 0
  for (const event of events) {
    if (event.type === 'starting') running += 1
    if (event.type === 'finished') running -= 1
    most = Math.max(most, running)
  }
  return most
}

test('a run that others limit from its start keeps to it, and its journal replays exactly', async () => {
  const holder = host.start(HOLDER, OPTIONS)
  await holder.until((event) => event.type === 'started')
  const limited = host.start(LIMITED, OPTIONS)
  await limited.until((event) => event.type === 'settled')
  host.write('let-go', '')
  const { events, state } = await limited.finished()
  await holder.finished()
  expect(state).toBe('success')
  expect(events[1]).toMatchObject({ type: 'capacity', t: 0, slots: 1, pools: { db: 1 } })
  expect(
    width(
      events.slice(
        0,
        events.findIndex(({ type }) => type === 'finished'),
      ),
    ),
  ).toBe(1)
  expect(mismatch(events)).toBeNull()
})

test('a run that others limit when it is resumed keeps to it, and its journal replays exactly', async () => {
  const first = host.start(LIMITED, { ...OPTIONS, id: 'r' })
  await first.until((event) => event.type === 'starting')
  const past = [...first.events]
  await first.cancel(true)
  await first.finished()

  const holder = host.start(HOLDER, OPTIONS)
  await holder.until((event) => event.type === 'started')
  const resumed = host.start(LIMITED, { ...OPTIONS, id: 'r', past })
  await resumed.until((event) => event.type === 'settled')
  host.write('let-go', '')
  const { events, state } = await resumed.finished()
  await holder.finished()
  expect(state).toBe('success')
  const at = events.findIndex(({ type }) => type === 'resumed')
  expect(events[at + 1]).toMatchObject({ type: 'capacity', t: events[at]?.t, slots: 1, pools: { db: 1 } })
  const reported = events.findIndex((event, index) => index > at && event.type === 'settled')
  const started = events.slice(at, reported).filter(({ type }) => type === 'starting')
  expect(started).toHaveLength(1)
  expect(mismatch(events)).toBeNull()
})
