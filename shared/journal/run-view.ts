import type { Json } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import type {
  AttemptState,
  Cause,
  FinalState,
  InputFile,
  InstanceState,
  InterpreterNoted,
  Origin,
  Reason,
  RunEnded,
  RunHeader,
  SuccessSource,
} from './event.ts'

/**
 * What a journal says about a run so far. One view is made by `createRunView` and mutated by `applyEvent` (fold.ts):
 * every event raises `version`, and gives the task it touches that number. A screen that remembers the number it has
 * drawn knows what to draw again. All times are microseconds since the run's epoch.
 */
export interface RunView {
  readonly header: RunHeader
  version: number
  /** Number of the last event applied: where a watcher resumes. */
  lastEvent: number
  /** As the journal has it: a run without an end is `queued` or `running`. See `runStateOf` for `interrupted`. */
  state: 'queued' | 'running' | RunEnded['state']
  /** Time of the last event. */
  t: Micros
  endedAt: Micros | null
  reason: Reason | null
  cancelling: boolean
  /** When the last instance ended: the makespan of an ended run. */
  lastSettledAt: Micros | null
  readonly tasks: Map<string, TaskView>
  /** Task ids in file order. */
  readonly order: string[]
  /** Tasks (not instances) by state. */
  readonly counts: Record<InstanceState, number>
  /** Where the run's clock was tied to the wall clock, ascending. */
  readonly anchors: { readonly t: Micros; readonly wall: string }[]
  /** What ran the tasks' code, each program once. */
  readonly interpreters: Omit<InterpreterNoted, 'type'>[]
}

export interface TaskView {
  readonly id: string
  /** `version` of the view when this task last changed. */
  version: number
  /** Of a mapped task: the worst of its instances (DESIGN 4.4), or how far they are. */
  state: InstanceState
  mapped: boolean
  /** One for a task that is not (or not yet) mapped. By index for a mapped one; empty where it mapped over nothing. */
  instances: InstanceView[]
  /** Instances by state. */
  readonly counts: Record<InstanceState, number>
  /** Of a mapped task: what it repeats over, where the journal holds it. */
  items: readonly Json[] | null
  /** Of a mapped task: its instances before it was cleared last, and those it had before that beyond them, for their attempts. */
  earlier: readonly InstanceView[]
  /** The verdict on a mapped task as a whole. */
  settled: { readonly state: FinalState; readonly origin: Origin; readonly reason: Reason | null } | null
}

export interface InstanceView {
  /** null unless the task is mapped. */
  readonly index: number | null
  state: InstanceState
  /** Of a final state. */
  origin: Origin | null
  /** What a success without running was taken from, where the journal says so. */
  source: SuccessSource | null
  reason: Reason | null
  /** In order of their start; those before a person cleared the instance are kept. */
  readonly attempts: AttemptView[]
  /** When its first attempt could have started. */
  readyAt: Micros | null
  /** Start of its first attempt since it was last cleared. */
  startedAt: Micros | null
  endedAt: Micros | null
  /** While retrying: when the next attempt is due. */
  retryUntil: Micros | null
  /** Of a success. */
  outputs: Readonly<Record<string, Json>> | null
  /** What its last attempt that noted it found in the declared `reads`; null where nothing was noted. */
  inputs: readonly InputFile[] | null
}

export interface AttemptView {
  /** From 1. */
  readonly attempt: number
  state: AttemptState
  readonly readyAt: Micros
  /** The binding cause of its start. */
  readonly cause: Cause
  /** When the engine decided to start it. */
  readonly startingAt: Micros
  /** When its process ran; null until then, and for kinds that never say so. */
  startedAt: Micros | null
  finishedAt: Micros | null
  pid: number | null
  exitCode: number | null
  signal: string | null
  /** Bytes. */
  peakMemory: number | null
  /** Whether its journal says that something stands in its log. */
  logged: boolean
  cpu: Micros | null
  reason: Reason | null
}

/** When the attempt's own work began: its process ran, or else the engine let it go. */
export function attemptStart(attempt: AttemptView): Micros {
  return attempt.startedAt ?? attempt.startingAt
}

export function isFinal(state: InstanceState): state is FinalState {
  return (
    state === 'success' ||
    state === 'failed' ||
    state === 'skipped' ||
    state === 'upstream_failed' ||
    state === 'cancelled'
  )
}

/** How many of the run's tasks are in a final state. */
export function tasksDone({ counts }: Pick<RunView, 'counts'>): number {
  return counts.success + counts.failed + counts.skipped + counts.upstream_failed + counts.cancelled
}

/** How long the run is: its makespan, or up to `now` while instances are open. */
export function runEnd(view: RunView, now: Micros): Micros {
  const over = view.endedAt !== null || tasksDone(view) === view.order.length
  return over ? (view.lastSettledAt ?? view.endedAt ?? now) : now
}

export function noCounts(): Record<InstanceState, number> {
  return {
    pending: 0,
    queued: 0,
    running: 0,
    retrying: 0,
    success: 0,
    failed: 0,
    skipped: 0,
    upstream_failed: 0,
    cancelled: 0,
  }
}

/** Wall time of the successful attempt; null where there is none. */
export function instanceWork(instance: InstanceView): Micros | null {
  if (instance.state !== 'success' || instance.origin !== 'executed') return null
  const last = instance.attempts.findLast((attempt) => attempt.state === 'success')
  return last === undefined || last.finishedAt === null ? null : last.finishedAt - attemptStart(last)
}

/** First start to final end, retries included; null where it did not run or has not ended. */
export function instanceDuration(instance: InstanceView): Micros | null {
  return instance.startedAt === null || instance.endedAt === null ? null : instance.endedAt - instance.startedAt
}

/** Time it was ready and waited for a slot, pool or place, over all attempts. */
export function instanceQueued(instance: InstanceView): Micros {
  let sum = 0
  for (const attempt of instance.attempts) sum += attemptStart(attempt) - attempt.readyAt
  return sum
}

/** First start of any instance to the end of the last one; null until all have ended, or where none ran. */
export function taskDuration(task: TaskView): Micros | null {
  if (!isFinal(task.state)) return null
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const instance of task.instances) {
    if (instance.startedAt === null || instance.endedAt === null) continue
    start = Math.min(start, instance.startedAt)
    end = Math.max(end, instance.endedAt)
  }
  return end < start ? null : end - start
}

/** Wall time of the successful attempts, summed over the instances; null where no instance executed successfully. */
export function taskWork(task: TaskView): Micros | null {
  let sum: Micros | null = null
  for (const instance of task.instances) {
    const work = instanceWork(instance)
    if (work !== null) sum = (sum ?? 0) + work
  }
  return sum
}

/** Waiting while ready, summed over instances and attempts. */
export function taskQueued(task: TaskView): Micros {
  let sum = 0
  for (const instance of task.instances) sum += instanceQueued(instance)
  return sum
}
