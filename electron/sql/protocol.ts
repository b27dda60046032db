import type { DataPreview, QueryResult } from '#shared/contract/data.ts'
import type { Json } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'

/**
 * What engine and SQL host say to each other: one JSON object a line, as with the spawner, but the host answers over a
 * pipe of its own (`LINE`). One host owns one file.
 */
export type ToSqlHost = RunSql | InterruptSql | PreviewData | QuerySql

export interface RunSql {
  readonly type: 'run'
  readonly id: number
  /** Rendered: values are literals already. */
  readonly sql: string
  /** Absolute: relative paths in the SQL start here. */
  readonly cwd: string
  /** Run as one transaction, or every statement by itself. */
  readonly transaction: 'task' | 'none'
  /** Attached before, detached after, and made the default catalog. */
  readonly attach: Attachment | null
  /** Output name to query. */
  readonly outputs: readonly { readonly name: string; readonly sql: string }[]
  /** For a check: the rows it returns are violations. */
  readonly check: 'error' | 'warn' | null
  readonly log: string
  /** Where the first rows of the last query go, as a `DataPreview`; nothing is written where there is no query. */
  readonly result: string
  readonly epoch: Micros
  readonly secrets: readonly string[]
}

export interface Attachment {
  readonly name: string
  readonly type: 'sqlite' | 'postgres'
  readonly url: string
  /** The workspace's Python: DuckDB's extensions may be installed there as packages; null: there is none. */
  readonly python: string | null
}

export interface InterruptSql {
  readonly type: 'interrupt'
  readonly id: number
}

/** Of a file by its ending (Parquet, CSV, JSON), or of the tables of the host's own database. */
export interface PreviewData {
  readonly type: 'preview'
  readonly id: number
  /** null: the host's own database. */
  readonly path: string | null
  /** Absolute: what its views may read is below. */
  readonly workspace: string
  readonly table: string | null
  readonly limit: number
}

/** One reading statement over what `setup` loads; files are out of reach once it has. */
export interface QuerySql {
  readonly type: 'query'
  readonly id: number
  readonly setup: readonly string[]
  readonly sql: string
  /** Rows at most. */
  readonly limit: number
}

export type FromSqlHost = SqlStarted | SqlEnded | SqlPreviewed | SqlQueried

export interface SqlQueried {
  readonly type: 'queried'
  readonly id: number
  readonly result: QueryResult | null
  /** Why there is none: what DuckDB says, or that the statement is not one that only reads. */
  readonly problem: string | null
}

export interface SqlStarted {
  readonly type: 'started'
  readonly id: number
  /** `monotonic()` when it started: the message may come later. */
  readonly at: Micros
}

export interface SqlEnded {
  readonly type: 'ended'
  readonly id: number
  readonly outcome: 'success' | 'failed' | 'interrupted'
  readonly outputs: Readonly<Record<string, Json>>
  /** Why it failed; for a check the violations in a few words. Masked. */
  readonly message: string | null
  /** Violations of a check. */
  readonly violations: number | null
  /** Whether there is a log. */
  readonly logged: boolean
}

export interface SqlPreviewed {
  readonly type: 'previewed'
  readonly id: number
  readonly preview: DataPreview | null
  readonly problem: string | null
}
