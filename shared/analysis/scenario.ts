import type { Problem } from '../model/problem.ts'
import { nearest } from '../model/suggestion.ts'
import type { Micros } from '../model/time.ts'
import { Mapping, type Plan, withCapacity } from '../scheduler/plan.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import { durationText } from './duration-text.ts'
import type { SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'

/**
 * One thing made different, as data.
 *
 * factor: the task's attempts take that many times as long; 0.5 is twice as fast.
 * gone: they take no time, and neither do the delays between them; dependencies are kept.
 * split: it becomes that many parallel parts (an instance of a mapped task each), each its share of the time and a slot
 *   of its own; downstreams wait for all of them.
 * late: it is ready that much later than it would be, and holds no slot meanwhile.
 * fails: every attempt fails in the time it would have taken; retries are made as its policy says.
 * slots, pool: other places than now, of the run or of a pool.
 */
export type Change =
  | { readonly task: string; readonly factor: number }
  | { readonly task: string; readonly gone: true }
  | { readonly task: string; readonly split: number }
  | { readonly task: string; readonly late: Micros }
  | { readonly task: string; readonly fails: true }
  | { readonly slots: number }
  | { readonly pool: string; readonly slots: number }

/** Changes made together, in order. Empty: nothing changed. */
export type Scenario = readonly Change[]

/** What a simulation runs on, after a scenario. */
export interface Changed {
  readonly plan: Plan
  readonly model: SimulationModel
  readonly options: SimulationOptions
}

export const MOST_PARTS = 1000

/** What a plan cannot do: unknown tasks and pools, values out of range. Empty where the scenario can be applied. */
export function scenarioProblems(plan: Plan, scenario: Scenario): readonly Problem[] {
  return scenario.flatMap((change) => {
    if ('task' in change) return taskProblems(plan, change)
    if ('pool' in change) return poolProblems(plan, change.pool, change.slots)
    return wholeFrom1(change.slots) ? [] : [problem('BAD_SLOTS', `A run needs at least 1 slot, not ${change.slots}.`)]
  })
}

function taskProblems(plan: Plan, change: Extract<Change, { task: string }>): Problem[] {
  const { task } = change
  const number = plan.numberOf.get(task)
  if (number === undefined) {
    const meant = nearest(task, plan.ids)
    const hint = meant === undefined ? undefined : `Did you mean \`${meant}\`?`
    return [problem('UNKNOWN_TASK', `The pipeline has no task \`${task}\`.`, hint)]
  }
  if (plan.selected[number] === 0) return [problem('NOT_SELECTED', `\`${task}\` is not among the tasks of this run.`)]
  if ('factor' in change && !(change.factor >= 0 && Number.isFinite(change.factor)))
    return [problem('BAD_FACTOR', `A task can take 0 times as long or more, not ${change.factor}.`)]
  if ('late' in change && !(change.late >= 0 && Number.isFinite(change.late)))
    return [problem('BAD_DELAY', `A task can be late by 0 s or more, not ${durationText(change.late)}.`)]
  if (!('split' in change)) return []
  if (!wholeFrom1(change.split) || change.split > MOST_PARTS)
    return [problem('BAD_SPLIT', `A task can be split into 1 to ${MOST_PARTS} parts, not ${change.split}.`)]
  return splittable(plan, number)
    ? []
    : [problem('EACH_IS_SPLIT', `\`${task}\` can't be split: its instances follow those of another task one by one.`)]
}

function poolProblems(plan: Plan, name: string, slots: number): Problem[] {
  const pool = plan.poolNames.indexOf(name)
  if (pool < 0) {
    const meant = nearest(name, plan.poolNames)
    const hint = meant === undefined ? 'The pipeline and its workspace name their pools.' : `Did you mean \`${meant}\`?`
    return [problem('UNKNOWN_POOL', `There is no pool \`${name}\`.`, hint)]
  }
  const most = plan.ids.findIndex((_, task) => plan.pool[task] === pool && (plan.poolUse[task] as number) > slots)
  if (wholeFrom1(slots) && most < 0) return []
  const needs = most < 0 ? 'A pool needs at least 1 slot' : `\`${plan.ids[most]}\` needs ${plan.poolUse[most]} of them`
  return [problem('POOL_TOO_SMALL', `The pool \`${name}\` can't have ${slots} slots: ${needs}.`)]
}

function wholeFrom1(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1
}

function problem(code: string, message: string, hint?: string): Problem {
  return { code, severity: 'error', message, ...(hint === undefined ? {} : { hint }) }
}

/** Throws a RangeError for a scenario that has `scenarioProblems`. */
export function applyScenario(before: Changed, scenario: Scenario): Changed {
  const [wrong] = scenarioProblems(before.plan, scenario)
  if (wrong !== undefined) throw new RangeError(wrong.message)
  return scenario.reduce(applyChange, before)
}

function applyChange({ plan, model, options }: Changed, change: Change): Changed {
  if ('pool' in change) {
    return { plan: withCapacity(plan, plan.slots, new Map([[change.pool, change.slots]])), model, options }
  }
  if ('slots' in change) return { plan: withCapacity(plan, change.slots, new Map()), model, options }
  const task = plan.numberOf.get(change.task) as number
  if ('factor' in change) return { plan, model: scaled(model, task, change.factor), options }
  if ('gone' in change) return { plan, model: without(model, task), options }
  if ('fails' in change) return { plan, model: failing(model, task), options }
  if ('split' in change)
    return { plan: splitPlan(plan, task), model: inParts(plan, model, task, change.split), options }
  const late = options.late?.slice() ?? new Float64Array(plan.count)
  late[task] = (late[task] as number) + change.late
  return { plan, model, options: { ...options, late } }
}

/** A model as a plain object whose methods may be replaced one by one. */
function copied(model: SimulationModel): SimulationModel {
  return {
    duration: (task, index, attempt) => model.duration(task, index, attempt),
    outcome: (task, index, attempt) => model.outcome(task, index, attempt),
    retryable: (task, index, attempt) => model.retryable(task, index, attempt),
    retryDelay: (task, index, attempt) => model.retryDelay(task, index, attempt),
    random: (task, index, attempt) => model.random(task, index, attempt),
    answer: (question, task, index, upstream) => model.answer(question, task, index, upstream),
    count: (task) => model.count(task),
    ...finding(model, (task, index) => model.found?.(task, index) ?? -1),
  }
}

/** Where no earlier result is ever found, nothing is asked. */
function finding(
  model: SimulationModel,
  found: (task: TaskNumber, index: number) => Micros,
): Pick<SimulationModel, 'found'> {
  return model.found === undefined ? {} : { found }
}

function scaled(model: SimulationModel, changed: TaskNumber, factor: number): SimulationModel {
  return {
    ...copied(model),
    duration: (task, index, attempt) => {
      const duration = model.duration(task, index, attempt)
      return task === changed ? Math.round(duration * factor) : duration
    },
  }
}

/** Its attempts take no time, and neither do the delays between them. */
export function without(model: SimulationModel, gone: TaskNumber): SimulationModel {
  return {
    ...scaled(model, gone, 0),
    retryDelay: (task, index, attempt) => (task === gone ? 0 : model.retryDelay(task, index, attempt)),
  }
}

function failing(model: SimulationModel, changed: TaskNumber): SimulationModel {
  return {
    ...copied(model),
    outcome: (task, index, attempt) => (task === changed ? 'failed' : model.outcome(task, index, attempt)),
    retryable: (task, index, attempt) => task === changed || model.retryable(task, index, attempt),
    ...finding(model, (task, index) => (task === changed ? -1 : (model.found?.(task, index) ?? -1))),
  }
}

function splittable(plan: Plan, task: TaskNumber): boolean {
  if (plan.mapping[task] === Mapping.each) return false
  const from = plan.downStart[task] as number
  const to = plan.downStart[task + 1] as number
  return !plan.downEdge.subarray(from, to).some((edge) => plan.edgeEach[edge] === 1)
}

/** The task as a mapped one, whose downstreams learn of its instances all at once, when the last of them is done. */
function splitPlan(plan: Plan, task: TaskNumber): Plan {
  if (plan.mapping[task] !== Mapping.none) return plan
  const mapping = plan.mapping.slice()
  mapping[task] = Mapping.list
  const edgeGated = plan.edgeGated.slice()
  for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
    edgeGated[plan.downEdge[place] as number] = 1
  }
  return { ...plan, mapping, edgeGated }
}

