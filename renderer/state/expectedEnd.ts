import { useMemo } from 'react'
import { type ExpectedEnd, expectedEnd } from '#shared/analysis/expected-end.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { NO_DURATIONS, useAnalysis } from './analysis.ts'
import { usePipeline } from './documents.ts'
import { runGraph } from './runGraph.ts'

/** When a live run is expected to end; null where it is not live, or nobody knows. */
export function useExpectedEnd(view: RunView, now: Micros, live: boolean): ExpectedEnd | null {
  const pipeline = usePipeline()
  const past = useAnalysis((state) => state.history?.durations) ?? NO_DURATIONS
  const asked = live && pipeline?.id === view.header.pipeline ? runGraph(view, pipeline) : null
  const every = asked !== null && asked.ids.length > MANY_TASKS ? 5 * STEP : STEP
  const instant = Math.floor(now / every)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is mutated; asked again at every step of its clock
  return useMemo(() => {
    if (asked === null || asked.graph === null) return null
    return expectedEnd(asked.ids, asked.graph, asked.expected, past, view, now)
  }, [asked, past, view, instant])
}

/** Microseconds from one estimate to the next; longer where there are many tasks, whose draws take longer. */
const STEP: Micros = 1_000_000
const MANY_TASKS = 2_000
