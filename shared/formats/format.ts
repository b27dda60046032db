import type { Pipeline } from '../model/pipeline.ts'

/**
 * One target system. `export` is pure and deterministic: the same pipeline gives the same bytes, and an edit of one
 * task changes only that task's lines. Nothing is dropped silently: what the target cannot express is in `losses`.
 */
export interface Exporter {
  /** As `dagwright export --to` takes it. */
  readonly id: string
  readonly title: string
  /** One sentence on what a teammate gets. */
  readonly description: string
  /** With the dot. */
  readonly fileExtension: string
  /** Takes a valid pipeline: validated, without cycles. */
  export(pipeline: Pipeline, options: ExportOptions): Export
}

export interface ExportOptions {
  /** The pipeline's file, relative to the workspace, to be named as the source; null: not named. */
  readonly source: string | null
}

export interface Export {
  readonly files: readonly ExportedFile[]
  readonly losses: readonly Loss[]
}

export interface ExportedFile {
  /** Relative, with `/`; safe as a file name on every system. */
  readonly path: string
  readonly text: string
  readonly language: 'python' | 'markdown' | 'mermaid' | 'json' | 'yaml'
}

export interface Loss {
  /** What is lost, in a word or two: "Retry jitter". The same for every task it concerns. */
  readonly feature: string
  readonly where: {
    /** The key in the pipeline file: `retries.jitter`. */
    readonly field: string
    /** In file order; empty: the pipeline as a whole. */
    readonly tasks: readonly string[]
  }
  /** What the target cannot express. */
  readonly message: string
  /** What was written instead. */
  readonly instead: string
}
