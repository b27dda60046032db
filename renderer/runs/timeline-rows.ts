import type { PathLink, RealizedPath } from '#shared/analysis/realized-path.ts'
import type { AttemptState, Cause, InstanceState } from '#shared/journal/event.ts'
import { instanceLabel } from '#shared/journal/event.ts'
import { attemptStart, type InstanceView, type RunView, type TaskView } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'
import { instanceShown, type ShownState, taskShown } from './shown-state.ts'

export interface TimelineBar {
  readonly task: string
  readonly index: number | null
  /** wait: ready, without a slot; work: an attempt; retry: the delay before the next; span: a mapped task as a whole. */
  readonly kind: 'wait' | 'work' | 'retry' | 'span'
  readonly from: Micros
  readonly to: Micros
  readonly state: AttemptState | InstanceState
  /** From 1; 0 for a span. */
  readonly attempt: number
  /** Part of the chain that led to the end of the run. */
  readonly critical: boolean
  readonly cause: Cause | null
}

export interface TimelineRow {
  readonly key: string
  /** null: a slot, on which many tasks ran. */
  readonly task: string | null
  readonly index: number | null
  readonly label: string
  readonly state: ShownState
  readonly bars: readonly TimelineBar[]
  readonly critical: boolean
  /** The row of a mapped task, over those of its instances; null where it has none. */
  readonly group: 'open' | 'closed' | null
  /** A row of an instance, under its task's. */
  readonly nested: boolean
}

/** A mapped task with at most this many instances shows them without being asked. */
const OPEN_AT_FIRST = 12

/** Rows of one run and one path that need no clock, by task, with the version of the task that they show. */
export type KnownRows = Map<string, { readonly version: number; readonly row: TimelineRow }>

/**
 * The rows of a run, in order of start; tasks that have not started come last, in file order.
 * @param now the run's clock, where bars of what still runs end
 * @param toggled tasks whose instances a person has shown or hidden, against what they are at first
 * @param known kept from one call to the next, so that of a large run only what goes on is made anew
 */
export function timelineRows(
  view: RunView,
  now: Micros,
  path: RealizedPath | null,
  toggled: ReadonlySet<string>,
  known: KnownRows = new Map(),
): readonly TimelineRow[] {
  const links = new Set((path?.links ?? []).map(linkKey))
  const isCritical = (task: string, index: number | null, attempt: number) =>
    links.has(linkKey({ task, index, attempt }))
  const rows: TimelineRow[] = []
  for (const task of inStartOrder(view)) {
    if (!task.mapped) {
      const before = known.get(task.id)
      const row =
        before?.version === task.version ? before.row : instanceRow(task, task.instances[0]!, now, isCritical, false)
      rows.push(row)
      if (row !== before?.row && !needsClock(task)) known.set(task.id, { version: task.version, row })
      continue
    }
    const open = task.instances.length <= OPEN_AT_FIRST !== toggled.has(task.id)
    rows.push(mappedRow(task, now, open, isCritical))
    if (open) for (const instance of task.instances) rows.push(instanceRow(task, instance, now, isCritical, true))
  }
  return rows
}

function needsClock({ state, instances }: TaskView): boolean {
  const goesOn = state === 'queued' || state === 'running' || state === 'retrying'
  return goesOn || instances.some(({ attempts }) => attempts.some(({ finishedAt }) => finishedAt === null))
}

type CriticalTest = (task: string, index: number | null, attempt: number) => boolean

function linkKey(link: Pick<PathLink, 'task' | 'index' | 'attempt'>): string {
  return `${link.attempt}\n${link.index ?? ''}\n${link.task}`
}

function inStartOrder(view: RunView): readonly TaskView[] {
  const tasks = view.order.map((id) => view.tasks.get(id)).filter((task) => task !== undefined)
  const starts = Float64Array.from(tasks, startOf)
  const order = Uint32Array.from(tasks, (_, number) => number)
  return Array.from(
    order.sort((a, b) => starts[a]! - starts[b]! || a - b),
    (number) => tasks[number]!,
  )
}

function startOf(task: TaskView): Micros {
  return task.instances.reduce(
    (start, instance) => Math.min(start, instance.attempts[0]?.readyAt ?? instance.readyAt ?? Number.MAX_SAFE_INTEGER),
    Number.MAX_SAFE_INTEGER,
  )
}

