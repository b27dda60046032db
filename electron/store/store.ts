import type { RunFacts } from '#shared/analysis/run-facts.ts'
import type { DataPreview, DocumentContent, FrozenRun, LogChunk, RunSummary } from '#shared/contract/data.ts'
import type { ImportedRun } from '#shared/formats/format.ts'
import type { JournalDamage } from '#shared/journal/codec.ts'
import type { JournalEvent, RunHeader, SuccessSource } from '#shared/journal/event.ts'
import type { Json, WorkspaceConfig } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import type { ContentHashes } from './content-hash.ts'
import type { Pins } from './pins.ts'
import type { PipelineListing } from './pipeline-listing.ts'
import type { Results } from './results.ts'

/**
 * What the api imports of the store, in one place. Every function that touches the disk rejects with an AppError
 * (shared/contract/error.ts) for what a person can meet, and with anything else only for bugs. Relative paths use `/`.
 *
 * openStore(path, options)         workspace-store.ts   a workspace's files
 * userDataFolder(env, platform)    user-data.ts         where a person's own things are kept
 * trustOf, settingsOf, recentOf    trust.ts settings.ts recent.ts
 * acquireLock, lockHolder          lock.ts              one engine per workspace
 * copySample                       sample.ts
 * nodeDisk                         disk.ts              the disk; memory-disk.testing.ts is its twin
 */
export interface WorkspaceStore {
  /** Absolute, real path. */
  readonly root: string
  /** Last part of the root. */
  readonly name: string
  /** The folder cannot be written: state is in the user's data folder, documents cannot be saved. */
  readonly readOnly: boolean
  /** Absolute path of `.dagwright` (or of its stand-in in the user's data folder). */
  readonly stateFolder: string
  /** The pipeline file the store was opened with, relative; null where it was a folder. */
  readonly file: string | null
  /** Absolute path of something in the workspace; rejects with OUTSIDE_WORKSPACE. It need not exist. */
  resolve(relative: string): Promise<string>
  /** `dagwright.yaml`; defaults where there is none. Problems name what is wrong with it. */
  config(): Promise<{ config: WorkspaceConfig; problems: readonly Problem[] }>
  /** Relative paths of the `*.dag.yaml` files, sorted. */
  pipelineFiles(): Promise<readonly string[]>
  /** The same of the `*.plan.yaml` files. */
  planFiles(): Promise<readonly string[]>
  readonly documents: Documents
  readonly listing: PipelineListing
  readonly runs: Runs
  readonly pins: Pins
  readonly results: Results
  readonly hashes: ContentHashes
  /**
   * What the last `limit` runs of a pipeline (null: of all of them) came to, newest first. Folded once and kept in
   * `cache/facts`, which may be deleted.
   */
  records(pipeline: string | null, limit: number): Promise<readonly RunRecord[]>
  /** Durations that other systems recorded, by pipeline. */
  readonly imported: ImportedRuns
  /**
   * Reports pipeline and planner files and `dagwright.yaml` that were changed, added (`version`: SHA-256 in hex) or removed (null)
   * by anyone, our own saves included; compare versions. Ends with the returned function.
   */
  watch(onChange: (change: FileChange) => void): Promise<() => void>
}

export interface RunRecord {
  /** As of a run that is not live. */
  readonly summary: RunSummary
  readonly facts: RunFacts
  /** Absolute path. */
  readonly journal: string
}

export interface ImportedRuns {
  /** null where there are none, or what is kept cannot be read. */
  get(pipeline: string): Promise<ImportedRun | null>
  put(run: ImportedRun): Promise<void>
}

export interface FileChange {
  readonly path: string
  readonly version: string | null
}

export interface Documents {
  /** NOT_FOUND, FILE_TOO_LARGE (over 5 MB), FILE_NOT_TEXT, OUTSIDE_WORKSPACE. A BOM stays in the text. */
  read(path: string): Promise<DocumentContent>
  /**
   * Replaces the file at once or not at all, and discards its recovery copy. `baseVersion`: what the text was made from,
   * null for a new file. FILE_CHANGED_ON_DISK carries `details: { text, version }` of the disk, FILE_GONE where the file
   * was removed; `force` writes nevertheless.
   */
  write(path: string, text: string, baseVersion: string | null, force?: boolean): Promise<{ version: string }>
  saveRecovery(path: string, text: string, baseVersion: string | null): Promise<{ savedAt: string }>
  discardRecovery(path: string): Promise<void>
}

/** RunStorage of electron/engine/ports.ts, said again because the two rooms don't import each other. */
export interface RunFolder {
  readonly directory: string
  append(events: readonly JournalEvent[]): Promise<void>
  logPath(task: string, index: number | null, attempt: number): string
  scratchPath(task: string, index: number | null, attempt: number): string
  close(): Promise<void>
}

export interface StoredRun {
  readonly header: RunHeader
  readonly events: readonly JournalEvent[]
  /** Where the journal stops being readable. A torn last line after a crash is no damage: `truncated` never shows here. */
  readonly damaged: JournalDamage | null
}

/** An instance that need not run, and what it hands on. */
export interface GivenSuccess {
  /** As `instanceLabel` writes it. */
  readonly label: string
  readonly origin: 'reused' | 'pinned'
  readonly outputs: Readonly<Record<string, Json>>
  readonly source?: SuccessSource
}

export interface LogAddress {
  readonly task: string
  readonly index: number | null
  readonly attempt: number
}

export interface Runs {
  /** An id that sorts by time: `20261121T121455Z-k3f9`. */
  newId(now: Date): string
  /**
   * Makes the folder with the frozen spec. The header is the first event to append. `given`: successes that need not run,
   * by instance label, as JSON; kept so that a resume takes the same ones.
   */
  create(header: RunHeader, spec: string, given?: readonly GivenSuccess[]): Promise<RunFolder>
  /** What `create` was given. Empty where it was nothing, or the run is an older one. */
  given(run: string): Promise<readonly GivenSuccess[]>
  /** For a resume: cuts a torn last line off, then appends. RUN_NOT_FOUND, JOURNAL_CORRUPT. */
  open(run: string): Promise<RunFolder>
  /**
   * Newest first. `live`: runs an engine is writing. `known`: summaries of such runs, whose growing journals are not read
   * then.
   */
  /** Of all runs, newest first. */
  ids(): Promise<readonly string[]>
  list(query: {
    pipeline?: string
    limit?: number
    live: ReadonlySet<string>
    known?: ReadonlyMap<string, RunSummary>
  }): Promise<readonly RunSummary[]>
  summary(run: string, live: boolean): Promise<RunSummary>
  /** RUN_NOT_FOUND, JOURNAL_CORRUPT (not even a header). Reads in portions, never blocking for long. */
  read(run: string): Promise<StoredRun>
  /** What the run began with: its header and the text of its frozen spec, '' where that is gone. Else as `read`. */
  frozen(run: string): Promise<FrozenRun>
  /**
   * Lines of an attempt's log from byte `after` (0, or an earlier chunk's `next`), about `limit` bytes. `ended`: the attempt
   * writes no more, so that its last line is complete. A log that does not exist (yet) is empty.
   */
  log(run: string, address: LogAddress, after: number, limit: number, ended: boolean): Promise<LogChunk>
  /** First rows of the last query of an attempt; null where it had none, or they are gone. */
  result(run: string, address: LogAddress): Promise<DataPreview | null>
  delete(run: string): Promise<void>
  /** Removes the oldest ended runs beyond the limits; never live ones, or ones that came with a sample. Returns their ids. */
  retain(limits: { runs: number; bytes: number }, live: ReadonlySet<string>): Promise<readonly string[]>
}
