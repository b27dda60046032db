import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import { applyScenario, type Change, scenarioProblems } from './scenario.ts'
import { SimulationCore, type SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'
import { compare, startedTasks, type WhatIf } from './what-if.ts'

/** One change that might be worth making, and what it would bring. */
export interface Fix extends WhatIf {
  readonly change: Change
}

export interface FixOptions {
  readonly count?: number
  readonly simulation?: SimulationOptions
  /** The makespan to compare; default: of one simulation. See `meanMakespan` for one by Monte Carlo. */
  readonly measure?: (plan: Plan, model: SimulationModel, options: SimulationOptions) => Micros
}

/**
 * "What should I fix first": every single change among each started task 2 × faster, gone, in 2 or 4 parallel parts, one
 * slot more and one slot more in each pool, by falling gain (ties: in that order, tasks in file order). Gains may be 0
 * or negative; nothing is left out to look better.
 */
export function rankFixes(plan: Plan, model: SimulationModel, options: FixOptions = {}): readonly Fix[] {
  const { count = 10, simulation = {}, measure = makespanOf } = options
  const before = measure(plan, model, simulation)
  const fixes = candidates(plan, model, simulation).map((change): Fix => {
    const changed = applyScenario({ plan, model, options: simulation }, [change])
    return { change, ...compare(before, measure(changed.plan, changed.model, changed.options)) }
  })
  return fixes.sort((a, b) => b.gain - a.gain).slice(0, count)
}

function makespanOf(plan: Plan, model: SimulationModel, options: SimulationOptions): Micros {
  return new SimulationCore(plan, options).run(model)
}

function candidates(plan: Plan, model: SimulationModel, options: SimulationOptions): Change[] {
  const core = new SimulationCore(plan, options)
  core.run(model)
  const tasks = startedTasks(plan, core).map((number) => plan.ids[number] as string)
  const pools = new Set([...plan.pool].filter((pool) => pool >= 0))
  const changes: Change[] = [
    ...tasks.map((task) => ({ task, factor: 0.5 })),
    ...tasks.map((task) => ({ task, gone: true }) as const),
    ...tasks.map((task) => ({ task, split: 2 })),
    ...tasks.map((task) => ({ task, split: 4 })),
    { slots: plan.slots + 1 },
    ...[...pools].map((pool) => ({
      pool: plan.poolNames[pool] as string,
      slots: (plan.poolSize[pool] as number) + 1,
    })),
  ]
  return changes.filter((change) => scenarioProblems(plan, [change]).length === 0)
}
