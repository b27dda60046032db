import type { JournalEvent, RunHeader, Selection } from '../journal/event.ts'
import { parseDocument } from '../model/document.ts'
import type { Pipeline } from '../model/pipeline.ts'
import { failure, type Problem, type Result, success } from '../model/problem.ts'
import { compilePlan } from '../scheduler/plan.ts'
import { answering, type Outcomes } from './outcomes.ts'
import type { Changed } from './scenario.ts'
import { modelFromDurations, modelFromRun } from './simulation-model.ts'
import { type TaskOdds, typicalDuration } from './task-odds.ts'
import { timeoutsOf, timeoutsOfRun } from './timeouts.ts'

/** What to simulate, as plain data: it survives structured cloning, so a worker can be asked. */
export type SimulationSource = RunSource | PlanSource

/** A finished run as it was: its own spec, slots, pools, durations and outcomes. */
export interface RunSource {
  readonly type: 'run'
  readonly spec: string
  readonly events: readonly JournalEvent[]
}

/** The pipeline as it stands. */
export interface PlanSource {
  readonly type: 'plan'
  readonly pipeline: Pipeline
  readonly selection: Selection | null
  readonly slots: number
  /** Every pool of the pipeline and its workspace. */
  readonly pools: ReadonlyMap<string, number>
  /** Of every task, by id. */
  readonly odds: ReadonlyMap<string, TaskOdds>
  readonly outcomes: Outcomes
}

/**
 * What a simulation runs on. Of its model every attempt takes its typical (a run's: its recorded) time, a plan's succeeds
 * at once; its options hold the timeouts.
 */
export interface Simulated extends Changed {
  readonly pipeline: Pipeline
}

const UNREADABLE: Problem = {
  code: 'SPEC_UNREADABLE',
  severity: 'error',
  message: "The pipeline as it was when the run began can't be read.",
  hint: 'Choose another run, or simulate the plan instead.',
}

/** Fails with problems on what cannot be planned: a cycle, a pool too small, no slots, a run without its spec. */
export function simulated(source: SimulationSource): Result<Simulated> {
  return source.type === 'run' ? simulatedRun(source) : simulatedPlan(source)
}

function simulatedRun({ spec, events }: RunSource): Result<Simulated> {
  const header = events.find((event): event is JournalEvent & RunHeader => event.type === 'run')
  const { pipeline } = parseDocument(spec)
  if (pipeline === null || header === undefined) return failure(UNREADABLE)
  const basis = new Map(Object.entries(header.basis))
  const plan = compilePlan(pipeline, {
    slots: header.slots,
    pools: new Map(Object.entries(header.pools)),
    basis: (id) => basis.get(id) ?? 0,
    ...(header.selection === null ? {} : { selection: header.selection }),
    ...(header.failFast === undefined ? {} : { failFast: header.failFast }),
  })
  if (!plan.ok) return plan
  const options = timeoutsOfRun(pipeline, events)
  return success({ pipeline, plan: plan.value, model: modelFromRun(plan.value, events), options })
}

function simulatedPlan({ pipeline, selection, slots, pools, odds, outcomes }: PlanSource): Result<Simulated> {
  const basis = (id: string) => {
    const own = odds.get(id)
    return own === undefined ? 0 : typicalDuration(own.duration)
  }
  const compiled = compilePlan(pipeline, { slots, pools, basis, ...(selection === null ? {} : { selection }) })
  if (!compiled.ok) return compiled
  const plan = compiled.value
  const model = { ...modelFromDurations(plan, basis), ...answering(plan, outcomes, pipeline.tasks) }
  return success({ pipeline, plan, model, options: timeoutsOf(pipeline) })
}
