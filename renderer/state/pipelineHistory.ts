import { create } from 'zustand'
import type { PipelineHistory, TaskSummary } from '#shared/analysis/history.ts'
import { type CallError, callErrorOf } from '../runs/use-call.ts'
import { api } from './client.ts'
import { activeDocument, useDocuments } from './documents.ts'
import { onWorkspaceChange, workspaceRoot } from './workspace.ts'

/** The shown pipeline over its past runs. Read when something first asks for it, and after each run from then on. */
interface Past {
  readonly pipeline: PipelineHistory | null
  /** By today's task ids; null until it came. */
  readonly tasks: ReadonlyMap<string, TaskSummary> | null
  readonly error: CallError | null
  /** Grows with each run that ends: what was read before is old. */
  readonly version: number
}

/** As many runs as history looks back on. */
export const HISTORY_RUNS = 100

const NOTHING = { pipeline: null, tasks: null, error: null }

export const usePipelineHistory = create<Past>(() => ({ ...NOTHING, version: 0 }))

let wanted = false
let id: string | null = null
let reading: AbortController | null = null

/** Reads the history unless it is there. */
export function wantHistory(): void {
  wanted = true
  const { tasks } = usePipelineHistory.getState()
  if (tasks === null && reading === null) void read()
}

/** Reads it again after it failed. */
export function retryHistory(): void {
  void read()
}

/** Follows the shown pipeline and its runs. Returns the way to stop. */
export function followPipelineHistory(): () => void {
  const look = () => {
    const shown = activeDocument()?.pipeline?.id ?? null
    if (shown === id) return
    id = shown
    reading?.abort()
    reading = null
    usePipelineHistory.setState(NOTHING)
    if (wanted) void read()
  }
  const changed = () => {
    usePipelineHistory.setState(({ version }) => ({ version: version + 1 }))
    if (wanted) void read()
  }
  const stops = [
    useDocuments.subscribe(look),
    onWorkspaceChange((change) => {
      if (change.type === 'run' && !change.summary.live && change.summary.pipeline === id) changed()
      if (change.type === 'runDeleted') changed()
    }),
  ]
  look()
  return () => {
    for (const stop of stops) stop()
  }
}

async function read(): Promise<void> {
  if (id === null) return
  reading?.abort()
  const own = new AbortController()
  reading = own
  try {
    const question = { workspace: workspaceRoot(), pipeline: id, limit: HISTORY_RUNS }
    const { pipeline, tasks } = await api().history.pipeline(question, { signal: own.signal })
    if (own.signal.aborted) return
    usePipelineHistory.setState({ pipeline, tasks: new Map(tasks.map((task) => [task.task, task])), error: null })
  } catch (error) {
    if (!own.signal.aborted) usePipelineHistory.setState({ error: callErrorOf(error) })
  } finally {
    if (reading === own) reading = null
  }
}
