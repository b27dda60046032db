import type { PipelineAnalysis } from './summary.ts'

/** Of the makespan: a task with so little float is nearly as urgent as a critical one. */
export const NEAR_CRITICAL_SHARE = 0.1

/**
 * Tasks that are not critical, but whose total float is at most `share` (0 to 1) of the makespan; least float first, ties in
 * file order.
 */
export function nearCriticalTasks(analysis: PipelineAnalysis, share: number = NEAR_CRITICAL_SHARE): readonly string[] {
  const most = analysis.makespan * share
  return Object.entries(analysis.tasks)
    .filter(([, task]) => !task.critical && task.totalFloat <= most)
    .sort(([, one], [, other]) => one.totalFloat - other.totalFloat)
    .map(([id]) => id)
}
