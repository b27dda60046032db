import type { Estimate, Task } from '../model/pipeline.ts'
import { type Micros, SECOND } from '../model/time.ts'
import { percentile } from './percentile.ts'

/** What the duration of a task is taken from. `runs`: how many of its latest executed successes count. */
export type DurationBasis =
  | { readonly type: 'estimate' }
  | { readonly type: 'imported' }
  | { readonly type: 'last' }
  | { readonly type: 'median'; readonly runs: number }
  | { readonly type: 'p95'; readonly runs: number }

const DEFAULT_RUNS = 20
export const DEFAULT_BASIS: DurationBasis = { type: 'median', runs: DEFAULT_RUNS }

/** `estimate`, `imported`, `last`, `median`, `p95`, and `median:50` for the last 50 runs; null for anything else. */
export function parseBasis(text: string): DurationBasis | null {
  const [, type, count] = /^(estimate|imported|last|median|p95)(?::([1-9]\d{0,5}))?$/.exec(text) ?? []
  switch (type) {
    case 'median':
    case 'p95':
      return { type, runs: count === undefined ? DEFAULT_RUNS : Number(count) }
    case 'estimate':
    case 'imported':
    case 'last':
      return count === undefined ? { type } : null
    default:
      return null
  }
}

/** Of a task that was never run and has no estimate. A noop takes no time. */
export const DEFAULT_DURATION: Micros = SECOND

export interface ExpectedDuration {
  /** Whole microseconds. */
  readonly value: Micros
  /** `default`: a guess, to be marked as one wherever it shows. */
  readonly source: 'history' | 'imported' | 'estimate' | 'default'
}

/** Durations of the executed successes of each task, newest first. Zero is a valid duration. */
export type DurationHistory = ReadonlyMap<string, readonly Micros[]>

/** What another system recorded, by today's or an earlier id of the task (origin `imported`). */
export type ImportedDurations = ReadonlyMap<string, Micros>

/**
 * What each task is expected to take, in file order. A task without history falls back to its estimate, then to the
 * default; by the bases `estimate` and `imported` history is never looked at, and `imported` counts only when asked for.
 */
export function expectedDurations(
  tasks: readonly Task[],
  history: DurationHistory,
  basis: DurationBasis = DEFAULT_BASIS,
  imported: ImportedDurations = new Map(),
): ReadonlyMap<string, ExpectedDuration> {
  return new Map(tasks.map((task) => [task.id, expectedDuration(task, history.get(task.id) ?? [], basis, imported)]))
}

function expectedDuration(
  task: Task,
  past: readonly Micros[],
  basis: DurationBasis,
  imported: ImportedDurations,
): ExpectedDuration {
  if (basis.type === 'imported') {
    const id = [task.id, ...task.aliases].find((one) => imported.has(one))
    if (id !== undefined) return { value: imported.get(id)!, source: 'imported' }
  }
  const measured = fromHistory(past, basis)
  if (measured !== undefined) return { value: Math.round(measured), source: 'history' }
  if (task.estimate !== null) return { value: estimateMean(task.estimate), source: 'estimate' }
  return { value: task.kind === 'noop' ? 0 : DEFAULT_DURATION, source: 'default' }
}

function fromHistory(past: readonly Micros[], basis: DurationBasis): number | undefined {
  switch (basis.type) {
    case 'estimate':
    case 'imported':
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
