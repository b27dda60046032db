import { useMemo } from 'react'
import { remainingTime } from '#shared/analysis/remaining-time.ts'
import { type RunView, tasksDone } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { runClock, useTick } from './clock.ts'
import { usePipeline } from './documents.ts'
import { isLarge, runGraph } from './runGraph.ts'
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

/** From one estimate to the next on a large run's clock: each looks at every task. */
const LARGE_STEP: Micros = 500_000

/** How far the chosen run is, by the durations frozen in its header; null while none is loaded. */
export function useRunProgress(): RunProgress | null {
  const view = useRunView()
  const pipeline = usePipeline()
  useTick(useIsUnderWay(), 1000)
  const plan = view && pipeline ? runGraph(view, pipeline) : null
  const now = view === null ? 0 : runClock(view)
  const instant = plan !== null && isLarge(plan) ? Math.floor(now / LARGE_STEP) : now
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is mutated; asked again at every step of its clock
  const estimate = useMemo(() => {
    if (view === null || plan === null || plan.graph === null) return null
    return remainingTime(plan.ids, plan.graph, plan.expected, view, now, view.header.slots)
  }, [view, plan, instant])
  if (!view || !pipeline) return null
  const total = view.order.length
  const done = tasksDone(view)
  if (estimate === null) return { view, share: total === 0 ? 0 : done / total, remaining: null, done, total }
  const { progress: share, remaining, overdue } = estimate
  return { view, share, remaining: overdue.length > 0 ? null : remaining, done, total }
}
