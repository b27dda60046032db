import type { Task } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import { type ChangePoint, changePoints, FEWEST_FOR_CHANGE } from './change-point.ts'
import { percentile } from './percentile.ts'
import { isExecutedSuccess, type RunFacts, type TaskFacts } from './run-facts.ts'

/** Over how many runs a success rate looks back. */
export const RATE_WINDOW = 20

export interface DurationStatistics {
  readonly count: number
  readonly median: Micros
  readonly p95: Micros
  readonly p99: Micros
  readonly least: Micros
  readonly most: Micros
}

/** Of the judged runs: those that ended in success or failure, not by a person or a crash. */
export interface SuccessRate {
  readonly succeeded: number
  readonly judged: number
}

/** A change of level, tied to the run it began with. */
export interface HistoryChange extends Omit<ChangePoint, 'at'> {
  readonly run: string
  /** ISO 8601: when that run started. */
  readonly since: string
}

export interface RunPoint extends Omit<RunFacts, 'tasks'> {
  /** Success rate over this run and the ones before it; null where none of them is judged. */
  readonly rate: SuccessRate | null
}

/** A pipeline over its runs. Times come from whole, executed successes only. */
export interface PipelineHistory {
  /** Newest first. */
  readonly runs: readonly RunPoint[]
  readonly makespan: DurationStatistics | null
  readonly rate: SuccessRate | null
  /** Oldest first. */
  readonly changes: readonly HistoryChange[]
  /** A sentence where there is little or nothing to tell from; null where there is enough. */
  readonly note: string | null
}

export interface TaskPoint extends Omit<TaskFacts, 'task'> {
  readonly run: string
  readonly startedAt: string
  readonly rate: SuccessRate | null
}

/** A task over the runs it had a part in. Times come from its executed successes only. */
export interface TaskHistory extends TaskSummary {
  /** Newest first. */
  readonly points: readonly TaskPoint[]
  /** Oldest first. */
  readonly changes: readonly HistoryChange[]
  readonly note: string | null
}

export interface TaskSummary {
  readonly task: string
  /** Runs it had a part in. */
  readonly runs: number
  readonly duration: DurationStatistics | null
  readonly work: DurationStatistics | null
  readonly queued: DurationStatistics | null
  readonly rate: SuccessRate | null
  /** Mean attempts of the runs in which it ran; null where it never did. */
  readonly attempts: number | null
  /** Median, of the executed successes that report them. */
  readonly rows: number | null
  readonly bytes: number | null
  readonly cpu: Micros | null
  /** Highest of all runs. */
  readonly peakMemory: number | null
  /** The latest change of its duration. */
  readonly change: HistoryChange | null
}

/** Takes the facts of runs, newest first. */
export function pipelineHistory(runs: readonly RunFacts[]): PipelineHistory {
  const timed = runs.filter((run) => run.whole && run.state !== 'failed' && run.makespan !== null)
  const makespans = timed.map((run) => run.makespan!)
  const rates = rollingRates(runs.map(runVerdict))
  return {
    runs: runs.map(({ tasks: _tasks, ...run }, index) => ({ ...run, rate: rates[index]! })),
    makespan: durationStatistics(makespans),
    rate: rates[0] ?? null,
    changes: changesOf(timed, makespans),
    note: noteOf(runs.length, runs.filter((run) => run.state === 'failed').length, makespans.length, 'run'),
  }
}

/** Takes what one task did in each run it had a part in, newest first. */
export function taskHistory(task: string, entries: readonly TaskEntry[]): TaskHistory {
  const executed = entries.filter(({ facts }) => isExecutedSuccess(facts) && facts.duration !== null)
  const timed = executed.map(({ run }) => run)
  const durations = executed.map(({ facts }) => facts.duration!)
  const rates = rollingRates(entries.map(({ facts }) => taskVerdict(facts)))
  const changes = changesOf(timed, durations)
  const ran = entries.filter(({ facts }) => facts.attempts > 0)
  const peaks = entries.flatMap(({ facts }) => facts.peakMemory ?? [])
  const median = (amountOf: (facts: TaskFacts) => number | null) =>
    percentile(
      executed.flatMap(({ facts }) => amountOf(facts) ?? []),
      0.5,
    ) ?? null
  return {
    task,
    runs: entries.length,
    duration: durationStatistics(durations),
    work: durationStatistics(executed.flatMap(({ facts }) => facts.work ?? [])),
    queued: durationStatistics(executed.map(({ facts }) => facts.queued)),
    rate: rates[0] ?? null,
    attempts: ran.length === 0 ? null : ran.reduce((sum, { facts }) => sum + facts.attempts, 0) / ran.length,
    rows: median((facts) => facts.rows),
    bytes: median((facts) => facts.bytes),
    cpu: median((facts) => facts.cpu),
    peakMemory: peaks.length === 0 ? null : Math.max(...peaks),
    change: changes.at(-1) ?? null,
    changes,
    points: entries.map(({ run, facts: { task: _task, ...facts } }, index) => ({
      ...facts,
      run: run.run,
      startedAt: run.startedAt,
      rate: rates[index]!,
    })),
    note: noteOf(
      entries.length,
      entries.filter(({ facts }) => taskVerdict(facts) === false).length,
      durations.length,
      'task',
    ),
  }
}

