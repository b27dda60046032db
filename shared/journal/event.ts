import type { Json } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'

/**
 * A run is an append-only journal of these events, one a line (see codec.ts). Live status, Gantt, history, the realized
 * path and crash recovery are folds over it. `t` is microseconds since the run's epoch (the header is at t = 0); only
 * `run`, `resumed` and `suspended` tie it to the wall clock.
 */
export type JournalEvent = { readonly n: number; readonly t: Micros } & JournalBody

export type JournalBody =
  | RunHeader
  | Resumed
  | Suspended
  | Answered
  | Expanded
  | Queued
  | Starting
  | Started
  | Finished
  | Retrying
  | Settled
  | CancelRequested
  | CapacityChanged
  | Marked
  | Reset
  | Satisfied
  | InterpreterNoted
  | InputsNoted
  | RunEnded

export type InstanceState =
  | 'pending'
  | 'queued'
  | 'running'
  | 'retrying'
  | 'success'
  | 'failed'
  | 'skipped'
  | 'upstream_failed'
  | 'cancelled'
export const INSTANCE_STATES: readonly InstanceState[] = [
  'pending',
  'queued',
  'running',
  'retrying',
  'success',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
]
export type FinalState = 'success' | 'failed' | 'skipped' | 'upstream_failed' | 'cancelled'
export type AttemptState = 'running' | 'success' | 'failed' | 'timed_out' | 'cancelled' | 'lost'
export type AttemptOutcome = Exclude<AttemptState, 'running'>
export type RunState = 'queued' | 'running' | 'success' | 'partial' | 'failed' | 'cancelled' | 'interrupted'
/** Only executed successes enter statistics. `imported` durations come from other systems' records. */
export type Origin = 'executed' | 'reused' | 'pinned' | 'cached' | 'marked'

/** An instance: a task of a run; `index` is null unless the task is mapped. */
export interface InstanceRef {
  readonly task: string
  readonly index: number | null
}

/** What a ready instance waited for last: the binding cause of its start. Ties: the later in this list. */
export type Cause =
  /** The run began: a root, or a rule that waits for nothing. */
  | { readonly type: 'begin' }
  | { readonly type: 'dependency'; readonly task: string; readonly index: number | null }
  | { readonly type: 'retry' }
  | { readonly type: 'resume' }
  /** A person cleared it. */
  | { readonly type: 'marked' }
  /** The instance of the same task whose end freed the place. */
  | { readonly type: 'maxParallel'; readonly task: string; readonly index: number | null }
  /** `task` is null where another run of the workspace freed it. */
  | { readonly type: 'pool'; readonly pool: string; readonly task: string | null; readonly index: number | null }
  | { readonly type: 'slot'; readonly task: string | null; readonly index: number | null }

/** What a success without running was taken from. */
export interface SuccessSource {
  /** The run that executed it; null: its outputs were written by hand. */
  readonly run: string | null
  /** Of the cache: the SHA-256, in hex, of all that the result depends on. */
  readonly key?: string
}

/** Why an instance ended as it did without (or after) running; worded for people in one place. */
export interface Reason {
  readonly code:
    | 'rule'
    | 'when_false'
    | 'branch_not_taken'
    | 'empty_map'
    | 'expression_error'
    | 'exit_code'
    | 'signal'
    | 'timeout'
    | 'run_timeout'
    | 'check_failed'
    | 'error'
    | 'cancelled'
    | 'fail_fast'
    | 'lost'
    | 'marked'
  /** One sentence: "extract ended with exit code 3", "`params.mode == 'slow'` is false". */
  readonly message: string
  /** The upstream (or other instance) that brought it about, where there is one. */
  readonly by?: InstanceRef
}

export interface Selection {
  readonly from?: readonly string[]
  readonly upTo?: readonly string[]
  readonly only?: readonly string[]
}

