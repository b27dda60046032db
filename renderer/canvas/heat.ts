import type { TaskSummary } from '#shared/analysis/history.ts'
import type { PipelineAnalysis } from '#shared/analysis/summary.ts'
import { descendantCounts } from '#shared/graph/reachability.ts'
import { taskGraph } from '#shared/graph/task-graph.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type Unit, unitText } from '../analysis/chart/scale.ts'
import type { LensWords, Told } from './told.ts'

/** What the heat lens colours tasks by. */
export type HeatMetric = 'duration' | 'drag' | 'queued' | 'failures' | 'criticality' | 'fanOut' | 'memory'
export const HEAT_METRICS: readonly HeatMetric[] = [
  'duration',
  'drag',
  'queued',
  'failures',
  'criticality',
  'fanOut',
  'memory',
]

/** What the metrics are taken from. */
export interface HeatSources {
  readonly pipeline: Pipeline
  readonly plan: PipelineAnalysis | null
  /** null: not read. */
  readonly past: ReadonlyMap<string, TaskSummary> | null
  readonly criticality: ReadonlyMap<string, number> | null
}

export interface HeatScale {
  readonly unit: Unit
  /** Upper ends of the lower four of five steps, rising, in the unit; where two are the same a step is not used. */
  readonly bounds: readonly number[]
  /** Of the tasks that have one. */
  readonly values: ReadonlyMap<string, number>
}

/** Of the plan's length: what a task may take of it and still be cool. */
const SHARES_OF_PLAN = [0.02, 0.08, 0.2, 0.4]
/** Of the highest value, for what has no whole to be a share of. */
const SHARES_OF_MOST = [0.1, 0.25, 0.5, 0.75]
const FAILURE_BOUNDS = [0, 0.02, 0.1, 0.25]
const CRITICALITY_BOUNDS = [0.05, 0.25, 0.5, 0.8]

export function heatScale(metric: HeatMetric, sources: HeatSources): HeatScale {
  const values = valuesOf(metric, sources)
  const unit = UNITS[metric]
  if (metric === 'failures') return { unit, values, bounds: FAILURE_BOUNDS }
  if (metric === 'criticality') return { unit, values, bounds: CRITICALITY_BOUNDS }
  const ofPlan = unit === 'duration'
  const whole = ofPlan ? (sources.plan?.makespan ?? 0) : Math.max(0, ...values.values())
  const bounds = (ofPlan ? SHARES_OF_PLAN : SHARES_OF_MOST).map((share) => share * whole)
  return { unit, values, bounds: unit === 'count' ? bounds.map(Math.floor) : bounds }
}

const UNITS: Readonly<Record<HeatMetric, Unit>> = {
  duration: 'duration',
  drag: 'duration',
  queued: 'duration',
  failures: 'share',
  criticality: 'share',
  fanOut: 'count',
  memory: 'bytes',
}

function valuesOf(metric: HeatMetric, { pipeline, plan, past, criticality }: HeatSources): ReadonlyMap<string, number> {
  const ids = pipeline.tasks.map(({ id }) => id)
  const collect = (measure: (id: string, number: number) => number | null | undefined) =>
    new Map(
      ids.flatMap((id, number) => {
        const value = measure(id, number)
        return typeof value === 'number' && Number.isFinite(value) ? [[id, value] as const] : []
      }),
    )
  switch (metric) {
    case 'duration':
      return collect((id) => plan?.tasks[id]?.duration)
    case 'drag':
      return collect((id) => plan?.tasks[id]?.drag)
    case 'queued':
      return collect((id) => past?.get(id)?.queued?.median)
    case 'failures':
      return collect((id) => failureRate(past?.get(id)))
    case 'criticality':
      return collect((id) => criticality?.get(id))
    case 'fanOut': {
      const counts = descendantCounts(taskGraph(pipeline.tasks).graph)
      return collect((_, number) => counts?.[number])
    }
    case 'memory':
      return collect((id) => past?.get(id)?.peakMemory)
  }
}

function failureRate(task: TaskSummary | undefined): number | null {
  return task?.rate ? 1 - task.rate.succeeded / task.rate.judged : null
}

/** Step 0 to 4. */
export function heatStep({ bounds }: HeatScale, value: number): number {
  return bounds.filter((bound) => value > bound).length
}

export function heatWords(metric: HeatMetric, sources: HeatSources): LensWords {
  const scale = heatScale(metric, sources)
  return new Map(
    sources.pipeline.tasks.map(({ id }): [string, Told] => {
      const value = scale.values.get(id)
      if (value === undefined) {
        return [id, { text: 'No data', title: NO_DATA[metric], ground: null, hatched: true, weight: -1 }]
      }
      const ground = `--heat-${heatStep(scale, value)}`
      return [id, { text: wordsOf(metric, value, scale.unit), title: null, ground, hatched: false, weight: value }]
    }),
  )
}

/** Why a task may have no value. */
export const NO_DATA: Readonly<Record<HeatMetric, string>> = {
  duration: 'There is no plan: the pipeline has a cycle.',
  drag: 'There is no plan: the pipeline has a cycle.',
  queued: 'It has not succeeded in a run yet.',
  failures: 'It has not ended by itself in a run yet.',
  criticality: 'Not simulated yet.',
  fanOut: 'There is no order: the pipeline has a cycle.',
  memory: 'No run has sampled its memory.',
}

function wordsOf(metric: HeatMetric, value: number, unit: Unit): string {
  const text = unitText(value, unit)
  switch (metric) {
    case 'duration':
      return `takes ${text}`
    case 'drag':
      return value === 0 ? 'no drag' : `drag ${text}`
    case 'queued':
      return value === 0 ? 'no wait' : `waits ${text}`
    case 'failures':
      return value === 0 ? 'no failures' : `fails ${text}`
    case 'criticality':
      return `critical ${text}`
    case 'fanOut':
      return value === 0 ? 'blocks none' : `blocks ${text} ${value === 1 ? 'task' : 'tasks'}`
    case 'memory':
      return `peak ${text}`
  }
}
