import { failure, type Result, success } from '../model/problem.ts'
import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import { outcomeOf } from '../scheduler/run.ts'
import { Status } from '../scheduler/state.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import { SampledModel } from './sampled-model.ts'
import { applyScenario, type Scenario, scenarioProblems } from './scenario.ts'
import { SimulationCore } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'
import { type PlanSource, type Simulated, simulated } from './simulation-source.ts'
import { SimulationTrace } from './simulation-trace.ts'

export const DEFAULT_DRAWS = 10_000

/** What to draw, as plain data that survives structured cloning. */
export interface MonteCarloInput {
  readonly source: PlanSource
  readonly scenario: Scenario
  /** The same seed gives the same result, however the draws are shared out. */
  readonly seed: number
  readonly goals: readonly Goal[]
}

/** A promise to be kept. A draw keeps it only if the run (the task) ends well. */
export interface Goal {
  /** null: the run. */
  readonly task: string | null
  /** duration: first start to final end; end: since the start of the run, as of a finish-by time. */
  readonly of: 'duration' | 'end'
  readonly within: Micros
}

/** How a draw's run ended. */
export const DrawnState = { success: 0, partial: 1, failed: 2 } as const

/** Draws `from` … `from + makespans.length - 1`. Plain data; tallies of different draws add up (see mergeTallies). */
export interface Tally {
  readonly from: number
  readonly makespans: Float64Array
  /** DrawnState by draw. */
  readonly states: Uint8Array
  /** Per task: draws in which it lay on the realized critical path, and in which it succeeded. */
  readonly critical: Uint32Array
  readonly succeeded: Uint32Array
  /** Per task: draws in which an attempt of it ran into its timeout. */
  readonly timedOut: Uint32Array
  /** Draws whose run reached the pipeline's timeout. */
  readonly overran: number
  /** Per goal: draws that kept it. */
  readonly kept: Uint32Array
}

/** Fails with problems on what cannot be planned or changed so. */
export function monteCarlo(input: MonteCarloInput): Result<MonteCarlo> {
  const prepared = simulated(input.source)
  if (!prepared.ok) return prepared
  const problems = scenarioProblems(prepared.value.plan, input.scenario)
  return problems.length > 0 ? failure(...problems) : success(new MonteCarlo(prepared.value, input))
}

/**
 * Simulates the same run again and again, each time with other durations and failures. One of these a worker; share
 * the draws out among them as you like.
 */
export class MonteCarlo {
  readonly plan: Plan
  private readonly sampled: SampledModel
  private readonly model: SimulationModel
  private readonly core: SimulationCore
  private readonly trace = new SimulationTrace()
  private readonly goals: readonly { readonly task: TaskNumber; readonly of: Goal['of']; readonly within: Micros }[]
  /** Per task: the last draw that counted it as critical. */
  private readonly counted: Int32Array

  constructor({ plan, pipeline, options }: Simulated, { source, scenario, seed, goals }: MonteCarloInput) {
    this.sampled = new SampledModel(plan, pipeline, source.odds, source.outcomes, seed)
    const changed = applyScenario({ plan, model: this.sampled, options }, scenario)
    this.plan = changed.plan
    this.model = changed.model
    this.core = new SimulationCore(changed.plan, changed.options, this.trace)
    this.counted = new Int32Array(plan.count).fill(-1)
    this.goals = goals.map((goal) => ({
      ...goal,
      task: goal.task === null ? -1 : (plan.numberOf.get(goal.task) ?? -2),
    }))
  }

  /** Makes `count` draws, from number `from` on (from 0). */
  draw(from: number, count: number): Tally {
    const { plan } = this
    const tally = {
      from,
      makespans: new Float64Array(count),
      states: new Uint8Array(count),
      critical: new Uint32Array(plan.count),
      succeeded: new Uint32Array(plan.count),
      timedOut: new Uint32Array(plan.count),
      overran: 0,
      kept: new Uint32Array(this.goals.length),
    }
    for (let at = 0; at < count; at++) {
      this.drawOne(from + at, at, tally)
      if (this.core.state.overrun >= 0) tally.overran++
    }
    return tally
  }

  private drawOne(draw: number, at: number, tally: Tally): void {
    const { core, plan } = this
    this.sampled.take(draw)
    this.trace.clear(core)
    const makespan = core.run(this.model)
    const { state } = outcomeOf(plan, core.state)
    const drawn = state === 'success' || state === 'partial' ? DrawnState[state] : DrawnState.failed
    tally.makespans[at] = makespan
    tally.states[at] = drawn
    const { status, task: taskAt } = core.state
    this.trace.walk((node) => {
      const task = taskAt[node] as number
      if (this.counted[task] === draw) return
      this.counted[task] = draw
      tally.critical[task] = (tally.critical[task] as number) + 1
    })
    for (let task = 0; task < plan.count; task++) {
      if (status[task] === Status.success) tally.succeeded[task] = (tally.succeeded[task] as number) + 1
      if (core.timedOut[task] === 1) tally.timedOut[task] = (tally.timedOut[task] as number) + 1
    }
    this.goals.forEach((goal, number) => {
      const time = goal.task === -1 ? makespan : this.timeOf(goal.task, goal.of)
      const well = goal.task === -1 ? drawn !== DrawnState.failed : status[goal.task] === Status.success
      if (well && time <= goal.within) tally.kept[number] = (tally.kept[number] as number) + 1
    })
  }

  private timeOf(task: TaskNumber, of: Goal['of']): Micros {
    const { starts, ends, state } = this.core
    const end = ends[task] as number
    if (of === 'end') return end
    const size = state.size[task] as number
    if (size < 0) return end - (starts[task] as number)
    const first = state.first[task] as number
    let start = Number.POSITIVE_INFINITY
    for (let node = first; node < first + size; node++) {
      if ((state.attempt[node] as number) > 0) start = Math.min(start, starts[node] as number)
    }
    return end - start
  }
}

/** Tallies of the same input with different draws as one, whose draws keep the order of their numbers. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const inOrder = [...tallies].sort((a, b) => a.from - b.from)
  const [first] = inOrder
  if (first === undefined) throw new RangeError('There is nothing to merge')
  const total = inOrder.reduce((sum, tally) => sum + tally.makespans.length, 0)
  const merged: Tally = {
    from: first.from,
    makespans: new Float64Array(total),
    states: new Uint8Array(total),
    critical: new Uint32Array(first.critical.length),
    succeeded: new Uint32Array(first.succeeded.length),
    timedOut: new Uint32Array(first.timedOut.length),
    overran: inOrder.reduce((sum, { overran }) => sum + overran, 0),
    kept: new Uint32Array(first.kept.length),
  }
  let place = 0
  for (const tally of inOrder) {
    merged.makespans.set(tally.makespans, place)
    merged.states.set(tally.states, place)
    place += tally.makespans.length
    for (const counts of ['critical', 'succeeded', 'timedOut', 'kept'] as const) {
      tally[counts].forEach((count, at) => {
        merged[counts][at] = (merged[counts][at] as number) + count
      })
    }
  }
  return merged
}
