import { useMemo } from 'react'
import { type ExpectedEnd, expectedEnd } from '#shared/analysis/expected-end.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { NO_DURATIONS, useAnalysis } from './analysis.ts'
import { usePipeline } from './documents.ts'
import { isLarge, runGraph } from './runGraph.ts'

/** When a live run is expected to end; null where it is not live, or nobody knows. */
export function useExpectedEnd(view: RunView, now: Micros, live: boolean): ExpectedEnd | null {
  const pipeline = usePipeline()
  const past = useAnalysis((state) => state.history?.durations) ?? NO_DURATIONS
  const asked = live && pipeline?.id === view.header.pipeline ? runGraph(view, pipeline) : null
  const large = asked !== null && isLarge(asked)
  const instant = Math.floor(now / (large ? LARGE_STEP : STEP))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is mutated; asked again at every step of its clock
  return useMemo(() => {
    if (asked === null || asked.graph === null || (large && instant === 0)) return null
    return expectedEnd(asked.ids, asked.graph, asked.expected, past, view, now)
  }, [asked, past, view, instant])
}

/** Microseconds from one estimate to the next. */
const STEP: Micros = 1_000_000
/** The same of a large run: its draws take longer, and as it begins there is enough to do. */
const LARGE_STEP = 5 * STEP