/** Parts share the luck of the instance they are parts of. */
function inParts(plan: Plan, model: SimulationModel, split: TaskNumber, parts: number): SimulationModel {
  const mapped = plan.mapping[split] !== Mapping.none
  const whole = (task: TaskNumber, index: number) => {
    if (task !== split) return index
    return mapped ? Math.floor(index / parts) : -1
  }
  return {
    duration: (task, index, attempt) => {
      const duration = model.duration(task, whole(task, index), attempt)
      return task === split ? Math.round(duration / parts) : duration
    },
    outcome: (task, index, attempt) => model.outcome(task, whole(task, index), attempt),
    retryable: (task, index, attempt) => model.retryable(task, whole(task, index), attempt),
    retryDelay: (task, index, attempt) => model.retryDelay(task, whole(task, index), attempt),
    random: (task, index, attempt) => model.random(task, whole(task, index), attempt),
    answer: (question, task, index, upstream) => model.answer(question, task, whole(task, index), upstream),
    ...finding(model, (task, index) => model.found?.(task, whole(task, index)) ?? -1),
    count: (task) => {
      if (task !== split) return model.count(task)
      const count = mapped ? model.count(task) : 1
      return count < 0 ? count : count * parts
    },
  }
}

/** "`clean` 2 × faster", "`clean` in 4 parts", "6 slots": for tables. */
export function changeText(change: Change): string {
  if ('pool' in change) return `pool \`${change.pool}\` with ${counted(change.slots)}`
  if ('slots' in change) return counted(change.slots)
  const name = `\`${change.task}\``
  if ('gone' in change) return `${name} gone`
  if ('fails' in change) return `${name} fails`
  if ('late' in change) return `${name} ${durationText(change.late)} late`
  if ('split' in change) return `${name} in ${change.split} parallel ${change.split === 1 ? 'part' : 'parts'}`
  if (change.factor > 0 && change.factor < 1) return `${name} ${rounded(1 / change.factor)} × faster`
  return change.factor === 0 ? `${name} taking no time` : `${name} taking ${rounded(change.factor)} × as long`
}

function counted(slots: number): string {
  return `${slots} ${slots === 1 ? 'slot' : 'slots'}`
}

function rounded(value: number): string {
  return String(Number(value.toPrecision(3)))
}
