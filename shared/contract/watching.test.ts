import type { ClientLink } from '@orpc/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { watchingLink } from './watching.ts'

interface Batch {
  readonly events: readonly { readonly n: number }[]
  readonly live: boolean
}

class Broken extends Error {}

interface Call {
  readonly events: number
  /** What comes after the events: a broken connection, or the end of the stream. */
  readonly breaks: boolean
  /** The connection breaks before the call is answered. */
  readonly unanswered?: boolean
}

/** A host with a run of so many events; how its first calls go. */
function hostOf(total: number, size: number, plan: readonly Call[]) {
  const asked: number[] = []
  let call = 0
  async function* stream(after: number, { events, breaks }: Call): AsyncGenerator<Batch> {
    let left = events
    for (let next = after + 1; next < total; ) {
      if (left <= 0) {
        if (breaks) throw new Broken()
        return
      }
      const count = Math.min(size, left, total - next)
      yield { events: Array.from({ length: count }, (_, at) => ({ n: next + at })), live: true }
      next += count
      left -= count
    }
    yield { events: [], live: false }
  }
  const link = {
    call: async (_path: readonly string[], input: unknown) => {
      const { after } = input as { after: number }
      asked.push(after)
      const next = plan[call++] ?? { events: total + 1, breaks: false }
      if (next.unanswered) throw new Broken()
      return stream(after, next)
    },
  } as unknown as ClientLink<Record<never, never>>
  return {
    asked,
    link: watchingLink(
      link,
      async () => undefined,
      (error) => error instanceof Broken,
    ),
  }
}

async function watch(link: ClientLink<Record<never, never>>, after: number): Promise<number[]> {
  const stream = (await link.call(['runs', 'watch'], { run: 'r', after }, { context: {} })) as AsyncIterable<Batch>
  const numbers: number[] = []
  for await (const { events } of stream) numbers.push(...events.map(({ n }) => n))
  return numbers
}

describe('watching a run over connections that break and streams that end', () => {
  it('brings every event once and in order', async () => {
    const plans = fc.array(
      fc.record({ events: fc.integer({ min: 0, max: 30 }), breaks: fc.boolean(), unanswered: fc.boolean() }),
      {
        maxLength: 8,
      },
    )
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 7 }),
        plans,
        fc.integer({ min: -1, max: 20 }),
        async (total, size, plan, after) => {
          const { link } = hostOf(total, size, plan)
          const wanted = Array.from({ length: Math.max(0, total - after - 1) }, (_, at) => after + 1 + at)
          expect(await watch(link, after)).toEqual(wanted)
        },
      ),
    )
  })

  it('asks again after the last event that came', async () => {
    const { asked, link } = hostOf(10, 4, [{ events: 6, breaks: true }])
    await watch(link, -1)
    expect(asked).toEqual([-1, 5])
  })

  it('fails with what is no broken connection', async () => {
    // biome-ignore lint/correctness/useYield: it fails before it has anything
    async function* stream(): AsyncGenerator<Batch> {
      throw new Error('no such run')
    }
    const link = { call: async () => stream() } as unknown as ClientLink<Record<never, never>>
    const failing = watchingLink(
      link,
      async () => undefined,
      (error) => error instanceof Broken,
    )
    await expect(watch(failing, -1)).rejects.toThrow('no such run')
  })
})
