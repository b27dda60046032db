import type { JournalBody } from '#shared/journal/event.ts'
import type { Json, Task } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import type { Command, SchedulerEvent } from '#shared/scheduler/types.ts'
import { branchChoice, condition, itemsOf } from './answers.ts'
import { scopeOf, secretsOf } from './attempt-context.ts'
import { bindExpressions, ExpressionError, type Expressions } from './expressions.ts'
import type { RunRequest } from './ports.ts'
import type { RunScope } from './run-scope.ts'

/** Lists of items up to this size stand in the journal; larger ones are evaluated again when they are needed. */
const JOURNALLED_ITEMS_BYTES = 16 * 1024

/** An event for the scheduler, and what its journal entry says beyond it. */
export interface Answer {
  readonly event: SchedulerEvent
  readonly details?: Partial<JournalBody>
}

/** Answers the scheduler's questions by evaluating the run's expressions. An error in one is an answer too. */
export class RunQuestions {
  private readonly request: Pick<RunRequest, 'pipeline' | 'secret'>
  private readonly plan: Plan
  private readonly scope: RunScope

  constructor(request: Pick<RunRequest, 'pipeline' | 'secret'>, plan: Plan, scope: RunScope) {
    this.request = request
    this.plan = plan
    this.scope = scope
  }

  answer(ask: Extract<Command, { type: 'ask' }>, t: Micros): Answer {
    const { question, task, index, upstream } = ask
    const base = { type: 'answered' as const, t, question, task, index, upstream }
    try {
      const expressions = this.expressionsOf(task, index < 0 ? null : index)
      if (question === 'branch') return { event: { ...base, value: true, chosen: this.chosen(task, expressions) } }
      const text = question === 'when' ? this.plan.when[task] : this.edgeCondition(task, upstream)
      return { event: { ...base, value: condition(text ?? '', expressions) } }
    } catch (error) {
      return { event: { ...base, value: false, error: wordingOf(error) } }
    }
  }

  expand(task: number, t: Micros): Answer {
    try {
      const items = this.items(task)
      this.scope.expanded(this.plan.ids[task]!, items)
      const small = JSON.stringify(items).length <= JOURNALLED_ITEMS_BYTES
      return {
        event: { type: 'expanded', t, task, count: items.length },
        details: (small ? { items } : {}) as Partial<JournalBody>,
      }
    } catch (error) {
      return { event: { type: 'expanded', t, task, count: 0, error: wordingOf(error) } }
    }
  }

  /** What a mapped task repeats over. Throws an ExpressionError. */
  items(task: number): readonly Json[] {
    const { forEach } = this.task(task)
    if (forEach === null) return []
    if (forEach.type === 'each') return this.scope.itemsOf(forEach.task) ?? []
    return itemsOf(forEach, this.expressionsOf(task, null))
  }

  private chosen(task: number, expressions: Expressions): readonly number[] {
    const { plan } = this
    const direct = plan.down.subarray(plan.downStart[task], plan.downStart[task + 1])
    const ids = Array.from(direct, (number) => plan.ids[number]!)
    return branchChoice(plan.branch[task] ?? '', ids, expressions).map((id) => plan.numberOf.get(id)!)
  }

  private edgeCondition(task: number, upstream: number): string | null {
    for (let edge = this.plan.upStart[task]!; edge < this.plan.upStart[task + 1]!; edge += 1) {
      if (this.plan.up[edge] === upstream) return this.plan.edgeWhen[edge] ?? null
    }
    return null
  }

  private expressionsOf(task: number, index: number | null): Expressions {
    const own = this.task(task)
    return bindExpressions(scopeOf(this.request, this.scope, own, index, secretsOf(this.request, own)))
  }

  private task(number: number): Task {
    return this.request.pipeline.tasks[number]!
  }
}

/** An expression that cannot be evaluated, or a fault of ours: that must fail the task, not hang the run. */
export function wordingOf(error: unknown): string {
  if (error instanceof ExpressionError) return error.message
  return `Dagwright made a mistake: ${error instanceof Error ? error.message : String(error)}`
}
