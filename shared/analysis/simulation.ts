import type { Cause, InstanceState, RunEnded } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import { causeOf } from '../scheduler/reason.ts'
import { outcomeOf } from '../scheduler/run.ts'
import { indexOf, stateOf, taskOf } from '../scheduler/state.ts'
import type { InstanceNumber, TaskNumber } from '../scheduler/types.ts'
import { SimulationCore, type SimulationOptions } from './simulation-core.ts'
import type { SimulationModel } from './simulation-model.ts'

export interface SimulatedStart {
  readonly task: TaskNumber
  readonly index: number | null
  /** From 1. */
  readonly attempt: number
  readonly time: Micros
  readonly readyAt: Micros
  readonly cause: Cause
}

export interface SimulatedInstance {
  readonly task: TaskNumber
  /** null: an unmapped task, or a mapped one as a whole. */
  readonly index: number | null
  readonly state: InstanceState
  /** Of the first attempt; null where there was none. */
  readonly start: Micros | null
  readonly end: Micros
  /** Of the latest attempt: since when it waited for places only, and what it waited for last. */
  readonly readyAt: Micros | null
  readonly cause: Cause | null
  readonly attempts: number
}

export interface Simulation {
  readonly makespan: Micros
  readonly state: RunEnded['state']
  /** Tasks in file order, then the instances of mapped tasks as they were expanded. */
  readonly instances: readonly SimulatedInstance[]
  /** Every attempt, in the order of the starts. */
  readonly starts: readonly SimulatedStart[]
}

/** What a run of `plan` would do in the world of `model`: the scheduler under a virtual clock. Deterministic. */
export function simulate(plan: Plan, model: SimulationModel, options: SimulationOptions = {}): Simulation {
  const starts: SimulatedStart[] = []
  const core: SimulationCore = new SimulationCore(plan, options, {
    started: (node) => starts.push(startOf(plan, core, node)),
    finished: () => undefined,
    settled: () => undefined,
  })
  const makespan = core.run(model)
  const instances: SimulatedInstance[] = []
  for (let node = 0; node < core.state.nodes; node++) {
    const instance = instanceAt(plan, core, node)
    if (instance !== null) instances.push(instance)
  }
  return { makespan, state: outcomeOf(plan, core.state).state, instances, starts }
}

function startOf(plan: Plan, { state }: SimulationCore, node: InstanceNumber): SimulatedStart {
  return {
    task: taskOf(state, node),
    index: indexOf(state, node),
    attempt: state.attempt[node] as number,
    time: state.now,
    readyAt: state.readyAt[node] as number,
    cause: causeOf(plan, state, node),
  }
}

function instanceAt(plan: Plan, core: SimulationCore, node: InstanceNumber): SimulatedInstance | null {
  const { state } = core
  const final = stateOf(state, node)
  if (final === null) return null
  const attempts = state.attempt[node] as number
  const began = attempts > 0
  return {
    task: taskOf(state, node),
    index: indexOf(state, node),
    state: final,
    start: began ? (core.starts[node] as number) : null,
    end: core.ends[node] as number,
    readyAt: began ? (state.readyAt[node] as number) : null,
    cause: began ? causeOf(plan, state, node) : null,
    attempts,
  }
}
