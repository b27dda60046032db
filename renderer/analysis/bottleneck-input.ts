import type { Changed } from '#shared/analysis/scenario.ts'
import { simulate } from '#shared/analysis/simulation.ts'
import { modelFromDurations } from '#shared/analysis/simulation-model.ts'
import { type RunSource, simulated } from '#shared/analysis/simulation-source.ts'
import { timeoutsOf } from '#shared/analysis/timeouts.ts'
import { type Bottleneck, bottlenecks } from '#shared/analysis/what-if.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type Problem, type Result, success } from '#shared/model/problem.ts'
import type { Micros } from '#shared/model/time.ts'
import { compilePlan } from '#shared/scheduler/plan.ts'

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
  | { readonly ok: false; readonly problems: readonly Problem[] }

const MOST_FOUND = 3

/** What holds a run up most, by simulation. Takes seconds for thousands of tasks: meant for a worker. */
export function answerBottlenecks(input: RunSource | PlanInput): BottleneckAnswer {
  const prepared = input.type === 'run' ? simulated(input) : planned(input)
  if (!prepared.ok) return { ok: false, problems: prepared.problems }
  const { plan, model, options } = prepared.value
  const { makespan } = simulate(plan, model, options)
  return { ok: true, found: bottlenecks(plan, model, MOST_FOUND, options), slots: plan.slots, makespan }
}

function planned({ pipeline, slots, pools, durations }: PlanInput): Result<Changed> {
  const basis = (id: string) => durations.get(id) ?? 0
  const plan = compilePlan(pipeline, { slots, pools, basis })
  if (!plan.ok) return plan
  return success({ plan: plan.value, model: modelFromDurations(plan.value, basis), options: timeoutsOf(pipeline) })
}
