import type { Json, PoolUse, TaskKind, TriggerRule } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'

/** What a run would do if it began now: nothing is started or written to find it out. */
export interface RunPlan {
  readonly pipeline: string
  readonly name: string
  /** Relative to the workspace. */
  readonly file: string
  readonly params: Readonly<Record<string, Json>>
  readonly logicalDate: string
  readonly dataInterval: { readonly start: string; readonly end: string }
  readonly slots: number
  readonly pools: Readonly<Record<string, number>>
  /** The run whose successes are kept. */
  readonly parent: string | null
  /** Simulated: every attempt succeeds in its expected time, open conditions hold, open branches take every way. */
  readonly makespan: Micros
  /** Those that take part: in the order of their first start, then those that start nothing in file order. */
  readonly tasks: readonly PlannedTask[]
}

export interface PlannedTask {
  readonly task: string
  readonly kind: TaskKind
  /** `skip`: by what is known already. */
  readonly does: 'run' | 'reuse' | 'pin' | 'skip'
  /** Why it is skipped; null otherwise. Code and names stand in backticks. */
  readonly why: string | null
  /** It runs unless an earlier result of the same work is found. */
  readonly cache: boolean
  /** Simulated; null where nothing of it starts. */
  readonly start: Micros | null
  /** Expected duration of one instance. */
  readonly expected: Micros
  /** Of a mapped task, where its list is known by now; null otherwise. */
  readonly instances: number | null
  readonly mapped: boolean
  /** Upstreams that take part, each with its condition where that is open. */
  readonly waitsFor: readonly { readonly task: string; readonly when: string | null }[]
  readonly triggerRule: TriggerRule
  /** A condition of its own that only the run can tell; null: there is none. */
  readonly when: string | null
  readonly pool: PoolUse | null
  /** Further attempts after a first that fails. */
  readonly retries: number
  readonly timeout: Micros | null
  /**
   * Of a mapped task its first instance's. Expressions whose value only the run can tell stand as written; secrets by
   * their names. null: there is none.
   */
  readonly code: {
    readonly language: string
    readonly code: string
    readonly env: Readonly<Record<string, string>>
  } | null
  /** What is wrong with an expression of it; null: nothing that can be seen by now. */
  readonly problem: string | null
  /** Names of the variables that the pipeline and the task set, and of the secrets the task is given. */
  readonly environment: readonly string[]
  readonly secrets: readonly string[]
}
