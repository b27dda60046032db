import type { SimulationOptions } from '../analysis/simulation-core.ts'
import type { SimulationModel } from '../analysis/simulation-model.ts'
import { timeoutsOf } from '../analysis/timeouts.ts'
import type { Result } from '../model/problem.ts'
import { microsOf, SECOND } from '../model/time.ts'
import { compilePlan, type Plan } from '../scheduler/plan.ts'
import { type ConformanceCase, injectedAttempt, satisfiedAfter } from './case.ts'

/** Slots of a case whose pipeline names none. */
const SLOTS = 4

/** The case's pipeline at its own slots and pools; the basis is each task's estimate, or a second. */
export function planOfCase({ parsed, selection }: ConformanceCase): Result<Plan> {
  const estimates = new Map(parsed.tasks.map((task) => [task.id, task.estimate?.likely ?? SECOND]))
  return compilePlan(parsed, {
    slots: parsed.concurrency ?? SLOTS,
    pools: parsed.pools,
    basis: (id) => estimates.get(id) ?? SECOND,
    ...(selection === undefined ? {} : { selection }),
  })
}

/** When a person interferes, or a timeout does. */
export function interferenceOf({ cancelAt, marks, parsed }: ConformanceCase, plan: Plan): SimulationOptions {
  return {
    ...timeoutsOf(parsed),
    ...(cancelAt === undefined ? {} : { cancelAt: microsOf(cancelAt) }),
    marks: marks.map(({ at, task, index, as, downstream }) => ({
      at: microsOf(at),
      task: plan.numberOf.get(task) ?? -1,
      index,
      as,
      downstream,
    })),
  }
}

/** The world that the case injects. An id in `branch` that is no task counts as an error, as it does in a run. */
export function modelOfCase(conformance: ConformanceCase, plan: Plan): SimulationModel {
  const { answers, parsed } = conformance
  const idOf = (task: number) => plan.ids[task] as string
  const labelOf = (task: number, index: number) => (index < 0 ? idOf(task) : `${idOf(task)}[${index}]`)
  const injected = (task: number, index: number, attempt: number) =>
    injectedAttempt(conformance, idOf(task), index < 0 ? null : index, attempt)
  return {
    duration: (task, index, attempt) => microsOf(injected(task, index, attempt).takes),
    outcome: (task, index, attempt) => injected(task, index, attempt).ends,
    retryable: (task, index, attempt) => {
      const { retryOn } = parsed.tasks[task]?.retries ?? { retryOn: null }
      const { ends, exit } = injected(task, index, attempt)
      return retryOn === null || ends === 'timed_out' || (ends === 'failed' && retryOn.includes(exit))
    },
    retryDelay: (task, index, attempt) => {
      const { retryAfter } = injected(task, index, attempt)
      return retryAfter === null ? -1 : microsOf(retryAfter)
    },
    found: (task, index) => {
      const after = satisfiedAfter(conformance, idOf(task), index < 0 ? null : index)
      return after === null ? -1 : microsOf(after)
    },
    random: () => 1,
    answer: (question, task, index, upstream) => {
      if (question === 'branch') {
        const ids = answers.branch[labelOf(task, index)] ?? []
        const chosen = ids === 'error' ? [] : ids.map((id) => plan.numberOf.get(id) ?? -1)
        return { value: true, chosen, failed: ids === 'error' || chosen.includes(-1) }
      }
      const given =
        question === 'when'
          ? answers.when[labelOf(task, index)]
          : answers.edge[`${labelOf(task, index)} < ${idOf(upstream)}`]
      return { value: given !== false, chosen: [], failed: given === 'error' }
    },
    count: (task) => {
      const given = answers.count[idOf(task)]
      return given === undefined ? itemsOf(conformance, task) : given === 'error' ? -1 : given
    },
  }
}

/** How many instances a literal `forEach` gives; 0 where it is an expression that the case does not answer. */
function itemsOf({ parsed }: ConformanceCase, task: number): number {
  const forEach = parsed.tasks[task]?.forEach
  if (forEach?.type === 'list') return Array.isArray(forEach.list) ? forEach.list.length : 0
  if (forEach?.type !== 'matrix') return 0
  return [...forEach.matrix.values()].reduce((product, list) => product * (Array.isArray(list) ? list.length : 0), 1)
}
