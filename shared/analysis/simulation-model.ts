import { type AttemptOutcome, type InstanceRef, instanceLabel, type JournalEvent } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import type { Plan } from '../scheduler/plan.ts'
import type { Question } from '../scheduler/sink.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import { answering, openAnswer, outcomesOf } from './outcomes.ts'

export interface SimulatedAnswer {
  readonly value: boolean
  /** branch: direct downstreams. */
  readonly chosen: readonly TaskNumber[]
  readonly failed: boolean
}

/**
 * What the world does in a simulation. `index` is -1 for an unmapped task, attempts count from 1. Every answer may
 * depend on its arguments only, else a simulation cannot be repeated.
 */
export interface SimulationModel {
  /** From the start's decision to the attempt's end, a slot being held all the while. */
  duration(task: TaskNumber, index: number, attempt: number): Micros
  outcome(task: TaskNumber, index: number, attempt: number): AttemptOutcome
  /** Whether a failed attempt may be tried again, if the policy allows. */
  retryable(task: TaskNumber, index: number, attempt: number): boolean
  /** The delay after a failed attempt; -1: as the task's policy says, with `random`. */
  retryDelay(task: TaskNumber, index: number, attempt: number): Micros
  /** Jitter, in [0, 1). */
  random(task: TaskNumber, index: number, attempt: number): number
  answer(question: Question, task: TaskNumber, index: number, upstream: TaskNumber): SimulatedAnswer
  /** Instances of a mapped task; -1: its expansion fails. */
  count(task: TaskNumber): number
  /**
   * How long after it was queued or started an earlier result is found, so that the instance is a success without
   * running; 0: at once, nothing starts; -1: it runs, which is the default.
   */
  found?(task: TaskNumber, index: number): Micros
}

/**
 * Everything succeeds at the first attempt in its expected time; conditions hold, branches take every way, and mapped
 * tasks have `count` instances.
 */
export function modelFromDurations(
  plan: Plan,
  basis: (taskId: string) => Micros,
  count: (taskId: string) => number = () => 1,
): SimulationModel {
  const durations = Float64Array.from(plan.ids, (id) => basis(id))
  return {
    duration: (task) => durations[task] as number,
    outcome: () => 'success',
    retryable: () => true,
    retryDelay: () => -1,
    random: () => 1,
    answer: (question, task) => openAnswer(plan, question, task),
    count: (task) => count(plan.ids[task] as string),
  }
}

/** Codes of what ends an attempt that would have gone on. */
const STOPPED: ReadonlySet<string> = new Set(['fail_fast', 'cancelled', 'run_timeout'])

interface RecordedAttempt {
  duration: Micros
  outcome: AttemptOutcome
  retried: boolean
  delay: Micros
}

/**
 * The world as one run met it, from its journal: every attempt lasts from its start's decision to its end, retries wait
 * as long as they did, conditions, branches and expansions answer as they did. What that run did not do takes the time
 * of its header's basis and succeeds.
 */
export function modelFromRun(plan: Plan, events: readonly JournalEvent[]): SimulationModel {
  const run = new RecordedRun(plan, events)
  return {
    duration: (task, index, attempt) => run.attempt(task, index, attempt)?.duration ?? (run.basis[task] as number),
    outcome: (task, index, attempt) => run.attempt(task, index, attempt)?.outcome ?? 'success',
    retryable: (task, index, attempt) => run.attempt(task, index, attempt)?.retried ?? true,
    retryDelay: (task, index, attempt) => run.attempt(task, index, attempt)?.delay ?? -1,
    random: () => 1,
    ...answering(plan, outcomesOf(events)),
  }
}

/** A run's journal, folded into what a simulation asks about. */
class RecordedRun {
  readonly basis: Float64Array
  private readonly plan: Plan
  private readonly attempts = new Map<TaskNumber, Map<number, RecordedAttempt[]>>()
  private readonly startedAt = new Map<string, Micros>()
  private readonly endedAt = new Map<string, Micros>()

  constructor(plan: Plan, events: readonly JournalEvent[]) {
    this.plan = plan
    this.basis = new Float64Array(plan.count)
    for (const event of events) this.read(event)
  }

  /** Attempts beyond those that were made go as the last one did. */
  attempt(task: TaskNumber, index: number, attempt: number): RecordedAttempt | undefined {
    const made = this.attempts.get(task)?.get(index)
    return made?.[attempt - 1] ?? made?.at(-1)
  }

  private read(event: JournalEvent): void {
    switch (event.type) {
      case 'run':
        this.plan.ids.forEach((id, task) => {
          this.basis[task] = Object.hasOwn(event.basis, id) ? (event.basis[id] as number) : 0
        })
        break
      case 'starting':
        this.starting(event)
        break
      case 'finished':
        this.finished(event)
        break
      case 'retrying': {
        const last = this.made(event).at(-1)
        if (last === undefined) break
        last.retried = true
        last.delay = event.until - event.t
        break
      }
      case 'settled':
        if (event.origin !== 'executed' && event.origin !== 'marked') {
          const started = this.startedAt.get(instanceLabel(event.task, event.index)) ?? event.t
          this.made(event).push({ duration: event.t - started, outcome: 'success', retried: false, delay: -1 })
        }
        break
      default:
        break
    }
  }

  /** A timer may have come later than its `until`: the recorded readiness counts. */
  private starting(event: Extract<JournalEvent, { type: 'starting' }>): void {
    const label = instanceLabel(event.task, event.index)
    const last = this.made(event).at(-1)
    const ended = this.endedAt.get(label)
    if (last?.retried && ended !== undefined) last.delay = event.readyAt - ended
    this.startedAt.set(label, event.t)
  }

  /** What was stopped would have gone on: it ends by being stopped again, or later by itself. */
  private finished(event: Extract<JournalEvent, { type: 'finished' }>): void {
    const label = instanceLabel(event.task, event.index)
    const duration = event.t - (this.startedAt.get(label) ?? event.t)
    this.endedAt.set(label, event.t)
    if (event.outcome === 'cancelled' && STOPPED.has(event.reason?.code ?? '')) {
      const longer = Math.max(duration + 1, this.basis[this.task(event.task)] ?? 0)
      this.made(event).push({ duration: longer, outcome: 'success', retried: false, delay: -1 })
    } else this.made(event).push({ duration, outcome: event.outcome, retried: false, delay: -1 })
  }

  private made({ task, index }: InstanceRef): RecordedAttempt[] {
    const number = this.task(task)
    const byIndex = this.attempts.get(number) ?? new Map<number, RecordedAttempt[]>()
    this.attempts.set(number, byIndex)
    const made = byIndex.get(index ?? -1) ?? []
    byIndex.set(index ?? -1, made)
    return made
  }

  private task(id: string): TaskNumber {
    return this.plan.numberOf.get(id) ?? -1
  }
}
