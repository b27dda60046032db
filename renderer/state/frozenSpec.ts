import { parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { useDocuments } from './documents.ts'
import { useRuns } from './runs.ts'

/** What the chosen run runs, or ran: its own copy of the file, which may have been edited since. */

let parsed: { readonly spec: string; readonly pipeline: Pipeline | null } | null = null

/** A frozen spec mostly is the text that is open, which has been parsed already. */
export function frozenPipeline(spec: string): Pipeline | null {
  if (parsed?.spec === spec) return parsed.pipeline
  const open = useDocuments.getState().open.find(({ text }) => text === spec)
  parsed = { spec, pipeline: open === undefined ? parseDocument(spec).pipeline : open.document.pipeline }
  return parsed.pipeline
}

const NO_TIMEOUTS: ReadonlyMap<string, Micros> = new Map()
const timeoutsOf = new WeakMap<Pipeline, ReadonlyMap<string, Micros>>()

/** How long an attempt of each task of the chosen run may take, by id; tasks without a limit are left out. */
export function runTimeouts(): ReadonlyMap<string, Micros> {
  const { spec } = useRuns.getState()
  const pipeline = spec === null ? null : frozenPipeline(spec)
  if (pipeline === null) return NO_TIMEOUTS
  let timeouts = timeoutsOf.get(pipeline)
  if (timeouts === undefined) {
    timeouts = new Map(pipeline.tasks.flatMap(({ id, timeout }) => (timeout === null ? [] : [[id, timeout]])))
    timeoutsOf.set(pipeline, timeouts)
  }
  return timeouts
}
