import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { WATCH_BATCH_EVENTS, WATCH_WINDOW_EVENTS } from '#shared/contract/watching.ts'
import { encode } from '#shared/journal/codec.ts'
import type { JournalEvent, RunHeader } from '#shared/journal/event.ts'
import { createRunView } from '#shared/journal/fold.ts'
import { type EventBatch, RunFeed } from './run-feed.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dagwright-feed-'))
})
afterAll(() => rm(folder, { recursive: true }))

const HEADER: RunHeader = {
  type: 'run',
  format: 1,
  run: 'r',
  pipeline: 'p',
  name: 'p',
  file: 'p.dag.yaml',
  specHash: '',
  params: {},
  logicalDate: '2026-01-01T00:00:00.000Z',
  dataInterval: { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:00.000Z' },
  wall: '2026-01-01T00:00:00.000Z',
  machine: { platform: 'linux', cpus: 1, node: '24', label: '' },
  dagwright: '0',
  slots: 1,
  pools: {},
  basis: { a: 1 },
  selection: null,
  parent: null,
  trigger: 'test',
}

/** A feed whose events are on disk before they are published, as the engine has it. */
async function openFeed(name: string, first: number) {
  const journal = join(folder, name)
  await writeFile(journal, '')
  const feed = new RunFeed(createRunView(HEADER, ['a']), journal, [])
  let n = first
  return {
    feed,
    async publish(count: number): Promise<void> {
      const events: JournalEvent[] = Array.from({ length: count }, () => {
        const body = n === first ? HEADER : ({ type: 'queued', task: 'a', index: null } as const)
        return { n: n++, t: n, ...body }
      })
      await appendFile(journal, events.map(encode).join(''))
      feed.publish(events)
    },
  }
}

describe('a run’s feed', () => {
  it('hands a watcher that only takes no more than a window at once', async () => {
    const { feed, publish } = await openFeed('window', 0)
    for (let batch = 0; batch < 50; batch++) await publish(1000)
    const abandoned = feed.watch(-1, undefined)
    let taken = 0
    let told = true
    // What a transport does: it takes whatever comes, whether or not anybody reads it.
    for await (const { events, live } of abandoned) {
      expect(events.length).toBeLessThanOrEqual(WATCH_BATCH_EVENTS)
      taken += events.length
      told = live
    }
    expect(told).toBe(true)
    expect(taken).toBeGreaterThanOrEqual(WATCH_WINDOW_EVENTS)
    expect(taken).toBeLessThan(WATCH_WINDOW_EVENTS + 5000)
    expect(feed.watchers).toBe(0)
  })

  it('lets go of a watcher whose call is aborted, though it is waiting', async () => {
    const { feed, publish } = await openFeed('abort', 0)
    await publish(1)
    const abort = new AbortController()
    const stream = feed.watch(0, abort.signal)
    const waiting = stream.next()
    expect(feed.watchers).toBe(1)
    abort.abort()
    expect((await waiting).done).toBe(true)
    expect(feed.watchers).toBe(0)
    const returned = feed.watch(0, undefined)
    const pending = returned.next()
    await returned.return?.()
    expect((await pending).done).toBe(true)
    expect(feed.watchers).toBe(0)
  })

  it('gathers what a busy run does, and tells of its end at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { feed, publish } = await openFeed('pace', 0)
      const stream = feed.watch(-1, undefined)
      const numbers = async (step: ReturnType<typeof stream.next>) =>
        ((await step).value as EventBatch).events.map(({ n }) => n)
      await publish(1)
      expect(await numbers(stream.next())).toEqual([0])
      const second = stream.next()
      for (let batch = 0; batch < 20; batch++) await publish(3)
      await vi.advanceTimersByTimeAsync(100)
      expect(await numbers(second)).toEqual(Array.from({ length: 60 }, (_, at) => at + 1))
      const third = stream.next()
      await publish(2)
      feed.end()
      // No timer goes on from here: the end does not wait for one.
      expect(await numbers(third)).toEqual([61, 62])
      expect((await stream.next()).value).toEqual({ events: [], live: false })
    } finally {
      vi.useRealTimers()
    }
  })

  it('gives every watcher every event after its number, once and in order, however late and slow', async () => {
    let file = 0
    const watchers = fc.array(
      fc.record({
        after: fc.integer({ min: -1, max: 7000 }),
        late: fc.integer({ min: 0, max: 5 }),
        slow: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    )
    const batches = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(batches, watchers, fc.constantFrom(0, 1), async (sizes, plans, first) => {
        const { feed, publish } = await openFeed(`property-${file++}`, first)
        const total = sizes.reduce((sum, size) => sum + size, 0)
        const seen: Promise<number[]>[] = []
        for (const [step, size] of sizes.entries()) {
          for (const plan of plans) if (plan.late === step) seen.push(follow(feed, plan.after, plan.slow))
          await publish(size)
        }
        for (const plan of plans) if (plan.late >= sizes.length) seen.push(follow(feed, plan.after, plan.slow))
        feed.end()
        const started = [...plans].filter((plan) => plan.late < sizes.length).sort((a, b) => a.late - b.late)
        const order = [...started, ...plans.filter((plan) => plan.late >= sizes.length)]
        const got = await Promise.all(seen)
        for (const [index, plan] of order.entries()) {
          const from = Math.max(first, plan.after + 1)
          const expected = Array.from({ length: Math.max(0, first + total - from) }, (_, at) => from + at)
          expect(got[index]).toEqual(expected)
        }
      }),
      { numRuns: 25 },
    )
  })
})

/** As a client does: when the stream ends though the run goes on, it asks again after the last number. */
async function follow(feed: RunFeed, after: number, slow: boolean): Promise<number[]> {
  const numbers: number[] = []
  for (;;) {
    for await (const { events, live } of feed.watch(numbers.at(-1) ?? after, undefined)) {
      numbers.push(...events.map((event) => event.n))
      if (!live) return numbers
      if (slow) await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
