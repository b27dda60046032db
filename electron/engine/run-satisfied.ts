import { instanceLabel, type JournalEvent, type SuccessSource } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import { indexOf, instanceOf, type SchedulerState, Status, taskOf } from '#shared/scheduler/state.ts'
import type { InstanceNumber } from '#shared/scheduler/types.ts'
import type { Outputs } from './outputs.ts'
import type { RunRequest } from './ports.ts'
import type { Answer } from './run-questions.ts'
import type { RunScope } from './run-scope.ts'

/** What stands for an instance's own success. */
export interface Satisfied {
  readonly origin: 'reused' | 'pinned' | 'cached'
  readonly outputs: Outputs
  readonly source?: SuccessSource
}

/** Instances that are a success without running, and by what: a pin, an earlier run, the cache. */
export class RunSatisfied {
  private readonly given: RunRequest['satisfied']
  private readonly plan: Plan
  private readonly state: SchedulerState
  private readonly scope: RunScope
  private readonly found = new Map<InstanceNumber, Satisfied>()
  /** Tasks that a person cleared. */
  private readonly again = new Set<string>()

  constructor(given: RunRequest['satisfied'], plan: Plan, state: SchedulerState, scope: RunScope) {
    this.given = given
    this.plan = plan
    this.state = state
    this.scope = scope
  }

  /** What satisfies the instance, where it was looked for and found. */
  of(instance: InstanceNumber): Satisfied | undefined {
    return this.found.get(instance)
  }

  /** Looks for what satisfies the instance; null: it has to run. */
  find(instance: InstanceNumber): Satisfied | null {
    const task = this.taskId(instance)
    const given = this.given.get(instanceLabel(task, indexOf(this.state, instance))) ?? this.given.get(task)
    if (given === undefined || (given.origin === 'reused' && this.again.has(task))) return null
    this.found.set(instance, given)
    return given
  }

  /** Its success without running. A branch may look at its own task's outputs before that has settled. */
  success(instance: InstanceNumber, t: Micros): Answer {
    const details: Partial<Satisfied> = this.found.get(instance) ?? {}
    this.scope.succeeded(this.taskId(instance), indexOf(this.state, instance), details.outputs ?? {})
    return { event: { type: 'satisfied', t, instance }, details }
  }

  /** The instance (-1: all of the task) shall run again; a pin goes on to stand for it. */
  runAgain(instance: InstanceNumber, task: string): void {
    this.found.delete(instance)
    this.again.add(task)
  }

  /** What stood for branches that had not chosen when their run was torn; the others have settled by it. */
  restore(past: readonly JournalEvent[]): void {
    const { plan, state } = this
    for (const event of past) {
      if (event.type !== 'satisfied') continue
      const task = plan.numberOf.get(event.task)
      const instance = task === undefined ? undefined : instanceOf(state, task, event.index)
      if (instance !== undefined && state.status[instance] === Status.branching) this.take(instance, event)
    }
  }

  /** An earlier result was found for the instance. */
  take(instance: InstanceNumber, { origin, outputs, source }: Satisfied): void {
    this.found.set(instance, { origin, outputs, ...(source && { source }) })
  }

  private taskId(instance: InstanceNumber): string {
    return this.plan.ids[taskOf(this.state, instance)]!
  }
}
