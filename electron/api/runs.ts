import { inTurns } from '#electron/turns/turns.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { packSteps } from '#shared/contract/columns.ts'
import type { LogChunk, RunSummary } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { LOG_WINDOW_BYTES, WATCH_BATCH_EVENTS, WATCH_WINDOW_EVENTS } from '#shared/contract/watching.ts'
import type { Caller } from './caller.ts'
import type { Implementer } from './implementer.ts'
import { isGoingAway } from './owner.ts'
import type { HostPorts } from './ports.ts'
import type { EventBatch, RunFeed } from './run-feed.ts'
import { markRun } from './run-mark.ts'
import { planRun } from './run-plan.ts'
import { changesOf, codeOf } from './run-record.ts'
import { resumeRun } from './run-resume.ts'
import { startRun } from './run-start.ts'
import type { WorkspaceSession } from './session.ts'
import type { Sessions } from './sessions.ts'
import { abortableStream } from './stream.ts'

/**
 * Everything about runs. Where another process owns the workspace, the call goes on to it: it knows what is live. Reads
 * that it cannot answer any more are answered from the disk.
 */
export function runProcedures(api: Implementer, sessions: Sessions, ports: HostPorts) {
  const { runs } = api
  return {
    start: runs.start.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      return startRun(session, ports, input, context)
    }),
    plan: runs.plan.handler(async ({ input }) => planRun(await sessions.get(input.workspace), ports, input)),
    cancel: runs.cancel.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      const handle = await session.openedHandle(input.run)
      if (handle) {
        handle.cancel(input.kill)
        return {}
      }
      return session.owner.read(
        context,
        (owner) => owner.runs.cancel(input),
        async () => {
          const { state } = await session.store.runs.summary(input.run, false)
          throw notLive(input.run, state)
        },
      )
    }),
    resume: runs.resume.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      return resumeRun(session, ports, input, context)
    }),
    mark: runs.mark.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      const { run, task, index, as } = input
      const mark = { task, index, as, downstream: true }
      await markRun(session, ports, run, mark, context, (owner) => owner.runs.mark(input))
      return {}
    }),
    clear: runs.clear.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      const { run, task, index, downstream } = input
      const mark = { task, index, as: 'cleared' as const, downstream }
      await markRun(session, ports, run, mark, context, (owner) => owner.runs.clear(input))
      return {}
    }),
    list: runs.list.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      const { pipeline, limit } = input
      return session.owner.read(
        context,
        (owner) => owner.runs.list(input),
        async () => [...(await session.listRuns({ pipeline, limit }))],
      )
    }),
    get: runs.get.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      return session.owner.read(
        context,
        (owner) => owner.runs.get(input),
        async () => {
          const events = [...(await session.store.runs.read(input.run)).events]
          // To pack tens of thousands while they are sent would stop everybody else.
          await inTurns(packSteps(events))
          return { summary: await summaryOf(session, input.run), events }
        },
      )
    }),
    frozen: runs.frozen.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      return session.owner.read(
        context,
        (owner) => owner.runs.frozen(input),
        () => session.store.runs.frozen(input.run),
      )
    }),
    watch: runs.watch.handler(async ({ input, context, signal }) => {
      const session = await sessions.get(input.workspace)
      return watchRun(session, context, input, signal)
    }),
    log: runs.log.handler(async ({ input, context, signal }) => {
      const session = await sessions.get(input.workspace)
      return followLog(session, context, input, signal)
    }),
    delete: runs.delete.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      if (session.feed(input.run)) throw stillLive(input.run)
      return session.owner.read(
        context,
        (owner) => owner.runs.delete(input),
        async () => {
          await session.store.runs.delete(input.run)
          session.changes.publish({ type: 'runDeleted', run: input.run })
          return {}
        },
      )
    }),
    changes: runs.changes.handler(async ({ input }) => changesOf(await sessions.get(input.workspace), input.run)),
    code: runs.code.handler(async ({ input }) =>
      codeOf(await sessions.get(input.workspace), input.run, input.task, input.index),
    ),
  }
}

async function summaryOf(session: WorkspaceSession, run: string): Promise<RunSummary> {
  return session.feed(run)?.summary() ?? session.store.runs.summary(run, false)
}

interface WatchInput {
  readonly workspace: string
  readonly run: string
  readonly after: number
}