export interface TaskEntry {
  readonly run: Pick<RunFacts, 'run' | 'startedAt'>
  readonly facts: TaskFacts
}

/**
 * What each task did, by today's ids, in the order in which tasks are first met; runs keep their order. `aliases`: earlier
 * ids of a task, by today's. `found`: where to add to, for hosts that take many runs in portions.
 */
export function entriesByTask(
  runs: readonly RunFacts[],
  aliases: ReadonlyMap<string, readonly string[]> = new Map(),
  found: Map<string, TaskEntry[]> = new Map(),
): Map<string, TaskEntry[]> {
  const idOf = todaysId(aliases)
  for (const run of runs) {
    for (const facts of run.tasks) {
      const id = idOf(facts.task)
      const entries = found.get(id)
      if (entries) entries.push({ run, facts })
      else found.set(id, [{ run, facts }])
    }
  }
  return found
}

/** What the task of an earlier run is called today. */
export function todaysId(aliases: ReadonlyMap<string, readonly string[]>): (task: string) => string {
  const today = new Map<string, string>()
  for (const [id, earlier] of aliases) for (const alias of earlier) today.set(alias, id)
  return (task) => (aliases.has(task) ? task : (today.get(task) ?? task))
}

/** Earlier ids by today's, of the tasks that have some which no task has now. */
export function earlierIds(tasks: readonly Pick<Task, 'id' | 'aliases'>[]): ReadonlyMap<string, readonly string[]> {
  const renamed = tasks.filter(({ aliases }) => aliases.length > 0)
  if (renamed.length === 0) return new Map()
  const ids = new Set(tasks.map(({ id }) => id))
  return new Map(renamed.map(({ id, aliases }) => [id, aliases.filter((alias) => !ids.has(alias))]))
}

export function summaryOfTask({ points: _p, changes: _c, note: _n, ...summary }: TaskHistory): TaskSummary {
  return summary
}

/** null: not judged. A partial run failed only in tasks that need not succeed. */
function runVerdict(run: RunFacts): boolean | null {
  if (run.state === 'success' || run.state === 'partial') return true
  return run.state === 'failed' ? false : null
}

function taskVerdict(facts: TaskFacts): boolean | null {
  if (isExecutedSuccess(facts)) return true
  return facts.state === 'failed' ? false : null
}

/** For each position (newest first) the rate over it and the older ones, as far as the window reaches. */
function rollingRates(verdicts: readonly (boolean | null)[]): (SuccessRate | null)[] {
  return verdicts.map((_, index) => {
    const judged = verdicts.slice(index, index + RATE_WINDOW).filter((verdict) => verdict !== null)
    return judged.length === 0 ? null : { succeeded: judged.filter(Boolean).length, judged: judged.length }
  })
}

function durationStatistics(values: readonly Micros[]): DurationStatistics | null {
  const at = (fraction: number) => Math.round(percentile(values, fraction) ?? 0)
  if (values.length === 0) return null
  return { count: values.length, median: at(0.5), p95: at(0.95), p99: at(0.99), least: at(0), most: at(1) }
}

/** Runs and their values are newest first. */
function changesOf(runs: readonly Pick<RunFacts, 'run' | 'startedAt'>[], values: readonly Micros[]): HistoryChange[] {
  const last = values.length - 1
  return changePoints(values.toReversed()).map(({ at, ...change }) => {
    const { run, startedAt } = runs[last - at]!
    return { ...change, run, since: startedAt }
  })
}

function noteOf(runs: number, failed: number, successes: number, subject: 'run' | 'task'): string | null {
  const times = runs === 1 ? 'once' : `${runs} times`
  if (runs === 0) return subject === 'run' ? 'No run yet: run it to see its history.' : 'It had no part in a run yet.'
  if (successes === 0 && failed === runs) {
    return `It ran ${times} and failed each time: durations come from successes only.`
  }
  if (successes === 0) return `It ran ${times}, none of them a whole success of its own: there are no durations yet.`
  if (successes < FEWEST_FOR_CHANGE) {
    const found = successes === 1 ? 'One success' : `${successes} successes`
    return `${found} so far: percentiles say little, and changes show from ${FEWEST_FOR_CHANGE} on.`
  }
  return null
}
