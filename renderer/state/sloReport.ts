import { create } from 'zustand'
import type { Objective, SloReport, SloStatus } from '#shared/analysis/slo.ts'
import { type CallError, callErrorOf } from '../runs/use-call.ts'
import { api } from './client.ts'
import { activeDocument, type OpenDocument, useDocuments } from './documents.ts'
import { useNextRun } from './nextRun.ts'
import { usePipelineHistory } from './pipelineHistory.ts'
import { workspaceRoot } from './workspace.ts'

/** How far the objectives of the shown pipeline are kept, by its file as saved and its past runs. */
interface Report {
  /** null: the pipeline has none, or they were not read yet. */
  readonly report: SloReport | null
  readonly reading: boolean
  readonly error: CallError | null
}

const NOTHING: Report = { report: null, reading: false, error: null }

export const useSloReport = create<Report>(() => NOTHING)

let reading: AbortController | null = null

export function hasObjectives({ pipeline }: Pick<OpenDocument, 'pipeline'>): boolean {
  return pipeline !== null && (pipeline.slo !== null || pipeline.tasks.some((task) => task.slo !== null))
}

/** Reads the report again once the file is saved, a run has ended or the next run was simulated. Returns the way to stop. */
export function followSloReport(): () => void {
  let seen: readonly unknown[] = []
  const look = () => {
    const document = activeDocument()
    const asked = document !== null && document.asRun === null && document.version !== null && hasObjectives(document)
    const { drawing, chances } = useNextRun.getState()
    const { version } = usePipelineHistory.getState()
    const now = asked ? [document.path, document.version, version, drawing ? seen[3] : chances] : []
    if (now.length === seen.length && now.every((value, index) => value === seen[index])) return
    if (now[0] !== seen[0]) useSloReport.setState(NOTHING)
    seen = now
    reading?.abort()
    if (asked) void read(document.path)
  }
  const stops = [useDocuments.subscribe(look), useNextRun.subscribe(look), usePipelineHistory.subscribe(look)]
  look()
  return () => {
    for (const stop of stops) stop()
  }
}

async function read(path: string): Promise<void> {
  const own = new AbortController()
  reading = own
  useSloReport.setState({ reading: true, error: null })
  try {
    const { chances } = useNextRun.getState()
    const question = { workspace: workspaceRoot(), path, ...(chances ? { chances: [...chances] } : {}) }
    const report = await api().history.slo(question, { signal: own.signal })
    if (!own.signal.aborted) useSloReport.setState({ report, reading: false })
  } catch (error) {
    if (!own.signal.aborted) useSloReport.setState({ reading: false, error: callErrorOf(error) })
  }
}

/** Reads the report again after it failed. */
export function retrySloReport(): void {
  const document = activeDocument()
  if (document) void read(document.path)
}

export const SLO_LABELS: Readonly<Record<SloStatus, string>> = {
  met: 'Met',
  at_risk: 'At risk',
  missed: 'Missed',
  no_data: 'No data',
}

/** "load: p95 within 5 m was kept by 17 of 20 runs". */
export function objectiveText({ task, promise, kept, judged }: Objective): string {
  return `${task ?? 'The pipeline'}: ${promise}, kept by ${kept} of ${judged} ${judged === 1 ? 'run' : 'runs'}`
}
