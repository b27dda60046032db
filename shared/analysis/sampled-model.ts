import type { AttemptOutcome } from '../journal/event.ts'
import type { Pipeline } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import type { Question } from '../scheduler/sink.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import { Samplers } from './duration-distribution.ts'
import { answering, type Outcomes } from './outcomes.ts'
import { chance, drawSeed } from './random.ts'
import type { SimulatedAnswer, SimulationModel } from './simulation-model.ts'
import type { TaskOdds } from './task-odds.ts'

/** What is decided by chance about one attempt. */
const Purpose = { duration: 0, failure: 1, jitter: 2 } as const

/**
 * The world of one draw: durations and failures of single attempts by their odds, each independent of the others. The
 * same draw meets the same luck under every scenario.
 */
export class SampledModel implements SimulationModel {
  private readonly seed: number
  private readonly succeeding: Samplers
  private readonly failing: Samplers
  /** Per task: by attempt, the last one counting for all after it; null: none ever fails. */
  private readonly failureRates: readonly (readonly number[] | null)[]
  private readonly answers: Pick<SimulationModel, 'answer' | 'count'>
  private drawn = 0

  constructor(plan: Plan, pipeline: Pipeline, odds: ReadonlyMap<string, TaskOdds>, outcomes: Outcomes, seed: number) {
    this.seed = seed
    const nothing = { type: 'fixed', value: 0 } as const
    this.succeeding = new Samplers(plan.ids.map((id) => odds.get(id)?.duration ?? nothing))
    this.failing = new Samplers(plan.ids.map((id) => odds.get(id)?.failedDuration ?? nothing))
    this.failureRates = plan.ids.map((id) => {
      const rates = odds.get(id)?.failureRates ?? []
      return rates.some((rate) => rate > 0) ? rates : null
    })
    this.answers = answering(plan, outcomes, pipeline.tasks)
  }

  /** From here on the model is that of this draw, from 0. */
  take(draw: number): void {
    this.drawn = drawSeed(this.seed, draw)
  }

  duration(task: TaskNumber, index: number, attempt: number): Micros {
    const samplers = this.fails(task, index, attempt) ? this.failing : this.succeeding
    const u = samplers.varies(task) ? chance(this.drawn, task, index, attempt, Purpose.duration) : 0
    return samplers.at(task, u)
  }

  outcome(task: TaskNumber, index: number, attempt: number): AttemptOutcome {
    return this.fails(task, index, attempt) ? 'failed' : 'success'
  }

  retryable(): boolean {
    return true
  }

  retryDelay(): Micros {
    return -1
  }

  random(task: TaskNumber, index: number, attempt: number): number {
    return chance(this.drawn, task, index, attempt, Purpose.jitter)
  }

  answer(question: Question, task: TaskNumber, index: number, upstream: TaskNumber): SimulatedAnswer {
    return this.answers.answer(question, task, index, upstream)
  }

  count(task: TaskNumber): number {
    return this.answers.count(task)
  }

  private fails(task: TaskNumber, index: number, attempt: number): boolean {
    const rates = this.failureRates[task] as readonly number[] | null
    if (rates === null) return false
    const rate = rates[Math.min(attempt, rates.length) - 1] as number
    return rate > 0 && chance(this.drawn, task, index, attempt, Purpose.failure) < rate
  }
}
