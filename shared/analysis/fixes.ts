import { failure, type Result, success } from '../model/problem.ts'
import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import { SampledModel } from './sampled-model.ts'
import { applyScenario, type Change, type Changed, type Scenario, scenarioProblems } from './scenario.ts'
import { SimulationCore } from './simulation-core.ts'
import { type PlanSource, simulated } from './simulation-source.ts'
import { compare, startedTasks, type WhatIf } from './what-if.ts'

/** One change that might be worth making, and what it would bring. */
export interface Fix extends WhatIf {
  readonly change: Change
}

/**
 * "What should I fix first": every single change among each started task 2 × faster, gone, in 2 or 4 parallel parts, one
 * slot more and one slot more in each pool, by falling gain of one simulation (ties: in that order, tasks in file order).
 * Gains may be 0 or negative; nothing is left out to look better.
 */
export function rankFixes(changed: Changed, count = 10): readonly Fix[] {
  const measure = ({ plan, model, options }: Changed) => new SimulationCore(plan, options).run(model)
  return ranked(changed, candidates(changed), measure, count)
}

/** How many times as many as asked for are drawn, the best by one simulation first. */
const CANDIDATES_PER_FIX = 3

/**
 * The same by the mean makespan over `draws` draws, each with the same luck with and without the change: what helps on
 * the whole, not only on a typical day. Of the changes that help most by one simulation. Fails like monteCarlo.
 */
export function rankFixesByMean(
  source: PlanSource,
  scenario: Scenario,
  seed: number,
  draws: number,
  count = 10,
): Result<readonly Fix[]> {
  const prepared = simulated(source)
  if (!prepared.ok) return prepared
  const { plan, pipeline, options } = prepared.value
  const problems = scenarioProblems(plan, scenario)
  if (problems.length > 0) return failure(...problems)
  const typical = applyScenario(prepared.value, scenario)
  const changes = rankFixes(typical, count * CANDIDATES_PER_FIX).map(({ change }) => change)
  const sampled = new SampledModel(plan, pipeline, source.odds, source.outcomes, seed)
  const drawn = applyScenario({ plan, model: sampled, options }, scenario)
  const measure = ({ plan: own, model: world, options: limits }: Changed): Micros => {
    const core = new SimulationCore(own, limits)
    let sum = 0
    for (let draw = 0; draw < draws; draw++) {
      sampled.take(draw)
      sum += core.run(world)
    }
    return Math.round(sum / Math.max(1, draws))
  }
  return success(ranked(drawn, changes, measure, count))
}

function ranked(
  before: Changed,
  changes: readonly Change[],
  measure: (changed: Changed) => Micros,
  count: number,
): readonly Fix[] {
  const makespan = measure(before)
  const fixes = changes.map(
    (change): Fix => ({
      change,
      ...compare(makespan, measure(applyScenario(before, [change]))),
    }),
  )
  return fixes.sort((a, b) => b.gain - a.gain).slice(0, count)
}

function candidates({ plan, model, options }: Changed): readonly Change[] {
  const core = new SimulationCore(plan, options)
  core.run(model)
  const tasks = startedTasks(plan, core).map((number) => plan.ids[number] as string)
  const changes: Change[] = [
    ...tasks.map((task) => ({ task, factor: 0.5 })),
    ...tasks.map((task) => ({ task, gone: true }) as const),
    ...tasks.map((task) => ({ task, split: 2 })),
    ...tasks.map((task) => ({ task, split: 4 })),
    { slots: plan.slots + 1 },
    ...usedPools(plan).map((pool) => ({
      pool: plan.poolNames[pool] as string,
      slots: (plan.poolSize[pool] as number) + 1,
    })),
  ]
  return changes.filter((change) => scenarioProblems(plan, [change]).length === 0)
}

function usedPools({ pool }: Plan): number[] {
  return [...new Set(pool)].filter((number) => number >= 0)
}
