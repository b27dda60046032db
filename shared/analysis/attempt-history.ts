import { instanceLabel, type JournalEvent } from '../journal/event.ts'
import type { Task } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import { interruptionsOf } from './realized-path.ts'

/** What the attempts of a task took, newest run first: from the start's decision to the end, a slot being held. */
export interface TaskAttempts {
  readonly succeeded: readonly Micros[]
  /** Failed or timed out. */
  readonly failed: readonly Micros[]
  /** First attempts, second ones, and so on: how many there were, and how many failed. */
  readonly byAttempt: readonly { readonly made: number; readonly failed: number }[]
}

interface Collected {
  readonly succeeded: Micros[]
  readonly failed: Micros[]
  readonly byAttempt: { made: number; failed: number }[]
}

/** By today's task ids. */
export type AttemptHistory = ReadonlyMap<string, TaskAttempts>

/**
 * What single attempts took in past runs, for simulations: every instance of a mapped task counts. Attempts that were
 * stopped or lost, or during which the machine slept or no engine ran, say nothing and are left out. Takes the tasks (an
 * earlier id of one is its `aliases`) and the journals, newest first.
 */
export function attemptHistory(
  tasks: readonly Task[],
  runs: readonly (readonly JournalEvent[])[],
): Map<string, TaskAttempts> {
  const today = new Map(tasks.flatMap((task) => task.aliases.map((alias) => [alias, task.id] as const)))
  for (const { id } of tasks) today.set(id, id)
  const found = new Map<string, Collected>()
  for (const events of runs) {
    const interruptions = interruptionsOf(events)
    const starts = new Map<string, Micros>()
    for (const event of events) {
      if (event.type === 'starting') starts.set(instanceLabel(event.task, event.index), event.t)
      if (event.type !== 'finished') continue
      const id = today.get(event.task)
      const start = starts.get(instanceLabel(event.task, event.index))
      const counts = event.outcome === 'success' || event.outcome === 'failed' || event.outcome === 'timed_out'
      if (id === undefined || start === undefined || !counts) continue
      if (interruptions.some(({ from, to }) => from < event.t && to > start)) continue
      const attempts = found.get(id) ?? { succeeded: [], failed: [], byAttempt: [] }
      found.set(id, attempts)
      const well = event.outcome === 'success'
      attempts[well ? 'succeeded' : 'failed'].push(event.t - start)
      while (attempts.byAttempt.length < event.attempt) attempts.byAttempt.push({ made: 0, failed: 0 })
      const same = attempts.byAttempt[event.attempt - 1]
      if (same === undefined) continue
      same.made++
      if (!well) same.failed++
    }
  }
  return found
}