async function watchRun(
  session: WorkspaceSession,
  caller: Caller,
  input: WatchInput,
  signal: AbortSignal | undefined,
): Promise<AsyncIteratorObject<EventBatch>> {
  const feed = session.feed(input.run)
  if (feed) return feed.watch(input.after, signal)
  const remote = await session.owner.remote(caller)
  if (remote) {
    return abortableStream(signal, (ended) =>
      passOn(
        () => remote.runs.watch(input, { signal: ended }),
        WATCH_WINDOW_EVENTS,
        ({ events }) => events.length,
      ),
    )
  }
  const { events } = await session.store.runs.read(input.run)
  return abortableStream(signal, (ended) =>
    storedBatches(
      events.filter((event) => event.n > input.after),
      ended,
    ),
  )
}

async function* storedBatches(events: EventBatch['events'], signal: AbortSignal): AsyncGenerator<EventBatch> {
  const window = events.slice(0, WATCH_WINDOW_EVENTS)
  for (let start = 0; start < window.length; start += WATCH_BATCH_EVENTS) {
    if (signal.aborted) return
    const end = start + WATCH_BATCH_EVENTS
    yield { events: window.slice(start, end), live: end < events.length }
  }
  if (events.length === 0) yield { events: [], live: false }
}

/**
 * The owner's stream, up to a window: whoever watches then asks again. Where the owner goes away it just ends too, and
 * what is asked next is answered from the disk.
 */
async function* passOn<T>(
  subscribe: () => Promise<AsyncIterable<T>>,
  window: number,
  costOf: (message: T) => number,
): AsyncGenerator<T> {
  let budget = window
  try {
    for await (const message of await subscribe()) {
      yield message
      budget -= costOf(message)
      if (budget <= 0) return
    }
  } catch (error) {
    if (!isGoingAway(error)) throw error
  }
}

type LogInput = Parameters<ContractClient['runs']['log']>[0]

const LOG_CHUNK_BYTES = 256 * 1024
/** How often a log that is being written is looked at. */
const LOG_POLL_MILLISECONDS = 150

async function followLog(
  session: WorkspaceSession,
  caller: Caller,
  input: LogInput,
  signal: AbortSignal | undefined,
): Promise<AsyncIteratorObject<LogChunk>> {
  const feed = session.feed(input.run)
  if (!feed) {
    const remote = await session.owner.remote(caller)
    if (remote) {
      const costOf = ({ lines }: LogChunk) => lines.reduce((sum, line) => sum + line.text.length, 0)
      return abortableStream(signal, (ended) =>
        passOn(() => remote.runs.log(input, { signal: ended }), LOG_WINDOW_BYTES, costOf),
      )
    }
    await session.store.runs.summary(input.run, false)
  }
  return abortableStream(signal, (ended) => logChunks(session, feed, input, ended))
}

async function* logChunks(
  session: WorkspaceSession,
  feed: RunFeed | undefined,
  input: LogInput,
  signal: AbortSignal,
): AsyncGenerator<LogChunk> {
  const { run, task, index, attempt, follow } = input
  let { after } = input
  let budget = LOG_WINDOW_BYTES
  while (!signal.aborted && budget > 0) {
    const ended = isAttemptOver(feed, task, index, attempt)
    const chunk = await session.store.runs.log(run, { task, index, attempt }, after, LOG_CHUNK_BYTES, ended)
    const progressed = chunk.next > after
    budget -= chunk.next - after
    after = chunk.next
    // Without `follow` the stream is over once nothing whole is left, though the attempt may go on.
    const end = chunk.end || (!follow && !progressed)
    if (progressed || end || chunk.lines.length > 0) yield { ...chunk, end }
    if (end) return
    // It grows without an event of the run, and most events of the run are not about it.
    if (!progressed) await feed?.rest(signal, LOG_POLL_MILLISECONDS)
  }
}

function isAttemptOver(feed: RunFeed | undefined, task: string, index: number | null, attempt: number): boolean {
  if (!feed || feed.ended) return true
  const state = feed.attemptState(task, index, attempt)
  return state !== 'running' && state !== 'unknown'
}

function notLive(run: string, state: string): AppError {
  return new AppError({
    code: 'RUN_NOT_LIVE',
    message: `The run is not running any more; its state is "${state}".`,
    where: run,
    next: state === 'interrupted' ? 'Go on with it by resuming it, or start a new run.' : 'Start a new run.',
    details: { state },
  })
}

function stillLive(run: string): AppError {
  return new AppError({
    code: 'RUN_ALREADY_LIVE',
    message: 'The run is still running.',
    where: run,
    next: 'Cancel it first.',
  })
}
