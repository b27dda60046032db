import { create } from 'zustand'
import type { PipelineAnalysis } from '#shared/analysis/summary.ts'

/** What the heat lens colours tasks by. */
export type HeatMetric = 'duration' | 'drag'

const useHeat = create<{ readonly metric: HeatMetric }>(() => ({ metric: 'duration' }))

export function useHeatMetric(): HeatMetric {
  return useHeat((state) => state.metric)
}

export function heatMetric(): HeatMetric {
  return useHeat.getState().metric
}

export function setHeatMetric(metric: HeatMetric): void {
  useHeat.setState({ metric })
}

/** Upper ends of the lower four of five steps, as shares of the makespan. */
export const HEAT_STEPS: readonly number[] = [0.02, 0.08, 0.2, 0.4]

/** Step 0 to 4 of a task; 0 where there is no plan. */
export function heatOf(analysis: { readonly plan: PipelineAnalysis | null }, task: string, metric: HeatMetric): number {
  const own = analysis.plan?.tasks[task]
  const makespan = analysis.plan?.makespan ?? 0
  if (!own || makespan <= 0) return 0
  const share = (metric === 'duration' ? own.duration : own.drag) / makespan
  return HEAT_STEPS.filter((step) => share > step).length
}
