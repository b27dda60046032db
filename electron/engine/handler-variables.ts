import { instancesOf } from '#shared/scheduler/mark.ts'
import { Handler, type Plan } from '#shared/scheduler/plan.ts'
import { outcomeOf } from '#shared/scheduler/run.ts'
import { type SchedulerState, Status, stateOf } from '#shared/scheduler/state.ts'

/** What a handler of the run's end is told about it in its environment; other tasks are told nothing. */
export function handlerVariables(plan: Plan, state: SchedulerState, task: number): Readonly<Record<string, string>> {
  if (plan.handler[task] === Handler.none) return {}
  const failed = plan.ids.filter((_, number) => stateOf(state, number) === 'failed' || wasCutOff(state, number))
  return { DAGWRIGHT_RUN_STATE: outcomeOf(plan, state).state, DAGWRIGHT_FAILED_TASKS: failed.join(' ') }
}

/** It had begun when the run's own timeout ended it; one that only waited has not failed. */
function wasCutOff(state: SchedulerState, task: number): boolean {
  const hadBegun = (node: number) => state.status[node] === Status.cancelled && (state.attempt[node] as number) > 0
  return state.overrun >= 0 && instancesOf(state, task).some(hadBegun)
}
