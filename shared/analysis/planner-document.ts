import type { PipelineDocument } from '../model/document.ts'
import { rangeOf, readSource } from '../model/source.ts'
import { readRushSource } from './planner-file.ts'

/** True for the files of the planner; all others that are opened are pipelines. */
export function isPlanPath(path: string): boolean {
  return path.endsWith('.plan.yaml')
}

/** A planner's file as a document that draws no pipeline: edited, checked and located as the others are. Never throws. */
export function planDocument(text: string): PipelineDocument {
  const source = readSource(text)
  const { problems } = readRushSource(source)
  const offset = (problem: (typeof problems)[number]) => problem.range?.start.offset ?? 0
  return {
    text,
    source,
    pipeline: null,
    problems: [...problems].sort((a, b) => offset(a) - offset(b)),
    editable: source.sound,
    locate: (path) => rangeOf(source, path),
    taskAt: () => undefined,
  }
}
