import { instanceLabel, type JournalEvent } from '../journal/event.ts'
import type { Pipeline } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import type { SimulationOptions } from './simulation-core.ts'

type Timeouts = Pick<SimulationOptions, 'timeout' | 'limits'>

/** The longest that a run of the pipeline, and an attempt of each of its tasks, may take. */
export function timeoutsOf({ tasks, timeout }: Pipeline): Timeouts {
  const limits = Float64Array.from(tasks, (task) => task.timeout ?? Infinity)
  return timeout === null ? { limits } : { timeout, limits }
}

/**
 * Of a run as it was: what it took was allowed, though it be more than the timeouts. Recorded attempts hold the time it
 * took to start and to stop them, and an ended run that a person opened again had its time anew.
 */
export function timeoutsOfRun(pipeline: Pipeline, events: readonly JournalEvent[]): Timeouts {
  const { timeout } = pipeline
  const longest = longestAttempts(events)
  const limits = Float64Array.from(pipeline.tasks, (task) =>
    Math.max(task.timeout ?? Infinity, longest.get(task.id) ?? 0),
  )
  if (timeout === null) return { limits }
  const cut = events.find((event) => event.type === 'cancel' && event.timeout !== undefined)
  return { timeout: cut?.t ?? Math.max(timeout, events.at(-1)?.t ?? 0), limits }
}

/** By task id, from a start's decision to the attempt's own end. What was stopped or lost says nothing. */
function longestAttempts(events: readonly JournalEvent[]): ReadonlyMap<string, Micros> {
  const starts = new Map<string, Micros>()
  const longest = new Map<string, Micros>()
  for (const event of events) {
    if (event.type === 'starting') starts.set(instanceLabel(event.task, event.index), event.t)
    if (event.type !== 'finished' || event.outcome === 'cancelled' || event.outcome === 'lost') continue
    const taken = event.t - (starts.get(instanceLabel(event.task, event.index)) ?? event.t)
    longest.set(event.task, Math.max(taken, longest.get(event.task) ?? 0))
  }
  return longest
}
