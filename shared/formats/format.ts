import type { Pipeline } from '../model/pipeline.ts'
import type { Result } from '../model/problem.ts'
import type { Micros } from '../model/time.ts'

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

/** One system whose files become pipelines. `import` is pure and never executes what it reads. */
export interface Importer {
  /** As `dagwright import --from` takes it. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** Largest file that is read, in bytes. */
  readonly maxBytes: number
  /** Problems name their place in the text: by line, or by path of keys. */
  import(text: string, options: ImportOptions): Result<Import>
}

export interface ImportOptions {
  /** Id of the pipeline; null: one made from what the file calls itself. */
  readonly id: string | null
  /** What tasks do when they are run: nothing, or the command that the file records. */
  readonly tasks: 'noop' | 'command'
}

export interface Import {
  readonly pipeline: string
  /** The pipeline file. */
  readonly text: string
  readonly losses: readonly Loss[]
  /** What the file records of a run; null where it records none. */
  readonly run: ImportedRun | null
}

/**
 * Durations that another system measured (origin `imported`): a basis for the plan. There are no starts and no waits in
 * it, so no Gantt, queue time or realized path is made of it.
 */
export interface ImportedRun {
  /** Id of the importer. */
  readonly source: string
  readonly pipeline: string
  /** When it ran, as the file writes it; null where it does not say. */
  readonly recordedAt: string | null
  readonly makespan: Micros | null
  /** Run time by task, in file order; a task without a recorded one is left out. */
  readonly tasks: readonly (readonly [task: string, duration: Micros])[]
}
