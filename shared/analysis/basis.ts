import type { Estimate, Task } from '../model/pipeline.ts'
import { type Micros, SECOND } from '../model/time.ts'
import { percentile } from './percentile.ts'

/** What the duration of a task is taken from. `runs`: how many of its latest executed successes count. */
export type DurationBasis =
  | { readonly type: 'estimate' }
  | { readonly type: 'last' }
  | { readonly type: 'median'; readonly runs: number }
  | { readonly type: 'p95'; readonly runs: number }

export const DEFAULT_BASIS: DurationBasis = { type: 'median', runs: 20 }

/** Of a task that was never run and has no estimate. A noop takes no time. */
export const DEFAULT_DURATION: Micros = SECOND

export interface ExpectedDuration {
  /** Whole microseconds. */
  readonly value: Micros
  /** `default`: a guess, to be marked as one wherever it shows. */
  readonly source: 'history' | 'estimate' | 'default'
}

/** Durations of the executed successes of each task, newest first. Zero is a valid duration. */
export type DurationHistory = ReadonlyMap<string, readonly Micros[]>

/**
 * What each task is expected to take, in file order. A task without history falls back to its estimate, then to the
 * default; by the basis `estimate` history is never looked at.
 */
export function expectedDurations(
  tasks: readonly Task[],
  history: DurationHistory,
  basis: DurationBasis = DEFAULT_BASIS,
): ReadonlyMap<string, ExpectedDuration> {
  return new Map(tasks.map((task) => [task.id, expectedDuration(task, history.get(task.id) ?? [], basis)]))
}

function expectedDuration(task: Task, past: readonly Micros[], basis: DurationBasis): ExpectedDuration {
  const measured = fromHistory(past, basis)
  if (measured !== undefined) return { value: Math.round(measured), source: 'history' }
  if (task.estimate !== null) return { value: estimateMean(task.estimate), source: 'estimate' }
  return { value: task.kind === 'noop' ? 0 : DEFAULT_DURATION, source: 'default' }
}

function fromHistory(past: readonly Micros[], basis: DurationBasis): number | undefined {
  switch (basis.type) {
    case 'estimate':
      return undefined
    case 'last':
      return past[0]
    case 'median':
      return percentile(past.slice(0, basis.runs), 0.5)
    case 'p95':
      return percentile(past.slice(0, basis.runs), 0.95)
  }
}

/** The mean of the PERT distribution, (min + 4 × likely + max) / 6, in whole microseconds. */
export function estimateMean(estimate: Estimate): Micros {
  return Math.round((estimate.min + 4 * estimate.likely + estimate.max) / 6)
}
