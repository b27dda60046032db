import type { JournalEvent } from '../journal/event.ts'
import { MOST_COMBINATIONS } from '../model/matrix.ts'
import type { Task } from '../model/pipeline.ts'
import type { Plan } from '../scheduler/plan.ts'
import type { Question } from '../scheduler/sink.ts'
import type { TaskNumber } from '../scheduler/types.ts'
import type { SimulatedAnswer, SimulationModel } from './simulation-model.ts'

/**
 * How conditions, branches and expansions come out, as plain data by task id. What is not named comes out openly:
 * conditions hold, branches take every way, a list written in the file has its length, any other has one item.
 */
export interface Outcomes {
  readonly answers: readonly OutcomeAnswer[]
  /** Instances of mapped tasks; -1: the expansion fails. */
  readonly counts: ReadonlyMap<string, number>
}

export interface OutcomeAnswer {
  readonly question: Question
  readonly task: string
  /** null: of the task as a whole, and of every instance that is not named itself. */
  readonly index: number | null
  /** edge: the upstream; null: every one. */
  readonly upstream: string | null
  /** branch: the ways taken; null: an error in the expression. */
  readonly value: boolean | readonly string[] | null
}

export const OPEN_OUTCOMES: Outcomes = { answers: [], counts: new Map() }

/** As they came out in a run, by its journal. */
export function outcomesOf(events: readonly JournalEvent[]): Outcomes {
  const answers: OutcomeAnswer[] = []
  const counts = new Map<string, number>()
  for (const event of events) {
    if (event.type === 'expanded') counts.set(event.task, event.error === undefined ? event.count : -1)
    if (event.type !== 'answered') continue
    const { question, task, index, upstream = null } = event
    answers.push({ question, task, index, upstream, value: event.error === undefined ? event.value : null })
  }
  return { answers, counts }
}

/** `chosen` where it says something, else `past`. */
export function withChoices(past: Outcomes, chosen: Outcomes): Outcomes {
  const overruled = new Set(chosen.answers.map(({ question, task }) => `${question} ${task}`))
  return {
    answers: [...past.answers.filter(({ question, task }) => !overruled.has(`${question} ${task}`)), ...chosen.answers],
    counts: new Map([...past.counts, ...chosen.counts]),
  }
}

const YES: SimulatedAnswer = { value: true, chosen: [], failed: false }

/**
 * The part of a model that says how things come out. Names that the plan does not have are passed over. `tasks`: the
 * pipeline's, for the lists that stand in it.
 */
export function answering(
  plan: Plan,
  { answers, counts }: Outcomes,
  tasks: readonly Task[] = [],
): Pick<SimulationModel, 'answer' | 'count'> {
  const known = new Map<string, SimulatedAnswer>()
  for (const { question, task, index, upstream, value } of answers) {
    const number = plan.numberOf.get(task)
    const other = upstream === null ? -1 : plan.numberOf.get(upstream)
    if (number === undefined || other === undefined) continue
    known.set(keyOf(question, number, index ?? -1, other), {
      value: value === true,
      chosen: Array.isArray(value) ? value.map((id: string) => plan.numberOf.get(id) ?? -1) : [],
      failed: value === null,
    })
  }
  const instances = Int32Array.from(plan.ids, (id, number) => counts.get(id) ?? writtenCount(tasks[number]))
  return {
    count: (task) => instances[task] as number,
    answer: (question, task, index, upstream) =>
      known.get(keyOf(question, task, index, upstream)) ??
      known.get(keyOf(question, task, -1, upstream)) ??
      known.get(keyOf(question, task, -1, -1)) ??
      openAnswer(plan, question, task),
  }
}

function keyOf(question: Question, task: TaskNumber, index: number, upstream: TaskNumber): string {
  return `${question} ${task} ${index} ${upstream}`
}

/** A condition holds, a branch takes every way. */
export function openAnswer(plan: Plan, question: Question, task: TaskNumber): SimulatedAnswer {
  if (question !== 'branch') return YES
  return { value: true, chosen: [...plan.down.subarray(plan.downStart[task], plan.downStart[task + 1])], failed: false }
}

/** Items of a list or matrix that stands in the file; 1 where an expression gives it. */
function writtenCount(task: Task | undefined): number {
  const forEach = task?.forEach
  if (forEach?.type === 'list') return typeof forEach.list === 'string' ? 1 : forEach.list.length
  if (forEach?.type !== 'matrix') return 1
  let product = 1
  for (const values of forEach.matrix.values()) product *= typeof values === 'string' ? 1 : values.length
  return Math.min(product, MOST_COMBINATIONS)
}
