import type { RunFacts, TaskFacts } from './run-facts.ts'

/** Facts of runs made by hand, for tests: whole successes of a minute, one a day at 06:00, unless told. */
export function taskFacts(task: string, changes: Partial<TaskFacts> = {}): TaskFacts {
  const duration = changes.duration ?? 60_000_000
  return {
    task,
    state: 'success',
    origin: changes.state === undefined || changes.state === 'success' ? 'executed' : null,
    work: duration,
    duration,
    queued: 0,
    attempts: 1,
    endedAt: null,
    rows: null,
    bytes: null,
    peakMemory: null,
    cpu: null,
    ...changes,
  }
}

/** `day`: 0 is 1 November 2026. Times of the wall clock follow from the makespan. */
export function runFacts(day: number, changes: Partial<RunFacts> = {}): RunFacts {
  const start = Date.UTC(2026, 10, 1 + day, 6)
  const makespan = changes.makespan === undefined ? 60_000_000 : changes.makespan
  const startedAt = new Date(start).toISOString()
  return {
    run: `r${day}`,
    state: 'success',
    startedAt,
    endedAt: new Date(start + (makespan ?? 0) / 1000).toISOString(),
    logicalDate: startedAt,
    makespan,
    whole: true,
    tasks: [],
    ...changes,
  }
}
