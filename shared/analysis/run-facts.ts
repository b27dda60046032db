import type { InstanceState, Origin, RunState } from '../journal/event.ts'
import { isFinal, type RunView, type TaskView, taskDuration, taskQueued, taskWork } from '../journal/run-view.ts'
import { wallTime } from '../journal/summary.ts'
import { type Steps, takeAll } from '../model/steps.ts'
import type { Micros } from '../model/time.ts'

/** What history, objectives and queries need of one run that has ended. */
export interface RunFacts {
  readonly run: string
  readonly state: RunState
  /** ISO 8601 in UTC. */
  readonly startedAt: string
  readonly endedAt: string
  readonly logicalDate: string
  readonly makespan: Micros | null
  /** All of the pipeline ran in it, from begin to end: no selection, nothing taken over, not cancelled or interrupted. */
  readonly whole: boolean
  readonly tasks: readonly TaskFacts[]
}

export interface TaskFacts {
  readonly task: string
  readonly state: InstanceState
  /** Of a success: `executed` only where all of its instances ran in this run. Of any other end: null. */
  readonly origin: Origin | null
  /** Sum over the successful instances. */
  readonly work: Micros | null
  readonly duration: Micros | null
  /** Waiting for slots and pools, over all instances and attempts. */
  readonly queued: Micros
  /** Attempts that were not lost with their engine. */
  readonly attempts: number
  /** ISO 8601 in UTC; null where it did not end. */
  readonly endedAt: string | null
  /** Sums of the reserved outputs; null where no instance reports them. */
  readonly rows: number | null
  readonly bytes: number | null
  /** Highest of all attempts, in bytes; null where it was not sampled. */
  readonly peakMemory: number | null
  /** Sum over all attempts. */
  readonly cpu: Micros | null
}

/** About a millisecond's. */
const TASKS_A_STEP = 300

/** `state`: as the summary of the run has it, see `runStateOf`. Tasks that had no part in the run are left out. */
export function runFactsOf(view: RunView, state: RunState): RunFacts {
  return takeAll(runFactsSteps(view, state))
}

/** The same in steps. */
export function* runFactsSteps(view: RunView, state: RunState): Steps<RunFacts> {
  const { header } = view
  const facts: TaskFacts[] = []
  for (const [at, id] of view.order.entries()) {
    if (at % TASKS_A_STEP === 0) yield
    const task = view.tasks.get(id)!
    if (task.state !== 'pending') facts.push(taskFactsOf(view, task))
  }
  const ended = state === 'success' || state === 'partial' || state === 'failed'
  return {
    run: header.run,
    state,
    startedAt: wallTime(view, 0),
    endedAt: wallTime(view, view.endedAt ?? view.t),
    logicalDate: header.logicalDate,
    makespan: view.endedAt === null ? null : (view.lastSettledAt ?? view.endedAt),
    whole:
      ended &&
      header.selection === null &&
      facts.every((task) => task.state !== 'success' || task.origin === 'executed'),
    tasks: facts,
  }
}

function taskFactsOf(view: RunView, task: TaskView): TaskFacts {
  const attempts = task.instances.flatMap((instance) => instance.attempts)
  const end = task.instances.reduce<Micros | null>((latest, { endedAt }) => {
    return endedAt === null ? latest : Math.max(latest ?? endedAt, endedAt)
  }, null)
  return {
    task: task.id,
    state: task.state,
    origin: task.state === 'success' ? originOf(task) : null,
    work: taskWork(task),
    duration: taskDuration(task),
    queued: taskQueued(task),
    attempts: attempts.filter((attempt) => attempt.state !== 'lost').length,
    endedAt: isFinal(task.state) && end !== null ? wallTime(view, end) : null,
    rows: sumOf(task.instances, (instance) => amount(instance.outputs?.rows)),
    bytes: sumOf(task.instances, (instance) => amount(instance.outputs?.bytes)),
    peakMemory: attempts.reduce<number | null>((most, { peakMemory }) => {
      return peakMemory === null ? most : Math.max(most ?? 0, peakMemory)
    }, null),
    cpu: sumOf(attempts, ({ cpu }) => cpu),
  }
}

/** The first that is not `executed`; a skipped instance of a mapped task leaves it executed. */
function originOf(task: TaskView): Origin {
  const other = task.instances.find(({ origin }) => origin !== null && origin !== 'executed')
  return other?.origin ?? 'executed'
}

function amount(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

function sumOf<T>(items: readonly T[], amountOf: (item: T) => number | null): number | null {
  let sum: number | null = null
  for (const item of items) {
    const value = amountOf(item)
    if (value !== null) sum = (sum ?? 0) + value
  }
  return sum
}

/** Whether its times may enter statistics: a success that this very run executed. */
export function isExecutedSuccess(task: Pick<TaskFacts, 'state' | 'origin'>): boolean {
  return task.state === 'success' && task.origin === 'executed'
}
