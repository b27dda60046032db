import type { InstanceState, Origin } from '#shared/journal/event.ts'
import { INSTANCE_STATES, instanceLabel } from '#shared/journal/event.ts'
import {
  type InstanceView,
  instanceQueued,
  isFinal,
  type RunView,
  type TaskView,
  taskDuration,
} from '#shared/journal/run-view.ts'
import { retryDelayText, retryOf } from '#shared/journal/why.ts'
import { queuedSince } from '#shared/journal/why-waits.ts'
import type { Micros } from '#shared/model/time.ts'
import { type AttemptLimit, attemptLimit } from './attempt-limit.ts'
import { instanceShown, type ShownState, taskShown } from './shown-state.ts'

export interface TaskListRow {
  readonly key: string
  readonly task: string
  readonly index: number | null
  readonly label: string
  readonly state: InstanceState
  readonly shown: ShownState
  readonly origin: Origin | null
  readonly attempts: number
  /** First start to end, or to now while it runs; null where it did not start. */
  readonly duration: Micros | null
  /** Time it was ready and waited for a place; of a mapped task: of the instance that waited longest. */
  readonly queued: Micros
  /** While an attempt runs that may not take for ever. */
  readonly limit: AttemptLimit | null
  /** While it waits for its next attempt: which one, and how long still. */
  readonly retry: { readonly attempt: number; readonly left: Micros } | null
  /** Of a mapped task with instances: how many of them are done. */
  readonly mapped: { readonly counts: string; readonly open: boolean } | null
  readonly nested: boolean
}

type Timeouts = ReadonlyMap<string, Micros>

export type TaskListColumn = 'order' | 'name' | 'state' | 'attempts' | 'duration' | 'queued'

/** Worst first: what needs a person stands on top. */
const STATE_RANK: readonly InstanceState[] = [
  'failed',
  'running',
  'retrying',
  'upstream_failed',
  'queued',
  'pending',
  'cancelled',
  'skipped',
  'success',
]

/**
 * One row a task, sorted; under a mapped task that is open, its instances.
 * @param now the run's clock
 * @param timeouts of tasks that have one, by id
 */
export function taskListRows(
  view: RunView,
  now: Micros,
  sort: { readonly column: TaskListColumn; readonly descending: boolean },
  open: ReadonlySet<string>,
  timeouts: Timeouts = new Map(),
): readonly TaskListRow[] {
  const tasks = view.order.map((id) => view.tasks.get(id)).filter((task) => task !== undefined)
  const rows = tasks.map((task, order) => ({ order, row: taskRow(task, now, open.has(task.id), timeouts), task }))
  const sign = sort.descending ? -1 : 1
  rows.sort((a, b) => sign * compare(a, b, sort.column) || a.order - b.order)
  return rows.flatMap(({ row, task }) =>
    row.mapped?.open === true
      ? [row, ...task.instances.map((instance) => instanceRow(task, instance, now, timeouts))]
      : [row],
  )
}

interface Sortable {
  readonly order: number
  readonly row: TaskListRow
}

function compare(a: Sortable, b: Sortable, column: TaskListColumn): number {
  switch (column) {
    case 'order':
      return a.order - b.order
    case 'name':
      return a.row.label < b.row.label ? -1 : a.row.label > b.row.label ? 1 : 0
    case 'state':
      return STATE_RANK.indexOf(a.row.state) - STATE_RANK.indexOf(b.row.state)
    case 'attempts':
      return a.row.attempts - b.row.attempts
    case 'duration':
      return (a.row.duration ?? -1) - (b.row.duration ?? -1)
    case 'queued':
      return a.row.queued - b.row.queued
  }
}

function taskRow(task: TaskView, now: Micros, open: boolean, timeouts: Timeouts): TaskListRow {
  const [first] = task.instances
  if (!task.mapped && first !== undefined) return { ...instanceRow(task, first, now, timeouts), nested: false }
  const starts = task.instances.map((instance) => instance.startedAt).filter((start) => start !== null)
  const running = starts.length === 0 ? null : now - starts.reduce((least, start) => Math.min(least, start))
  return {
    key: task.id,
    task: task.id,
    index: null,
    label: task.id,
    state: task.state,
    shown: taskShown(task),
    origin: originOf(task),
    attempts: task.instances.reduce((sum, instance) => sum + instance.attempts.length, 0),
    duration: isFinal(task.state) ? taskDuration(task) : running,
    queued: task.instances.reduce((most, instance) => Math.max(most, queuedSoFar(instance, now)), 0),
    limit: null,
    retry: null,
    mapped: first === undefined ? null : { counts: instanceCounts(task), open },
    nested: false,
  }
}

/** Of all its instances where they agree: executed as soon as one was. */
export function originOf({ instances, settled }: TaskView): Origin | null {
  const [first] = instances
  const agreed = first !== undefined && instances.every(({ origin }) => origin === first.origin)
  return agreed ? first.origin : (settled?.origin ?? null)
}

function instanceRow(task: TaskView, instance: InstanceView, now: Micros, timeouts: Timeouts): TaskListRow {
  const label = instanceLabel(task.id, instance.index)
  return {
    key: label,
    task: task.id,
    index: instance.index,
    label,
    state: instance.state,
    shown: instanceShown(instance),
    origin: instance.origin,
    attempts: instance.attempts.length,
    duration: instance.startedAt === null ? null : (instance.endedAt ?? now) - instance.startedAt,
    queued: queuedSoFar(instance, now),
    limit: attemptLimit(instance, timeouts.get(task.id) ?? null, now),
    retry: retryOf(instance, now),
    mapped: null,
    nested: true,
  }
}

/** "retry 2 in 4 s": in tenths of a second below ten seconds, so that it is seen to move. */
export function retryText({ attempt, left }: NonNullable<TaskListRow['retry']>): string {
  return left === 0 ? `retry ${attempt} is due` : `retry ${attempt} in ${retryDelayText(left)}`
}

/** "8/10, 1 failed", "× 10" once all are done: a mapped task's instances, and what went wrong; '' where there are none. */
export function instanceCounts({ counts, instances }: Pick<TaskView, 'counts' | 'instances'>): string {
  if (instances.length === 0) return ''
  const done = INSTANCE_STATES.reduce((sum, state) => sum + (isFinal(state) ? counts[state] : 0), 0)
  const words: readonly [number, string][] = [
    [counts.failed, 'failed'],
    [counts.upstream_failed, 'could not run'],
    [counts.cancelled, 'cancelled'],
    [counts.retrying, 'retrying'],
  ]
  return [
    done === instances.length ? `× ${done}` : `${done}/${instances.length}`,
    ...words.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`])),
  ].join(', ')
}

function queuedSoFar(instance: InstanceView, now: Micros): Micros {
  return instanceQueued(instance) + (instance.state === 'queued' ? queuedSince(instance, now) : 0)
}
