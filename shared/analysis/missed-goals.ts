import { isFinal, type RunView, type TaskView } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'
import type { SloGoal } from './slo-goals.ts'

/** An objective that a run can no longer keep. */
export interface MissedGoal extends SloGoal {
  /** The task it is about; null: the run. */
  readonly task: string | null
  /** By how much it is over so far. */
  readonly over: Micros
}

/**
 * What a run has missed already, though it may still be running: durations that are longer than an objective, and times
 * to be done by that have passed. Success rates are not told by one run. `now`: the run's clock.
 */
export function missedGoals(goals: readonly SloGoal[], view: RunView, now: Micros): readonly MissedGoal[] {
  return goals.flatMap((goal) => {
    if (goal.kind === 'successRate') return []
    const { task, within } = goal.goal
    const taken = task === null ? runTime(view, now) : taskTime(view.tasks.get(task), goal.goal.of, now)
    return taken === null || taken <= within ? [] : [{ ...goal, task, over: taken - within }]
  })
}

function runTime(view: RunView, now: Micros): Micros {
  return view.endedAt === null ? now : (view.lastSettledAt ?? view.endedAt)
}

/** null where the task has not begun, or had no part in the run. */
function taskTime(task: TaskView | undefined, of: SloGoal['goal']['of'], now: Micros): Micros | null {
  if (task === undefined || task.state === 'skipped') return null
  let start = Number.POSITIVE_INFINITY
  let end = 0
  for (const { startedAt, endedAt } of task.instances) {
    if (startedAt !== null) start = Math.min(start, startedAt)
    end = Math.max(end, endedAt ?? 0)
  }
  const until = isFinal(task.state) ? end : now
  if (of === 'end') return until
  return start === Number.POSITIVE_INFINITY ? null : until - start
}
