import type { AppErrorData } from '#shared/contract/error.ts'
import type { AttemptOutcome, Reason } from '#shared/journal/event.ts'
import type { Json, Task, WorkspaceConfig } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import type { Expressions } from './expressions.ts'
import type { Outputs } from './outputs.ts'
import type { SpawnerClient } from './spawner-client.ts'
import type { SqlHosts } from './sql-hosts.ts'

/** What an attempt runs in; the same for every kind. */
export interface AttemptContext {
  readonly run: string
  /** `extract` or `by_airport[3]`: how reasons and notes name it. */
  readonly label: string
  /** Absolute; exists, as far as was seen. */
  readonly cwd: string
  /** Absolute paths. */
  readonly folder: string
  readonly workspaceRoot: string
  readonly stateFolder: string
  readonly pipelineId: string
  readonly environment: Readonly<Record<string, string>>
  /** Values to mask. */
  readonly secrets: readonly string[]
  readonly secret: (name: string) => string | undefined
  readonly log: string
  readonly scratch: string
  /** Name of the output file inside `scratch`. */
  readonly output: string
  /** `monotonic()` at t = 0 of the run. */
  readonly epoch: Micros
  readonly graceMilliseconds: number
  readonly config: WorkspaceConfig
  readonly expressions: Expressions
  readonly spawner: SpawnerClient
  readonly sql: SqlHosts
  /** The Node to run javascript with where neither the workspace nor PATH has one. */
  readonly ownNode: { readonly path: string; readonly environment: Readonly<Record<string, string>> }
  /** Calls `begin` once what released the attempt is durable: nothing of its task may run before. */
  readonly whenReleased: (begin: () => void) => void
  /** Call once when it runs, with the process where it has one of its own. `at`: `monotonic()` then; default: now. */
  readonly onStarted: (pid: number | null, at?: Micros) => void
}

export interface AttemptResult {
  readonly outcome: AttemptOutcome
  /** Whether trying again could mend it. */
  readonly retryable: boolean
  /** How long to wait before that, where what was tried said so; else the task's policy decides. */
  readonly retryAfter?: Micros
  readonly exitCode: number | null
  readonly signal: string | null
  /** Bytes. */
  readonly peakMemory: number | null
  readonly cpu: Micros | null
  /** Of a success. */
  readonly outputs: Outputs | null
  readonly reason: Reason | null
  /** Something stands in its log. */
  readonly logged?: true
  /** The engine itself cannot go on, so this says nothing about the task: the run is interrupted. */
  readonly engineFailure?: AppErrorData
}

export interface RunningAttempt {
  /** Asks it to end; with `kill` at once. Safe to call again. */
  stop(kill: boolean): void
  /** Never rejects. */
  readonly done: Promise<AttemptResult>
}

/** Starts one attempt of a task of one kind. Throws an ExpressionError where an expression of the task is wrong. */
export type Runner<T extends Task> = (task: T, context: AttemptContext) => RunningAttempt

const NOTHING = { exitCode: null, signal: null, peakMemory: null, cpu: null, outputs: null, reason: null }

export function succeeded(outputs: Readonly<Record<string, Json>>): AttemptResult {
  return { ...NOTHING, outcome: 'success', retryable: true, outputs }
}

export function failed(reason: Reason, retryable: boolean): AttemptResult {
  return { ...NOTHING, outcome: 'failed', retryable, reason }
}

/** The process that ran it died under it. `complaint`: its last words. */
export function lost(label: string, complaint: string): AttemptResult {
  const message = `The process that ran \`${label}\` ended unexpectedly${whyIn(complaint)}`
  return { ...NOTHING, outcome: 'lost', retryable: true, reason: { code: 'lost', message } }
}

/** No process can be started at all. */
export function unstartable(label: string, complaint: string): AttemptResult {
  const engineFailure: AppErrorData = {
    code: 'ENGINE_FAILED',
    message: `The process that starts tasks does not come up${whyIn(complaint)}`,
    next: 'Look at what `dagwright doctor` says, then resume the run.',
  }
  return { ...lost(label, complaint), engineFailure }
}

/** The telling line of what a process said last. */
function whyIn(complaint: string): string {
  const lines = complaint.split('\n')
  const words = (lines.find((line) => /error|fatal|abort|signal/i.test(line)) ?? lines[0]!).trim()
  return words === '' ? '' : `: ${words.slice(0, 300)}`
}

/** An attempt that is over before it began. */
export function endedAtOnce(result: AttemptResult): RunningAttempt {
  return { stop: () => undefined, done: Promise.resolve(result) }
}
