import type { Micros } from '../model/time.ts'
import { type Plan, withCapacity } from '../scheduler/plan.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import { durationText } from './duration-text.ts'
import { SimulationCore, type SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'

/** One thing made different. `factor` multiplies a task's durations: 0.5 is twice as fast. `gone`: they are 0. */
export type Change =
  | { readonly task: string; readonly factor: number }
  | { readonly task: string; readonly gone: true }
  | { readonly slots: number }
  | { readonly pool: string; readonly slots: number }

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
 * Throws a RangeError if the change names a task or pool that the plan does not have.
 */
export function whatIf(plan: Plan, model: SimulationModel, change: Change, options: SimulationOptions = {}): WhatIf {
  const before = new SimulationCore(plan, options).run(model)
  return compare(before, new SimulationCore(changedPlan(plan, change), options).run(changedModel(plan, model, change)))
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
  const found = candidates(plan, core).map((task): Bottleneck => {
    const after = core.run(without(model, task))
    return { task: plan.ids[task] as string, ...compare(before, after) }
  })
  return found.sort((a, b) => b.gain - a.gain).slice(0, count)
}

/** "`airport_pairs` held the run up; without it the run would end 4.2 s (31%) sooner" */
export function sentence({ task, gain, share }: Bottleneck): string {
  const percent = `${Math.round(Math.abs(share) * 100)}%`
  if (gain > 0)
    return `\`${task}\` held the run up; without it the run would end ${durationText(gain)} (${percent}) sooner`
  if (gain === 0) return `\`${task}\` did not hold the run up; without it the run would end at the same time`
  return `\`${task}\` did not hold the run up; without it the run would end ${durationText(-gain)} (${percent}) later`
}

/** Tasks that started, in file order. */
function candidates(plan: Plan, core: SimulationCore): TaskNumber[] {
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

function compare(before: Micros, after: Micros): WhatIf {
  const gain = before - after
  return { before, after, gain, share: before === 0 ? 0 : gain / before }
}

function changedPlan(plan: Plan, change: Change): Plan {
  if ('pool' in change) {
    if (!plan.poolNames.includes(change.pool)) throw new RangeError(`The plan has no pool ${change.pool}`)
    return withCapacity(plan, plan.slots, new Map([[change.pool, change.slots]]))
  }
  return 'slots' in change ? withCapacity(plan, change.slots, new Map()) : plan
}

function changedModel(plan: Plan, model: SimulationModel, change: Change): SimulationModel {
  if (!('task' in change)) return model
  const number = plan.numberOf.get(change.task)
  if (number === undefined) throw new RangeError(`The plan has no task ${change.task}`)
  return 'gone' in change ? without(model, number) : scaled(model, number, change.factor)
}

/** Its attempts take no time, and neither do the delays between them. */
function without(model: SimulationModel, gone: TaskNumber): SimulationModel {
  return {
    ...scaled(model, gone, 0),
    retryDelay: (task, index, attempt) => (task === gone ? 0 : model.retryDelay(task, index, attempt)),
  }
}

function scaled(model: SimulationModel, scaledTask: TaskNumber, factor: number): SimulationModel {
  return {
    duration: (task, index, attempt) => {
      const duration = model.duration(task, index, attempt)
      return task === scaledTask ? Math.round(duration * factor) : duration
    },
    outcome: (task, index, attempt) => model.outcome(task, index, attempt),
    retryable: (task, index, attempt) => model.retryable(task, index, attempt),
    retryDelay: (task, index, attempt) => model.retryDelay(task, index, attempt),
    random: (task, index, attempt) => model.random(task, index, attempt),
    answer: (question, task, index, upstream) => model.answer(question, task, index, upstream),
    count: (task) => model.count(task),
  }
}
