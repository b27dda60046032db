import { type WhyContext, whyContext, whyOf } from '#shared/journal/why.ts'
import { runClock } from './clock.ts'
import { frozenPipeline } from './frozenSpec.ts'
import { useRuns, useRunView } from './runs.ts'

/** What sentences about the chosen run are read from, as of now; null where no run is shown. */
export function whyContextNow(): WhyContext | null {
  const { view, spec, live, replayAt } = useRuns.getState()
  if (view === null) return null
  const pipeline = spec === null ? null : frozenPipeline(spec)
  return whyContext(view, pipeline, { now: runClock(view), live: live || replayAt !== null })
}

/** The same; draws again with every change of the run. */
export function useWhyContext(): WhyContext | null {
  useRunView()
  return whyContextNow()
}

/** Without marks, for a tooltip; '' where there is nothing to say. */
export function whyTitle(task: string, index: number | null = null): string {
  const context = whyContextNow()
  return context === null ? '' : whySentence(context, task, index).replaceAll('`', '')
}

/** The sentence as plain text, beginning in upper case; '' where there is none. Names stand in backticks. */
export function whySentence(context: WhyContext, task: string, index: number | null): string {
  const text = whyOf(context, task, index) ?? ''
  return text.charAt(0).toUpperCase() + text.slice(1)
}
