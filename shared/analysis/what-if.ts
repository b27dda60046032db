import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import { durationText } from './duration-text.ts'
import { applyScenario, type Change, type Changed, without } from './scenario.ts'
import { SimulationCore, type SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'

export interface WhatIf {
  readonly before: Micros
  readonly after: Micros
  /** before − after: negative where the change lengthens the run, as less work can with few slots. */
  readonly gain: Micros
  /** gain ÷ before; 0 for a run that takes no time. */
  readonly share: number
}

/**
 * The makespan with and without one change, all else being equal: order of starts by the same basis, dependencies kept.
 * Throws a RangeError for a change that the plan cannot make (see scenarioProblems).
 */
export function whatIf(plan: Plan, model: SimulationModel, change: Change, options: SimulationOptions = {}): WhatIf {
  const before = { plan, model, options }
  return compare(makespanOf(before), makespanOf(applyScenario(before, [change])))
}

function makespanOf({ plan, model, options }: Changed): Micros {
  return new SimulationCore(plan, options).run(model)
}

export interface Bottleneck extends WhatIf {
  readonly task: string
}

/** Beyond this many started tasks only those with the most time are tried, so that the answer comes at once. */
const MOST_CANDIDATES = 500

/**
 * The tasks without which the run would end soonest: each is simulated as gone (no time, dependencies kept) at the
 * plan's slots and pools, and the `count` with the largest gain are returned, ties in file order. Gains may be 0 or
 * negative; nothing is left out to look better.
 */
export function bottlenecks(
  plan: Plan,
  model: SimulationModel,
  count = 3,
  options: SimulationOptions = {},
): readonly Bottleneck[] {
  const core = new SimulationCore(plan, options)
  const before = core.run(model)
  const found = startedTasks(plan, core).map((task): Bottleneck => {
    const after = core.run(without(model, task))
    return { task: plan.ids[task] as string, ...compare(before, after) }
  })
  return found.sort((a, b) => b.gain - a.gain).slice(0, count)
}

/** "31%", of a difference in either direction; never "0%" of one that there is. */
export function shareText(share: number): string {
  const percent = Math.round(Math.abs(share) * 100)
  return percent === 0 && share !== 0 ? 'under 1%' : `${percent}%`
}

/** "`airport_pairs` held the run up; without it the run would end 4.2 s (31%) sooner" */
export function sentence({ task, gain, share }: Bottleneck): string {
  const percent = shareText(share)
  if (gain > 0)
    return `\`${task}\` held the run up; without it the run would end ${durationText(gain)} (${percent}) sooner`
  if (gain === 0) return `\`${task}\` did not hold the run up; without it the run would end at the same time`
  return `\`${task}\` did not hold the run up; without it the run would end ${durationText(-gain)} (${percent}) later`
}

/** Tasks that started in the core's last run, in file order; of very many, those with the most time. */
export function startedTasks(plan: Plan, core: SimulationCore): TaskNumber[] {
  const spent = new Float64Array(plan.count).fill(-1)
  const { state } = core
  for (let node = 0; node < state.nodes; node++) {
    if (state.attempt[node] === 0) continue
    const task = state.task[node] as number
    spent[task] = Math.max(spent[task] as number, 0) + (core.ends[node] as number) - (core.starts[node] as number)
  }
  const started = [...spent.keys()].filter((task) => (spent[task] as number) >= 0)
  if (started.length <= MOST_CANDIDATES) return started
  const longest = started.sort((a, b) => (spent[b] as number) - (spent[a] as number)).slice(0, MOST_CANDIDATES)
  return longest.sort((a, b) => a - b)
}

export function compare(before: Micros, after: Micros): WhatIf {
  const gain = before - after
  return { before, after, gain, share: before === 0 ? 0 : gain / before }
}
