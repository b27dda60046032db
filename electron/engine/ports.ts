import type { JournalEvent, Mark, RunEnded, RunHeader, SuccessSource } from '#shared/journal/event.ts'
import type { Json, Pipeline, WorkspaceConfig } from '#shared/model/pipeline.ts'

/**
 * What the engine needs of the disk. The store's run folder has this shape; `api` hands it over, so that neither
 * imports the other and a test can pass an in-memory twin.
 */
export interface RunStorage {
  /** Absolute path of the run's folder. */
  readonly directory: string
  /** Resolves once the events are durable, in order; rejects with an AppError (DISK_FULL, READ_ONLY, IO_ERROR). */
  append(events: readonly JournalEvent[]): Promise<void>
  /** Absolute path of the attempt's log; its folder exists. The format: shared/journal/log-line.ts. */
  logPath(task: string, index: number | null, attempt: number): string
  /** Absolute path of a private folder for one attempt (not created); removed after it. */
  scratchPath(task: string, index: number | null, attempt: number): string
  close(): Promise<void>
}

/**
 * Successes that need not run, by `instanceLabel`: reused from an earlier run, or pinned. One under a mapped task's bare
 * id covers all its instances.
 */
export type SatisfiedTasks = ReadonlyMap<
  string,
  {
    readonly origin: 'reused' | 'pinned'
    readonly outputs: Readonly<Record<string, Json>>
    readonly source?: SuccessSource
  }
>

export interface RunRequest {
  readonly header: RunHeader
  readonly pipeline: Pipeline
  readonly storage: RunStorage
  /** Absolute. */
  readonly workspaceRoot: string
  /** Absolute path of the pipeline file: its folder is every task's working directory. */
  readonly file: string
  readonly config: WorkspaceConfig
  /** The value of a secret, or undefined where there is none. Never written anywhere. */
  readonly secret: (name: string) => string | undefined
  readonly satisfied: SatisfiedTasks
  /** What a file or folder (absolute) holds now; null where there is nothing. Never rejects. */
  readonly contentOf: (path: string) => Promise<{ readonly size: number; readonly hash: string | null } | null>
  /** Earlier results by the key of their work; null: the run looks nothing up and keeps nothing. Never rejects. */
  readonly cache: {
    /** The outputs, and the run that made them; null where that is not known. */
    find(key: string): Promise<{ readonly outputs: Readonly<Record<string, Json>>; readonly run: string | null } | null>
    /** `writes`: absolute paths that must still be as they are now when the result is found. */
    keep(
      key: string,
      result: {
        readonly outputs: Readonly<Record<string, Json>>
        readonly writes: readonly string[]
        readonly run: string
      },
    ): Promise<void>
  } | null
  /** For a resume: all events of the journal so far (the header first). Empty for a new run. */
  readonly past: readonly JournalEvent[]
  /** For a run that has ended: what a person marks, which opens it again. Else empty. */
  readonly marks: readonly Mark[]
  /** Every durable batch, in order, right after it became durable. */
  readonly onEvents: (events: readonly JournalEvent[]) => void
}

export interface RunHandle {
  readonly run: string
  /** Asks the tasks to end (SIGTERM, then SIGKILL after the grace time); `kill`: at once. Safe to call again. */
  cancel(kill: boolean): void
  /** False, with nothing done, where the run has ended: open it again with `RunRequest.marks`. */
  mark(mark: Mark): boolean
  /** Never rejects: a run that had to stop because its journal could not be written says so. */
  readonly done: Promise<
    | { readonly state: RunEnded['state'] }
    | { readonly state: 'interrupted'; readonly error: import('#shared/contract/error.ts').AppErrorData }
  >
}

export interface Engine {
  /** Resolves once the run has begun, which takes a while for a large one: the process answers others meanwhile. */
  start(request: RunRequest): Promise<RunHandle>
  readonly live: ReadonlyMap<string, RunHandle>
  /** First rows of a table or of a Parquet, CSV or JSON file, through the SQL host. Paths are absolute. */
  preview(request: PreviewRequest): Promise<import('#shared/contract/data.ts').DataPreview>
  /** Ends all runs (as `cancel(true)`), then the spawner and the SQL hosts. */
  dispose(): Promise<void>
}

export interface PreviewRequest {
  /** Absolute: views of a database reach no files but those below. */
  readonly workspace: string
  readonly path: string
  readonly table: string | null
  readonly limit: number
}
