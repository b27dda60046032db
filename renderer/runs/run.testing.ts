import type { InstanceState, JournalBody } from '#shared/journal/event.ts'
import { foldRun } from '#shared/journal/fold.ts'
import { headerFor } from '#shared/journal/journal.testing.ts'
import type { RunView } from '#shared/journal/run-view.ts'

/** Runs for tests, folded from the journal they would have written. */
export type Timed = readonly [t: number, body: JournalBody]

export function runOf(tasks: readonly string[], ...bodies: readonly Timed[]): RunView {
  const events = [[0, headerFor(tasks)] as const, ...bodies].map(([t, body], n) => ({ n, t, ...body }))
  const view = foldRun(events)
  if (view === null) throw new Error('There is no header.')
  return view
}

export function starting(
  task: string,
  index: number | null,
  attempt: number,
  readyAt: number,
  retry = false,
): JournalBody {
  return { type: 'starting', task, index, attempt, readyAt, cause: { type: retry ? 'retry' : 'begin' } }
}

export function finished(
  task: string,
  index: number | null,
  attempt: number,
  outcome: 'success' | 'failed',
): JournalBody {
  return {
    type: 'finished',
    task,
    index,
    attempt,
    outcome,
    exitCode: outcome === 'success' ? 0 : 1,
    signal: null,
    peakMemory: null,
    cpu: null,
    outputs: null,
    reason: outcome === 'success' ? null : { code: 'exit_code', message: `\`${task}\` ended with exit code 1` },
  }
}

export function settled(
  task: string,
  index: number | null,
  state: Extract<InstanceState, 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'cancelled'>,
): JournalBody {
  return { type: 'settled', task, index, state, origin: 'executed', reason: null }
}

/** One attempt from start to a final state. */
export function whole(
  task: string,
  index: number | null,
  from: number,
  to: number,
  state: 'success' | 'failed',
): Timed[] {
  return [
    [from, starting(task, index, 1, from)],
    [to, finished(task, index, 1, state)],
    [to, settled(task, index, state)],
  ]
}
