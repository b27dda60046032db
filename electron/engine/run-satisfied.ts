import type { InstanceNumber } from '#shared/scheduler/types.ts'
import type { Outputs } from './outputs.ts'
import type { RunRequest } from './ports.ts'

export type Satisfied =
  | NonNullable<ReturnType<RunRequest['satisfied']['get']>>
  | { readonly origin: 'cached'; readonly outputs: Outputs }

/** Instances that are a success without running, and by what: a pin, an earlier run, the cache. */
export class RunSatisfied {
  private readonly given: RunRequest['satisfied']
  private readonly found = new Map<InstanceNumber, Satisfied>()

  constructor(given: RunRequest['satisfied']) {
    this.given = given
  }

  /** What satisfies the instance, where it was looked for and found. */
  of(instance: InstanceNumber): Satisfied | undefined {
    return this.found.get(instance)
  }

  /** Looks for what satisfies the instance; null: it has to run. `label`: its `instanceLabel`. */
  find(instance: InstanceNumber, task: string, label: string): Satisfied | null {
    const given = this.given.get(label) ?? this.given.get(task)
    if (given === undefined) return null
    this.found.set(instance, given)
    return given
  }

  /** An earlier result was found for the instance. */
  take(instance: InstanceNumber, outputs: Outputs): void {
    this.found.set(instance, { origin: 'cached', outputs })
  }
}
