import type { AttemptOutcome, Cause, FinalState, Reason, RunEnded } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'

/**
 * The scheduler decides; it never acts, reads a clock or draws a random number. A host feeds events in the order in
 * which they became known and carries out the commands in the order given. Tasks and instances are dense integers:
 * `plan.ids[task]`; an instance handle is stable for the life of a run and is resolved by `taskOf` and `indexOf`.
 */
export type TaskNumber = number
export type InstanceNumber = number

/** Slots of a run, and of pools by name; a pool not named is not limited further. */
export interface Room {
  readonly slots: number
  readonly pools: ReadonlyMap<string, number>
}

export type SchedulerEvent =
  /**
   * `room`: what other runs of the workspace leave, where that is less than the plan's own. The journal then keeps it as
   * a `capacity` event right after its header, at the header's `t`.
   */
  | { readonly type: 'begin'; readonly t: Micros; readonly room?: Room }
  /**
   * After `restore`, before the lost attempts are reported: the run goes on, and their next start has cause `resume`.
   * Capacities are the plan's again, or what `room` says: as in `begin`, its `capacity` event stands right after `resumed`.
   */
  | { readonly type: 'resumed'; readonly t: Micros; readonly room?: Room }
  /** Answers an `ask`. `value`: edge and when. `chosen`: branch, direct downstreams by task number. */
  | {
      readonly type: 'answered'
      readonly t: Micros
      readonly question: 'edge' | 'when' | 'branch'
      readonly task: TaskNumber
      /** -1 unless asked per instance. */
      readonly index: number
      /** edge: the upstream task; else -1. */
      readonly upstream: TaskNumber
      readonly value: boolean
      readonly chosen?: readonly TaskNumber[]
      readonly error?: string
    }
  /** Answers an `expand`: how many instances the mapped task gets. */
  | {
      readonly type: 'expanded'
      readonly t: Micros
      readonly task: TaskNumber
      readonly count: number
      readonly error?: string
    }
  /**
   * Pin, reuse or cache: the instance is a success without running. Answers a `start` in place of running it, or a
   * `queue`, since what need not run need not wait for a slot.
   */
  | { readonly type: 'satisfied'; readonly t: Micros; readonly instance: InstanceNumber }
  | {
      readonly type: 'finished'
      readonly t: Micros
      readonly instance: InstanceNumber
      readonly outcome: AttemptOutcome
      /** False where the failure can't be mended by trying again (retryOn, expression errors, a missing interpreter). */
      readonly retryable: boolean
      /** In [0, 1), drawn by the host: jitter. */
      readonly random: number
      /** When a retry is to come, where what was tried said so (`Retry-After`); else the policy decides. */
      readonly retryAt?: Micros
      readonly reason: Reason | null
    }
  | { readonly type: 'timer'; readonly t: Micros; readonly instance: InstanceNumber }
  /**
   * What other runs of the workspace leave to this one, its own running instances included (the workspace's slots minus
   * those that others use); hosts without other runs never send it. A pool not named is not limited further.
   */
  | {
      readonly type: 'capacity'
      readonly t: Micros
      readonly slots: number
      readonly pools: ReadonlyMap<string, number>
    }
  /** `timeout`: the longest the run may take, which is over; absent: a person cancels. */
  | { readonly type: 'cancel'; readonly t: Micros; readonly timeout?: Micros }
  /**
   * A person's word, at any time, the end included. `downstream`: of `cleared`, whether all that depends on it is cleared
   * with it; default true.
   */
  | {
      readonly type: 'mark'
      readonly t: Micros
      readonly instance: InstanceNumber
      readonly as: 'success' | 'failed' | 'cleared'
      readonly downstream?: boolean
    }

/**
 * Every `ask` and `expand` is answered once, even if late: nothing starts while one is open, so that what becomes ready
 * at one instant starts in its order.
 */
export type Command =
  | {
      readonly type: 'ask'
      readonly question: 'edge' | 'when' | 'branch'
      readonly task: TaskNumber
      readonly index: number
      readonly upstream: TaskNumber
    }
  /** Also for `each`, where the answer's count is that of the task it follows. */
  | { readonly type: 'expand'; readonly task: TaskNumber }
  /** Ready, but without a slot yet. */
  | { readonly type: 'queue'; readonly instance: InstanceNumber }
  | {
      readonly type: 'start'
      readonly instance: InstanceNumber
      readonly attempt: number
      readonly readyAt: Micros
      readonly cause: Cause
    }
  /** Send a `timer` at `until`. */
  | { readonly type: 'retry'; readonly instance: InstanceNumber; readonly attempt: number; readonly until: Micros }
  /** Final. `instance` is -1 for a mapped task as a whole (and for a task that never got instances). */
  | {
      readonly type: 'settle'
      readonly task: TaskNumber
      readonly instance: InstanceNumber
      readonly state: FinalState
      readonly reason: Reason | null
    }
  /** End the running attempt; its `finished` still comes. */
  | { readonly type: 'stop'; readonly instance: InstanceNumber; readonly reason: Reason }
  /** Back to pending after a mark. `instance` as in `settle`; a mapped task has no instances then. */
  | { readonly type: 'reset'; readonly task: TaskNumber; readonly instance: InstanceNumber }
  | { readonly type: 'end'; readonly state: RunEnded['state']; readonly reason: Reason | null }
