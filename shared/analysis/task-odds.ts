import type { Task } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import type { AttemptHistory, TaskAttempts } from './attempt-history.ts'
import { DEFAULT_DURATION, type ExpectedDuration } from './basis.ts'
import type { DurationDistribution } from './duration-distribution.ts'
import { percentile } from './percentile.ts'

/** What single attempts of a task may do, as plain data. */
export interface TaskOdds {
  readonly duration: DurationDistribution
  /** `default`: a guess, to be marked as one wherever it shows. */
  readonly source: ExpectedDuration['source']
  /**
   * Chance to fail, 0 to 1, of the first attempt, the second, and so on; the last one counts for all after it. A retry is
   * no second throw of the same dice: what fails once often succeeds then, and what fails twice often never does.
   */
  readonly failureRates: readonly number[]
  readonly failedDuration: DurationDistribution
}

export interface OddsOptions {
  /** `estimate`: history is not looked at for durations. Default: history, else estimate, else a marked default. */
  readonly durations?: 'history' | 'estimate'
  /** `off`: every attempt succeeds. */
  readonly failures?: 'historical' | 'off'
}

/** By task id, in file order. A task that only ever failed keeps its failures' durations apart from its own. */
export function taskOdds(
  tasks: readonly Task[],
  history: AttemptHistory,
  { durations = 'history', failures = 'historical' }: OddsOptions = {},
): Map<string, TaskOdds> {
  return new Map(
    tasks.map((task) => {
      const { succeeded = [], failed = [], byAttempt = [] } = history.get(task.id) ?? {}
      const [duration, source] = durationOf(task, durations === 'history' ? succeeded : [])
      return [
        task.id,
        {
          duration,
          source,
          failureRates: failures === 'off' || failed.length === 0 ? NEVER : ratesOf(byAttempt),
          failedDuration: failed.length > 0 ? { type: 'history', values: failed } : duration,
        },
      ]
    }),
  )
}

const NEVER = [0]

/** Of attempts that were never made: as of those before them. */
function ratesOf(byAttempt: TaskAttempts['byAttempt']): number[] {
  const rates: number[] = []
  for (const { made, failed } of byAttempt) rates.push(made === 0 ? (rates.at(-1) ?? 0) : failed / made)
  return rates
}

function durationOf(task: Task, past: readonly Micros[]): readonly [DurationDistribution, TaskOdds['source']] {
  if (past.length > 0) return [{ type: 'history', values: past }, 'history']
  const { estimate } = task
  if (estimate === null) return [{ type: 'fixed', value: task.kind === 'noop' ? 0 : DEFAULT_DURATION }, 'default']
  if (estimate.min === estimate.max) return [{ type: 'fixed', value: estimate.likely }, 'estimate']
  return [{ type: 'pert', ...estimate }, 'estimate']
}

/** One attempt's typical time, whole microseconds: the median of what was measured, the mean of an estimate. */
export function typicalDuration(distribution: DurationDistribution): Micros {
  if (distribution.type === 'fixed') return distribution.value
  if (distribution.type === 'history') return Math.round(percentile(distribution.values, 0.5) ?? 0)
  return Math.round((distribution.min + 4 * distribution.likely + distribution.max) / 6)
}
