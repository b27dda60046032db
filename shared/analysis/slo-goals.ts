import { isTimezone, nextTimeOfDay } from '../expression/cron.ts'
import type { Pipeline, Slo } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import { durationText } from './duration-text.ts'
import type { Goal } from './monte-carlo.ts'
import type { MonteCarloResult } from './monte-carlo-result.ts'
import { type ChancesToMeet, sloKey } from './slo.ts'

/** What a simulated run has to keep, with the key of the objective it is (see sloKey). */
export interface SloGoal {
  readonly key: string
  readonly goal: Goal
  readonly kind: 'duration' | 'successRate' | 'finishBy'
  /** "within 5 m (p95)", "succeeds", "done by 07:00 Europe/Berlin". */
  readonly promise: string
}

/**
 * The objectives of a pipeline and its tasks as goals of the run that is about `logicalDate` and starts at `startedAt`,
 * both in milliseconds since 1970. A run that starts after its finish-by time cannot keep it.
 */
export function sloGoals(pipeline: Pipeline, logicalDate: number, startedAt: number): readonly SloGoal[] {
  const owners = [{ id: null, slo: pipeline.slo }, ...pipeline.tasks]
  return owners.flatMap(({ id, slo }) => (slo === null ? [] : goalsOf(id, slo, logicalDate, startedAt)))
}

const ANY_TIME: Micros = Number.MAX_SAFE_INTEGER

function goalsOf(task: string | null, slo: Slo, logicalDate: number, startedAt: number): SloGoal[] {
  const goals: SloGoal[] = [...slo.duration].map(([name, within]) => ({
    key: sloKey(task, 'duration', Number(name.slice(1)) / 100),
    goal: { task, of: 'duration', within },
    kind: 'duration',
    promise: `within ${durationText(within)} (${name})`,
  }))
  if (slo.successRate !== null) {
    goals.push({
      key: sloKey(task, 'successRate', slo.successRate),
      goal: { task, of: 'end', within: ANY_TIME },
      kind: 'successRate',
      promise: 'succeeds',
    })
  }
  if (slo.finishBy !== null && isTimezone(slo.finishBy.timezone)) {
    const deadline = nextTimeOfDay(slo.finishBy.at, slo.finishBy.timezone, logicalDate)
    goals.push({
      key: sloKey(task, 'finishBy', 1),
      goal: { task, of: 'end', within: (deadline - startedAt) * 1000 },
      kind: 'finishBy',
      promise: `done by ${slo.finishBy.at} ${slo.finishBy.timezone}`,
    })
  }
  return goals
}

/** For sloReport: the chance that the next run keeps each objective. `goals`: those the result was drawn with, in order. */
export function chancesToMeet(goals: readonly SloGoal[], result: MonteCarloResult): ChancesToMeet {
  return new Map(goals.map(({ key }, number) => [key, result.goals[number]?.chance ?? 0]))
}
