import { create } from 'zustand'
import { type PipelineDocument, parseDocument } from '#shared/model/document.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { type PipelineDifference, pipelineDifference, type TaskChange } from '#shared/model/pipeline-difference.ts'
import { api } from './client.ts'
import { activeDocument, useDocuments } from './documents.ts'
import { attempt } from './notices.ts'
import { useRuns } from './runs.ts'
import { useView } from './view.ts'
import { workspaceRoot } from './workspace.ts'

/**
 * What the shown document is compared with: its last saved version, the one that the chosen run ran, or the one before
 * a change on disk was taken into it.
 */
export type BaseVersion = 'saved' | 'run' | 'disk'

export interface VersionDifference {
  readonly path: string
  /** The earlier version, as it was read; `before` is its pipeline. */
  readonly earlier: PipelineDocument
  readonly before: Pipeline
  readonly after: Pipeline
  readonly difference: PipelineDifference
  /** By id; removed ones by the id they had. */
  readonly byTask: ReadonlyMap<string, TaskChange>
}

interface Versions {
  readonly base: BaseVersion
  /** null: not asked for, or `missing` says why there is none. */
  readonly found: VersionDifference | null
  readonly missing: string | null
}

export const useVersions = create<Versions>(() => ({ base: 'saved', found: null, missing: null }))

export function compareWithVersion(base: BaseVersion): void {
  useVersions.setState({ base })
}

const NO_RUN = 'No run is chosen. Choose one in the Runs list, or compare with the saved version.'
const NOTHING_FROM_DISK = 'Nothing has changed this file on disk since it was opened.'
const UNREADABLE = 'The earlier version cannot be read as a pipeline.'

/** The chosen run's frozen text, once it has been asked for. */
let frozen: { readonly run: string; readonly text: string | null } | null = null

/** Keeps the difference up to date while the lens or the panel shows it. Returns the way to stop. */
export function followVersions(): () => void {
  let seen: readonly unknown[] = []
  const look = () => {
    const { lens, bottomOpen, bottomTab } = useView.getState()
    const { base } = useVersions.getState()
    const document = activeDocument()
    const pipeline = document?.pipeline ?? null
    const shown = lens === 'diff' || (bottomOpen && bottomTab === 'changes')
    if (!shown || !document || !pipeline) {
      seen = []
      if (useVersions.getState().found) useVersions.setState({ found: null, missing: null })
      return
    }
    const { chosen } = useRuns.getState()
    const text = base === 'saved' ? document.savedText : base === 'disk' ? document.beforeDisk : textOfRun(chosen, look)
    const now = [base, pipeline, text, chosen]
    if (now.length === seen.length && now.every((value, index) => value === seen[index])) return
    seen = now
    if (text === null) {
      useVersions.setState({ found: null, missing: whyMissing(base, chosen) })
      return
    }
    const found = differenceOf(document.path, parseDocument(text), pipeline)
    useVersions.setState({ found, missing: found ? null : UNREADABLE })
  }
  const stops = [useView, useVersions, useDocuments, useRuns].map((store) => store.subscribe(look))
  look()
  return () => {
    for (const stop of stops) stop()
  }
}

/** null: it is on its way. */
function whyMissing(base: BaseVersion, chosen: string | null): string | null {
  if (base === 'disk') return NOTHING_FROM_DISK
  return chosen === null ? NO_RUN : null
}

/** null while it is not there yet; `then` is called when it is. */
function textOfRun(run: string | null, then: () => void): string | null {
  if (run === null) return null
  if (frozen?.run === run) return frozen.text
  frozen = { run, text: null }
  void attempt('Read the version of the run', () => api().runs.frozen({ workspace: workspaceRoot(), run })).then(
    (detail) => {
      if (frozen?.run !== run) return
      frozen = { run, text: detail?.spec ?? null }
      then()
    },
  )
  return null
}

function differenceOf(path: string, earlier: PipelineDocument, after: Pipeline): VersionDifference | null {
  const before = earlier.pipeline
  if (!before) return null
  const difference = pipelineDifference(before, after)
  const byTask = new Map(difference.tasks.map((change) => [change.task, change]))
  return { path, earlier, before, after, difference, byTask }
}

/** A task that the diff lens draws though it is gone: as it was in the earlier version. null: it is no such task. */
export function removedTask(id: string | null): Task | null {
  const { found } = useVersions.getState()
  if (id === null || useView.getState().lens !== 'diff' || found?.byTask.get(id)?.change !== 'removed') return null
  return found.before.tasks.find((task) => task.id === id) ?? null
}
