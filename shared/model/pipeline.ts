import type { Micros } from './time.ts'

/**
 * The normalised pipeline: what a valid document means, with defaults applied and durations in microseconds.
 * Texts that may hold `${{ }}` are kept as written; `shared/expression` compiles them.
 */
export interface Pipeline {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly tags: readonly string[]
  readonly schedule: Schedule | null
  readonly params: ReadonlyMap<string, Parameter>
  readonly env: ReadonlyMap<string, string>
  /** Slots of one run; null: the machine's CPU count. */
  readonly concurrency: number | null
  /** Longest a whole run may take; null: no limit. */
  readonly timeout: Micros | null
  /** The first final failure of a required task cancels what runs and what waits. */
  readonly failFast: boolean
  /** Ids of the tasks that run once everything else has ended: after a success (a partial one too), after a failure. */
  readonly onSuccess: readonly string[]
  readonly onFailure: readonly string[]
  readonly pools: ReadonlyMap<string, number>
  readonly slo: Slo | null
  /** In file order, which breaks ties everywhere. */
  readonly tasks: readonly Task[]
  readonly groups: readonly Group[]
  readonly notes: readonly Note[]
  /** Top-left corners in canvas pixels, only of tasks a person (or a layout) has placed. */
  readonly canvas: ReadonlyMap<string, readonly [x: number, y: number]>
}

export const TASK_KINDS = ['shell', 'python', 'javascript', 'sql', 'http', 'check', 'noop'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

export type TriggerRule =
  | 'all_success'
  | 'all_failed'
  | 'all_done'
  | 'all_done_min_one_success'
  | 'one_success'
  | 'one_failed'
  | 'one_done'
  | 'none_failed'
  | 'none_failed_min_one_success'
  | 'none_skipped'
  | 'all_skipped'
  | 'always'
export const TRIGGER_RULES: readonly TriggerRule[] = [
  'all_success',
  'all_failed',
  'all_done',
  'all_done_min_one_success',
  'one_success',
  'one_failed',
  'one_done',
  'none_failed',
  'none_failed_min_one_success',
  'none_skipped',
  'all_skipped',
  'always',
]

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

export interface Schedule {
  readonly cron: string
  readonly timezone: string
  readonly catchup: boolean
}

export type ParameterType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object'
export interface Parameter {
  readonly type: ParameterType
  /** undefined: the person must give a value. */
  readonly default: Json | undefined
  readonly description: string
  readonly enum: readonly Json[] | null
  readonly minimum: number | null
  readonly maximum: number | null
}

export interface Slo {
  /** Percentile name ('p95') to the longest acceptable duration. */
  readonly duration: ReadonlyMap<string, Micros>
  /** 0 to 1. */
  readonly successRate: number | null
  readonly finishBy: { readonly at: string; readonly timezone: string } | null
  readonly windowRuns: number
}

export interface RetryPolicy {
  /** Further attempts after the first. */
  readonly limit: number
  readonly delay: Micros
  readonly backoff: 'fixed' | 'linear' | 'exponential'
  readonly factor: number
  readonly maxDelay: Micros | null
  readonly jitter: 'none' | 'full'
  /** Exit codes worth a retry; null: every failure. */
  readonly retryOn: readonly number[] | null
}

export interface Need {
  readonly task: string
  /** `${{ … }}`; null: unconditional. */
  readonly when: string | null
}

/** What a task repeats over. `list` and the values of `matrix` are JSON or one whole `${{ … }}`. */
export type ForEach =
  | { readonly type: 'list'; readonly list: readonly Json[] | string }
  | { readonly type: 'matrix'; readonly matrix: ReadonlyMap<string, readonly Json[] | string> }
  | { readonly type: 'each'; readonly task: string }

export interface Estimate {
  readonly min: Micros
  readonly likely: Micros
  readonly max: Micros
}

export interface PoolUse {
  readonly name: string
  readonly slots: number
}

export interface TaskCommon {
  readonly id: string
  /** Earlier ids of the same task, written when it is renamed, so that its history follows. */
  readonly aliases: readonly string[]
  readonly name: string
  readonly docs: string
  readonly owner: string
  readonly tags: readonly string[]
  readonly layer: string
  readonly needs: readonly Need[]
  readonly triggerRule: TriggerRule
  readonly required: boolean
  readonly when: string | null
  readonly branch: string | null
  readonly forEach: ForEach | null
  readonly maxParallel: number | null
  readonly failFast: boolean
  readonly pool: PoolUse | null
  readonly priority: number
  readonly timeout: Micros | null
  readonly retries: RetryPolicy
  readonly env: ReadonlyMap<string, string>
  readonly secrets: readonly string[]
  readonly cwd: string | null
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly estimate: Estimate | null
  readonly cache: boolean
  readonly slo: Slo | null
  /** sql: name to query; http: name to expression over `response`; other kinds: empty. */
  readonly outputs: ReadonlyMap<string, string>
}

export interface ShellTask extends TaskCommon {
  readonly kind: 'shell'
  readonly run: string
  /** null: bash where there is one, else sh; on Windows PowerShell. */
  readonly shell: 'bash' | 'sh' | 'powershell' | 'cmd' | null
}
export interface PythonTask extends TaskCommon {
  readonly kind: 'python'
  readonly code: string
  readonly interpreter: string | null
}
export interface JavascriptTask extends TaskCommon {
  readonly kind: 'javascript'
  readonly code: string
  readonly interpreter: string | null
}
export interface SqlTask extends TaskCommon {
  readonly kind: 'sql'
  readonly sql: string
  /** DuckDB file relative to the working directory; null: the pipeline's own database. */
  readonly database: string | null
  readonly connection: string | null
  readonly transaction: 'task' | 'none'
}
export interface CheckTask extends TaskCommon {
  readonly kind: 'check'
  /** Rows it returns are violations. */
  readonly sql: string
  readonly database: string | null
  readonly connection: string | null
  readonly severity: 'error' | 'warn'
}
export interface HttpTask extends TaskCommon {
  readonly kind: 'http'
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: string | null
  readonly expect: readonly number[] | null
}
export interface NoopTask extends TaskCommon {
  readonly kind: 'noop'
}
export type Task = ShellTask | PythonTask | JavascriptTask | SqlTask | CheckTask | HttpTask | NoopTask

/** Groups may nest: a group's `tasks` may name other groups. A task or group is in at most one group. */
export interface Group {
  readonly id: string
  readonly name: string
  readonly tasks: readonly string[]
  readonly color: string | null
}

export interface Note {
  readonly id: string
  /** Markdown. */
  readonly text: string
  readonly at: readonly [x: number, y: number]
  readonly size: readonly [width: number, height: number]
}

/** The shared part of `dagwright.yaml`. */
export interface WorkspaceConfig {
  readonly pools: ReadonlyMap<string, number>
  /** Slots over all runs of the workspace; null: no limit of its own. */
  readonly slots: number | null
  readonly interpreters: { readonly python: string | null; readonly node: string | null }
  readonly connections: ReadonlyMap<string, Connection>
  readonly retention: { readonly runs: number; readonly bytes: number }
  /** What one slot costs for an hour, for the what-if's cost; null: not stated. */
  readonly slotPrice: { readonly perHour: number; readonly currency: string } | null
}
export interface Connection {
  readonly type: 'duckdb' | 'sqlite' | 'postgres' | 'http'
  readonly url: string
  readonly secret: string | null
}