function instanceRow(
  task: TaskView,
  instance: InstanceView,
  now: Micros,
  isCritical: CriticalTest,
  nested: boolean,
): TimelineRow {
  const label = instanceLabel(task.id, instance.index)
  let bars: readonly TimelineBar[] | null = null
  return {
    key: label,
    task: task.id,
    index: instance.index,
    label,
    state: instanceShown(instance),
    // Of thousands of rows some dozen are seen.
    get bars() {
      bars ??= instanceBars(task.id, instance, now, (attempt) => isCritical(task.id, instance.index, attempt))
      return bars
    },
    get critical() {
      return this.bars.some((bar) => bar.critical)
    },
    group: null,
    nested,
  }
}

function instanceBars(
  task: string,
  instance: InstanceView,
  now: Micros,
  isCritical: (attempt: number) => boolean,
): readonly TimelineBar[] {
  const bars: TimelineBar[] = []
  const ref = { task, index: instance.index }
  let previousEnd: Micros | null = null
  for (const attempt of instance.attempts) {
    const base = { ...ref, attempt: attempt.attempt, critical: isCritical(attempt.attempt), cause: attempt.cause }
    const start = attemptStart(attempt)
    if (previousEnd !== null && attempt.cause.type === 'retry' && attempt.readyAt > previousEnd) {
      bars.push({ ...base, kind: 'retry', from: previousEnd, to: attempt.readyAt, state: 'retrying' })
    }
    if (start > attempt.readyAt) bars.push({ ...base, kind: 'wait', from: attempt.readyAt, to: start, state: 'queued' })
    const end = attempt.finishedAt ?? now
    bars.push({ ...base, kind: 'work', from: start, to: Math.max(end, start), state: attempt.state })
    previousEnd = end
  }
  const tail = { ...ref, attempt: instance.attempts.length + 1, critical: false, cause: null }
  if (instance.state === 'queued' && instance.readyAt !== null) {
    bars.push({ ...tail, kind: 'wait', from: previousEnd ?? instance.readyAt, to: now, state: 'queued' })
  }
  if (instance.state === 'retrying' && previousEnd !== null) {
    bars.push({ ...tail, kind: 'retry', from: previousEnd, to: instance.retryUntil ?? now, state: 'retrying' })
  }
  return bars
}

/** Closed, the row holds all instances' work, drawn over each other; open, only their span. */
function mappedRow(task: TaskView, now: Micros, open: boolean, isCritical: CriticalTest): TimelineRow {
  const all = task.instances.flatMap((instance) =>
    instanceBars(task.id, instance, now, (attempt) => isCritical(task.id, instance.index, attempt)),
  )
  const work = all.filter((bar) => bar.kind === 'work')
  const from = work.reduce((least, bar) => Math.min(least, bar.from), Number.POSITIVE_INFINITY)
  const to = work.reduce((most, bar) => Math.max(most, bar.to), Number.NEGATIVE_INFINITY)
  const span: TimelineBar | null =
    to < from
      ? null
      : {
          kind: 'span',
          task: task.id,
          index: null,
          from,
          to,
          state: task.state,
          attempt: 0,
          critical: false,
          cause: null,
        }
  return {
    key: task.id,
    task: task.id,
    index: null,
    label: task.instances.length === 0 ? task.id : `${task.id} × ${task.instances.length}`,
    state: taskShown(task),
    bars: [...(span === null ? [] : [span]), ...(open ? [] : work)],
    critical: work.some((bar) => bar.critical),
    group: task.instances.length === 0 ? null : open ? 'open' : 'closed',
    nested: false,
  }
}

/** "the end of extract", for "started after …". */
export function causeText(cause: Cause): string {
  switch (cause.type) {
    case 'begin':
      return 'the start of the run'
    case 'dependency':
      return `the end of ${instanceLabel(cause.task, cause.index)}`
    case 'retry':
      return 'the delay before a retry'
    case 'marked':
      return 'a person clearing it'
    case 'resume':
      return 'the run was resumed'
    case 'maxParallel':
      return `a place beside its other instances, freed by ${instanceLabel(cause.task, cause.index)}`
    case 'pool':
      return `a slot of pool ${cause.pool}, ${freedBy(cause)}`
    case 'slot':
      return `a slot, ${freedBy(cause)}`
  }
}

function freedBy(cause: { readonly task: string | null; readonly index: number | null }): string {
  return cause.task === null ? 'freed by another run' : `freed by ${instanceLabel(cause.task, cause.index)}`
}
