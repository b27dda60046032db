import { simulate } from '#shared/analysis/simulation.ts'
import { modelFromDurations, modelFromRun } from '#shared/analysis/simulation-model.ts'
import { type Bottleneck, bottlenecks } from '#shared/analysis/what-if.ts'
import type { JournalEvent, RunHeader } from '#shared/journal/event.ts'
import { parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import type { Micros } from '#shared/model/time.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'

/** A finished run, as it was: its own spec, slots, pools and recorded durations. */
export interface RunInput {
  readonly type: 'run'
  readonly spec: string
  readonly events: readonly JournalEvent[]
}

/** The pipeline as it stands, with the duration each task is expected to take. */
export interface PlanInput {
  readonly type: 'plan'
  readonly pipeline: Pipeline
  readonly slots: number
  readonly pools: ReadonlyMap<string, number>
  readonly durations: ReadonlyMap<string, Micros>
}

export type BottleneckAnswer =
  | {
      readonly ok: true
      readonly found: readonly Bottleneck[]
      readonly slots: number
      /** By the simulator, at those slots. */
      readonly makespan: Micros
    }
  | { readonly ok: false; readonly problem: Problem }

const NO_SPEC: Problem = {
  code: 'SPEC_UNREADABLE',
  severity: 'error',
  message: "The pipeline as it was when the run began can't be read.",
  hint: 'Choose another run, or look at the plan instead.',
}

/** What holds a run up most, by simulation. Takes seconds for thousands of tasks: meant for a worker. */
export function answerBottlenecks(input: RunInput | PlanInput): BottleneckAnswer {
  return input.type === 'run' ? ofRun(input) : ofPlan(input)
}

function ofRun({ spec, events }: RunInput): BottleneckAnswer {
  const header = events.find((event): event is JournalEvent & RunHeader => event.type === 'run')
  const { pipeline } = parseDocument(spec)
  if (pipeline === null || header === undefined) return { ok: false, problem: NO_SPEC }
  const basis = new Map(Object.entries(header.basis))
  const plan = compilePlan(pipeline, {
    slots: header.slots,
    pools: new Map(Object.entries(header.pools)),
    basis: (id) => basis.get(id) ?? 0,
    ...(header.selection === null ? {} : { selection: header.selection }),
  })
  if (!plan.ok) return { ok: false, problem: plan.problems[0] ?? NO_SPEC }
  const model = modelFromRun(plan.value, events)
  const { makespan } = simulate(plan.value, model)
  return { ok: true, found: bottlenecks(plan.value, model), slots: header.slots, makespan }
}

function ofPlan({ pipeline, slots, pools, durations }: PlanInput): BottleneckAnswer {
  const basis = (id: string) => durations.get(id) ?? 0
  const plan = compilePlan(pipeline, { slots, pools, basis })
  if (!plan.ok) return { ok: false, problem: plan.problems[0] ?? NO_SPEC }
  const model = modelFromDurations(plan.value, basis)
  const { makespan } = simulate(plan.value, model)
  return { ok: true, found: bottlenecks(plan.value, model), slots, makespan }
}
