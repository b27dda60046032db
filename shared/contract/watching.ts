import type { ClientContext, ClientLink, ClientOptions } from '@orpc/client'
import type { JournalEvent } from '../journal/event.ts'
import type { LogChunk } from './data.ts'

/**
 * oRPC's streams have no back-pressure: a server would produce everything for a watcher that reads nothing. So a host
 * ends a stream after this much, and whoever reads it asks for the rest: see `watchingLink`.
 */
export const WATCH_WINDOW_EVENTS = 10_000
/** The most events one batch of `runs.watch` carries. */
export const WATCH_BATCH_EVENTS = 2000
/** Bytes of log after which `runs.log` ends its stream though there is more. */
export const LOG_WINDOW_BYTES = 4 * 1024 * 1024

/** Between two subscriptions of which the first brought nothing: a host that is going away must not be hammered. */
const PAUSE_MILLISECONDS = 250

interface WatchBatch {
  readonly events: readonly JournalEvent[]
  readonly live: boolean
}

/**
 * Makes `runs.watch` and `runs.log` whole for the caller: when a stream ends before the run (or the attempt) has, it is
 * taken up again after the last event (or byte) that came, so nothing is lost and nothing comes twice. The next part
 * is asked for only when the caller wants it, which is what bounds memory on both sides.
 *
 * `wait` resolves after the milliseconds, and sooner if the call's signal aborts (shared code has no timers);
 * `reconnects` says whether an error is a broken connection that is worth another subscription.
 */
export function watchingLink<Context extends ClientContext>(
  link: ClientLink<Context>,
  wait: (milliseconds: number, options: ClientOptions<Context>) => Promise<void>,
  reconnects: (error: unknown) => boolean,
): ClientLink<Context> {
  return {
    async call(path, input, options) {
      const follow = followers.get(path.join('.'))
      if (!follow) return link.call(path, input, options)
      const subscribe = (cursor: number) =>
        link.call(path, { ...(input as object), after: cursor }, options) as Promise<AsyncIterator<unknown>>
      const start = (input as { after: number }).after
      // The first subscription is made now, so that a refused call rejects rather than a first `next()`.
      const first = await subscribe(start).catch((error: unknown) => {
        if (options.signal?.aborted || !reconnects(error)) throw error
        return null
      })
      return followAll(first, start, { subscribe, wait, reconnects, follow, options })
    },
  }
}

interface Follow {
  /** Where to go on after this message. */
  readonly cursor: (message: unknown, before: number) => number
  readonly complete: (message: unknown) => boolean
}

const followers: ReadonlyMap<string, Follow> = new Map<string, Follow>([
  [
    'runs.watch',
    {
      cursor: (message, before) => (message as WatchBatch).events.at(-1)?.n ?? before,
      complete: (message) => !(message as WatchBatch).live,
    },
  ],
  [
    'runs.log',
    {
      cursor: (message) => (message as LogChunk).next,
      complete: (message) => (message as LogChunk).end,
    },
  ],
])

interface FollowOptions<Context extends ClientContext> {
  readonly subscribe: (cursor: number) => Promise<AsyncIterator<unknown>>
  readonly wait: (milliseconds: number, options: ClientOptions<Context>) => Promise<void>
  readonly reconnects: (error: unknown) => boolean
  readonly follow: Follow
  readonly options: ClientOptions<Context>
}

async function* followAll<Context extends ClientContext>(
  first: AsyncIterator<unknown> | null,
  start: number,
  { subscribe, wait, reconnects, follow, options }: FollowOptions<Context>,
): AsyncGenerator<unknown> {
  let stream = first
  let cursor = start
  try {
    while (true) {
      let progressed = false
      try {
        stream ??= await subscribe(cursor)
        for (let step = await stream.next(); !step.done; step = await stream.next()) {
          const next = follow.cursor(step.value, cursor)
          progressed ||= next > cursor
          cursor = next
          const complete = follow.complete(step.value)
          yield step.value
          if (complete) return
        }
      } catch (error) {
        if (options.signal?.aborted || !reconnects(error)) throw error
      }
      stream = null
      if (options.signal?.aborted) return
      if (!progressed) await wait(PAUSE_MILLISECONDS, options)
    }
  } finally {
    await stream?.return?.()
  }
}
