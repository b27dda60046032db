import { useEffect, useMemo, useState } from 'react'
import type { RushAnswer } from '#shared/analysis/planner.ts'
import { type ReadRush, readRushSource } from '#shared/analysis/planner-file.ts'
import type { Rush } from '#shared/analysis/planner-input.ts'
import type { PipelineDocument } from '#shared/model/document.ts'
import type { Problem } from '#shared/model/problem.ts'
import { askPlanner } from './ask-planner.ts'
import { loadRush } from './rush-load.ts'

export interface PlannedRush {
  readonly rush: Rush
  readonly answer: RushAnswer
}

export interface RushState {
  readonly read: ReadRush
  /** The last one there was: while a newer question is asked it stays, and `planning` says so. */
  readonly planned: PlannedRush | null
  readonly planning: boolean
  /** Why this cannot be planned, beyond what the document's own problems say. */
  readonly problems: readonly Problem[]
}

type Found = Pick<RushState, 'planned' | 'problems'> & { readonly of: PipelineDocument | null }
const NOTHING: Found = { of: null, planned: null, problems: [] }

/** Plans the document, and anew whenever its text changes; what was asked before is given up then. */
export function useRushAnswer(document: PipelineDocument, path: string): RushState {
  const read = useMemo(() => readRushSource(document.source), [document])
  const [found, setFound] = useState<Found>(NOTHING)
  useEffect(() => {
    const { rush } = read
    if (rush === null) return
    const asked = new AbortController()
    const refuse = (problems: readonly Problem[]) => setFound({ of: document, planned: null, problems })
    loadRush(read, rush, document.source, path, asked.signal).then(
      (loaded) => {
        if (asked.signal.aborted) return
        if (!loaded.ok) return refuse(loaded.problems)
        const stop = askPlanner(loaded.value, (answer) => {
          if (!answer.ok) refuse(answer.problems)
          else setFound({ of: document, planned: { rush: loaded.value, answer: answer.value }, problems: [] })
        })
        asked.signal.addEventListener('abort', stop)
      },
      () => undefined,
    )
    return () => asked.abort()
  }, [document, read, path])
  return {
    read,
    planned: read.rush === null ? null : found.planned,
    planning: read.rush !== null && found.of !== document,
    problems: found.of === document ? found.problems : [],
  }
}
