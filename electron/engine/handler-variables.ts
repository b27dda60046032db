import { Handler, type Plan } from '#shared/scheduler/plan.ts'
import { outcomeOf } from '#shared/scheduler/run.ts'
import { type SchedulerState, stateOf } from '#shared/scheduler/state.ts'

/** What a handler of the run's end is told about it in its environment; other tasks are told nothing. */
export function handlerVariables(plan: Plan, state: SchedulerState, task: number): Readonly<Record<string, string>> {
  if (plan.handler[task] === Handler.none) return {}
  const failed = plan.ids.filter((_, number) => stateOf(state, number) === 'failed')
  return { DAGWRIGHT_RUN_STATE: outcomeOf(plan, state).state, DAGWRIGHT_FAILED_TASKS: failed.join(' ') }
}
