import type { ExportedFile, Loss } from '#shared/formats/format.ts'
import { EXPORTERS } from '#shared/formats/registry.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { EditorLanguage } from '../editor/languages.ts'

export interface TextTarget {
  readonly id: string
  readonly title: string
  readonly description: string
}

export const TEXT_TARGETS: readonly TextTarget[] = EXPORTERS

export interface TextExport {
  readonly files: readonly ExportedFile[]
  readonly losses: readonly Loss[]
}

/** Throws (a bug) where there is no such target. */
export function exportTo(id: string, pipeline: Pipeline, source: string | null): TextExport {
  const exporter = EXPORTERS.find((other) => other.id === id)
  if (exporter === undefined) throw new Error(`There is no export to ${id}.`)
  return exporter.export(pipeline, { source })
}

/** What the editor colours a file as. */
export function languageOf(file: ExportedFile): EditorLanguage {
  return file.language === 'mermaid' ? 'plaintext' : file.language
}

/** How many tasks and fields a report concerns, for its badge: each task counts. */
export function lossCount(losses: readonly Loss[]): number {
  return losses.reduce((sum, loss) => sum + Math.max(1, loss.where.tasks.length), 0)
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
