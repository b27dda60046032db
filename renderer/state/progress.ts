import { useMemo } from 'react'
import { remainingTime } from '#shared/analysis/remaining-time.ts'
import { type RunView, tasksDone } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { runClock, useTick } from './clock.ts'
import { usePipeline } from './documents.ts'
import { runGraph } from './runGraph.ts'
import { useIsUnderWay, useRunView } from './runs.ts'

export interface RunProgress {
  readonly view: RunView
  /** Share of the expected work that is done, 0 to 1. */
  readonly share: number
  /** null while a task runs longer than expected: then nobody knows. */
  readonly remaining: Micros | null
  /** Tasks in a final state. */
  readonly done: number
  readonly total: number
}

/** From one estimate to the next on the run's clock: each looks at every task. */
const STEP: Micros = 500_000

/** How far the chosen run is, by the durations frozen in its header; null while none is loaded. */
export function useRunProgress(): RunProgress | null {
  const view = useRunView()
  const pipeline = usePipeline()
  useTick(useIsUnderWay(), 1000)
  const instant = view === null ? 0 : Math.floor(runClock(view) / STEP)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is mutated; asked again at every step of its clock
  const estimate = useMemo(() => {
    const plan = view && pipeline ? runGraph(view, pipeline) : null
    if (view === null || plan === null || plan.graph === null) return null
    return remainingTime(plan.ids, plan.graph, plan.expected, view, runClock(view), view.header.slots)
  }, [view, pipeline, instant])
  if (!view || !pipeline) return null
  const total = view.order.length
  const done = tasksDone(view)
  if (estimate === null) return { view, share: total === 0 ? 0 : done / total, remaining: null, done, total }
  const { progress: share, remaining, overdue } = estimate
  return { view, share, remaining: overdue.length > 0 ? null : remaining, done, total }
}
