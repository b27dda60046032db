import type { Problem } from '../model/problem.ts'
import type { Micros } from '../model/time.ts'
import { runCost } from './cost.ts'
import { applyScenario, type Changed, type Scenario, scenarioProblems } from './scenario.ts'
import { SimulationCore } from './simulation-core.ts'
import { type PlanSource, simulated } from './simulation-source.ts'
import { SimulationTrace } from './simulation-trace.ts'
import { slotUseOf } from './slot-use.ts'

/** A scenario beside others, by one simulation in which every attempt takes its typical time. */
export type ComparedScenario =
  | {
      readonly ok: true
      readonly makespan: Micros
      /** To the pipeline as it is; negative is sooner. */
      readonly difference: Micros
      /** Slots held from start to end, paid for in whole intervals. */
      readonly slotHours: number
    }
  /** It can't be made: tasks or pools that are no more. */
  | { readonly ok: false; readonly problem: Problem }

/**
 * Each scenario against the pipeline as it is, in the order given. `interval`: how often slots can be added or given
 * back. Empty where the pipeline can't be simulated at all.
 */
export function compareScenarios(
  source: PlanSource,
  scenarios: readonly Scenario[],
  interval: Micros,
): readonly ComparedScenario[] {
  const prepared = simulated(source)
  if (!prepared.ok) return []
  const before = prepared.value
  const base = measured(before, interval)
  return scenarios.map((scenario): ComparedScenario => {
    const [problem] = scenarioProblems(before.plan, scenario)
    if (problem) return { ok: false, problem }
    const after = measured(applyScenario(before, scenario), interval)
    return { ok: true, ...after, difference: after.makespan - base.makespan }
  })
}

function measured({ plan, model, options }: Changed, interval: Micros) {
  const trace = new SimulationTrace()
  const core = new SimulationCore(plan, options, trace)
  trace.clear(core)
  const makespan = core.run(model)
  return { makespan, slotHours: runCost(slotUseOf(trace, makespan), plan.slots, interval).fixed }
}
