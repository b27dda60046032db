import type { InstanceState, RunEnded } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import { durationText } from './duration-text.ts'
import { applyScenario, type Change, type Changed, changeText, type Scenario } from './scenario.ts'
import { type Simulation, simulate } from './simulation.ts'
import type { SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'
import { compare, shareText, type WhatIf } from './what-if.ts'

/** How one task fares differently. Times are whole microseconds since the run's start; null: it did not run. */
export interface TaskEffect {
  readonly task: string
  readonly state: InstanceState
  readonly stateBefore: InstanceState
  readonly start: Micros | null
  readonly startBefore: Micros | null
  readonly end: Micros
  readonly endBefore: Micros
  /** end − endBefore. */
  readonly delay: Micros
  /** The scenario names it. */
  readonly changed: boolean
  /** It depends on a task that the scenario names. Others are hit through slots and pools. */
  readonly downstream: boolean
}

/** What a scenario does to a run, as plain data. */
export interface ScenarioEffect extends WhatIf {
  readonly scenario: Scenario
  /** Slots of the run with the scenario. */
  readonly slots: number
  readonly state: RunEnded['state']
  readonly stateBefore: RunEnded['state']
  /** Tasks that fare differently, in file order. */
  readonly tasks: readonly TaskEffect[]
}

/** Throws a RangeError for a scenario that the plan cannot make (see scenarioProblems). */
export function scenarioEffect(
  plan: Plan,
  model: SimulationModel,
  scenario: Scenario,
  options: SimulationOptions = {},
): ScenarioEffect {
  const changed = applyScenario({ plan, model, options }, scenario)
  const [was, is] = [outcomeOf({ plan, model, options }), outcomeOf(changed)]
  const named = new Set(scenario.flatMap((change) => ('task' in change ? [change.task] : [])))
  const reached = downstreamsOf(plan, named)
  const tasks = plan.ids.flatMap((task, number): TaskEffect[] => {
    const before = was.tasks[number]
    const after = is.tasks[number]
    if (before === undefined || after === undefined) return []
    const same = before.state === after.state && before.start === after.start && before.end === after.end
    if (same && !named.has(task)) return []
    return [
      {
        task,
        ...after,
        stateBefore: before.state,
        startBefore: before.start,
        endBefore: before.end,
        delay: after.end - before.end,
        changed: named.has(task),
        downstream: reached[number] === 1,
      },
    ]
  })
  const difference = compare(was.simulation.makespan, is.simulation.makespan)
  const states = { state: is.simulation.state, stateBefore: was.simulation.state }
  return { scenario, slots: changed.plan.slots, ...difference, ...states, tasks }
}

interface TaskOutcome {
  readonly state: InstanceState
  readonly start: Micros | null
  readonly end: Micros
}

/** By task number; undefined for tasks that take no part. A mapped task starts with its first instance. */
function outcomeOf({ plan, model, options }: Changed) {
  const simulation: Simulation = simulate(plan, model, options)
  const tasks: (TaskOutcome | undefined)[] = new Array(plan.count)
  for (const { task, index, state, start, end } of simulation.instances) {
    const known = tasks[task]
    if (index === null) tasks[task] = { state, start, end }
    else if (known !== undefined && start !== null) {
      tasks[task] = { ...known, start: Math.min(start, known.start ?? start) }
    }
  }
  return { simulation, tasks }
}

/** 1 per task that needs one of these, directly or not. */
function downstreamsOf(plan: Plan, named: ReadonlySet<string>): Uint8Array {
  const reached = new Uint8Array(plan.count)
  const open = [...named].map((id) => plan.numberOf.get(id) as number)
  for (let at = 0; at < open.length; at++) {
    const task = open[at] as number
    for (let place = plan.downStart[task] as number; place < (plan.downStart[task + 1] as number); place++) {
      const next = plan.down[place] as number
      if (reached[next] === 1) continue
      reached[next] = 1
      open.push(next)
    }
  }
  return reached
}

/** "With 2 slots, removing `clean` lengthens the run by 1.2 s (8%)." A gain below 0 is told as what it is. */
export function effectSentence({ scenario, slots, gain, share, state, stateBefore }: ScenarioEffect): string {
  if (scenario.length === 0) return 'Nothing is changed.'
  const places = scenario.some((change) => !('task' in change) && !('pool' in change))
  const subject = scenario.map(actionText).join(' and ')
  const where = places ? '' : `With ${slots} ${slots === 1 ? 'slot' : 'slots'}, `
  const amount = `${durationText(Math.abs(gain))} (${shareText(share)})`
  const effect =
    gain > 0 ? `shortens the run by ${amount}` : gain < 0 ? `lengthens the run by ${amount}` : 'does not move its end'
  const ending = state === stateBefore ? '' : `; it then ends as ${state} instead of ${stateBefore}`
  const text = `${where}${subject} ${effect}${ending}.`
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function actionText(change: Change): string {
  if ('pool' in change) return `giving the pool \`${change.pool}\` ${counted(change.slots)}`
  if ('slots' in change) return `running with ${counted(change.slots)}`
  const name = `\`${change.task}\``
  if ('gone' in change) return `removing ${name}`
  if ('fails' in change) return `a failure of ${name}`
  if ('late' in change) return `${name} being ${durationText(change.late)} late`
  if ('split' in change) return `splitting ${name} into ${change.split} parallel parts`
  return `making ${changeText(change)}`
}

function counted(slots: number): string {
  return `${slots} ${slots === 1 ? 'slot' : 'slots'}`
}