export interface RunHeader {
  readonly type: 'run'
  readonly format: 1
  readonly run: string
  readonly pipeline: string
  readonly name: string
  /** Path of the file, relative to the workspace, with `/`. */
  readonly file: string
  /** SHA-256 of the frozen spec, in hex. */
  readonly specHash: string
  readonly params: Readonly<Record<string, Json>>
  readonly logicalDate: string
  readonly dataInterval: { readonly start: string; readonly end: string }
  /** ISO 8601 in UTC: the wall clock at t = 0. */
  readonly wall: string
  readonly machine: { readonly platform: string; readonly cpus: number; readonly node: string; readonly label: string }
  readonly dagwright: string
  /** Slots of the run and sizes of the pools as they were at its start. */
  readonly slots: number
  readonly pools: Readonly<Record<string, number>>
  /** Expected duration of every task, frozen: ready instances start in the order of the longest remaining path by it. */
  readonly basis: Readonly<Record<string, Micros>>
  readonly selection: Selection | null
  /** The run whose failed tasks this one runs again. */
  readonly parent: string | null
  /** The first final failure of a required task ends the run; absent: what the pipeline says. */
  readonly failFast?: boolean
  /** Who asked: the app, the command line, a test. */
  readonly trigger: 'app' | 'cli' | 'test'
  /** Which successes it may take over without running; absent in older journals: only those of its selection and parent. */
  readonly reuse?: Reuse
}
export interface Reuse {
  /** Outputs a person pinned to tasks. */
  readonly pins: boolean
  /** Results of earlier runs, of tasks with `cache: true`. */
  readonly cache: boolean
}
export interface Resumed {
  readonly type: 'resumed'
  readonly wall: string
}
/** The machine slept from `from` to `t`. */
export interface Suspended {
  readonly type: 'suspended'
  readonly from: Micros
  readonly wall: string
}
/** The answer to a question the scheduler asked: the value of an expression, or the error in it. */
export interface Answered {
  readonly type: 'answered'
  readonly task: string
  readonly index: number | null
  readonly question: 'edge' | 'when' | 'branch'
  /** edge: the upstream's id. */
  readonly upstream?: string
  readonly value: boolean | readonly string[] | null
  readonly error?: string
}
/** A mapped task got its instances. Items stand in the run's frozen files, not here, unless small. */
export interface Expanded {
  readonly type: 'expanded'
  readonly task: string
  readonly count: number
  readonly items: readonly Json[] | null
  readonly error?: string
}
export interface Queued extends InstanceRef {
  readonly type: 'queued'
}
/** In the same batch as what released it; durable before the process starts. */
export interface Starting extends InstanceRef {
  readonly type: 'starting'
  /** From 1. */
  readonly attempt: number
  /** When rule, expansion, `when` and any retry delay were done: from then on it waited for slots only. */
  readonly readyAt: Micros
  readonly cause: Cause
}
export interface Started extends InstanceRef {
  readonly type: 'started'
  readonly attempt: number
  readonly pid: number | null
}
export interface Finished extends InstanceRef {
  readonly type: 'finished'
  readonly attempt: number
  readonly outcome: AttemptOutcome
  readonly exitCode: number | null
  readonly signal: string | null
  /** Bytes; null where not sampled. */
  readonly peakMemory: number | null
  /** CPU time; null where not sampled. */
  readonly cpu: Micros | null
  /** Of a successful attempt. */
  readonly outputs: Readonly<Record<string, Json>> | null
  readonly reason: Reason | null
  /** Something stands in its log. Absent: nothing does, or the journal is an older one. */
  readonly logged?: true
}
export interface Retrying extends InstanceRef {
  readonly type: 'retrying'
  /** The attempt to come. */
  readonly attempt: number
  readonly until: Micros
}
/** The instance reached a final state. For a mapped task as a whole `index` is null. */
export interface Settled extends InstanceRef {
  readonly type: 'settled'
  readonly state: FinalState
  readonly origin: Origin
  readonly reason: Reason | null
  /** Outputs of a reused, pinned, cached or marked success. */
  readonly outputs?: Readonly<Record<string, Json>>
  /** Of a reused, pinned or cached one; absent in older journals. */
  readonly source?: SuccessSource
}
export interface CancelRequested {
  readonly type: 'cancel'
  readonly kill: boolean
  /** The run's own timeout that ran out; absent: a person asked. */
  readonly timeout?: Micros
}
/** What other runs of the workspace leave to this one, as the scheduler was told at this point: replay needs it. */
export interface CapacityChanged {
  readonly type: 'capacity'
  readonly slots: number
  readonly pools: Readonly<Record<string, number>>
}
/** A person set the state of an instance by hand, or cleared it with what depends on it. */
export interface Marked extends InstanceRef {
  readonly type: 'marked'
  readonly as: 'success' | 'failed' | 'cleared'
  /** Of `cleared`: with what depends on it (default), or by itself. */
  readonly downstream?: boolean
}
/** What a person says about an instance; of a mapped task with `index` null, about all of its instances. */
export type Mark = Required<Pick<Marked, 'task' | 'index' | 'as' | 'downstream'>>
/** The instance is pending again after a mark. For a mapped task as a whole `index` is null: it has no instances then. */
export interface Reset extends InstanceRef {
  readonly type: 'reset'
}
/**
 * A branch need not run: it gave its slot back here, and settles once its choice is known. What has no branch settles at
 * once, and only that is written.
 */
export interface Satisfied extends InstanceRef {
  readonly type: 'satisfied'
  readonly origin: Exclude<Origin, 'executed' | 'marked'>
  readonly outputs: Readonly<Record<string, Json>>
  readonly source?: SuccessSource
}
/** What ran a task's code: written once a run for every program it uses. */
export interface InterpreterNoted {
  readonly type: 'interpreter'
  /** `bash`, `python`, `node`: what changed is told by it. */
  readonly program: string
  /** Absolute. */
  readonly path: string
  /** As the program says it; null where it does not. */
  readonly version: string | null
}
/** What stood in the declared `reads` when the attempt began. Nothing waits for it, so a killed run may lack it. */
export interface InputsNoted extends InstanceRef {
  readonly type: 'inputs'
  readonly attempt: number
  readonly files: readonly InputFile[]
}
export interface InputFile {
  /** As declared, after expressions. */
  readonly path: string
  /** Bytes, a folder's files summed; null where there is nothing, or what is no file of this machine. */
  readonly size: number | null
  /** SHA-256 in hex of the content, of a folder's names and contents; null where `size` is, or while it was changing. */
  readonly hash: string | null
}
export interface RunEnded {
  readonly type: 'ended'
  readonly state: Exclude<RunState, 'queued' | 'running' | 'interrupted'>
  readonly reason: Reason | null
}

/** How the run ended; null while it goes on, also after a person opened it again. */
export function endOf(events: readonly JournalEvent[]): RunEnded | null {
  const last = events.findLast((event) => event.type === 'ended' || event.type === 'resumed')
  return last?.type === 'ended' ? last : null
}

/** `extract`, or `by_airport[3]`: how an instance is written for people and in file names. */
export function instanceLabel(task: string, index: number | null): string {
  return index === null ? task : `${task}[${index}]`
}
