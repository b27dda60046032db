import type { InstanceState, JournalEvent } from '../journal/event.ts'
import { type RunView, type TaskView, taskDuration, taskQueued, taskWork } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'
import { todaysId } from './history.ts'
import { type PathSegment, realizedPath } from './realized-path.ts'

/** Two runs, task by task; `delta` is always later minus earlier, null where one of the two has no value. */
export interface RunComparison {
  readonly makespan: Difference
  /** In file order of the later run, then those that only the earlier one has. */
  readonly tasks: readonly TaskDifference[]
  /**
   * Where the difference of the makespans comes from: what each task contributed to the two realized paths, largest
   * difference first. The deltas add up to the makespans' exactly. Empty where a run has no realized path.
   */
  readonly explained: readonly Contribution[]
}

export interface Difference {
  readonly earlier: Micros | null
  readonly later: Micros | null
  readonly delta: Micros | null
}

export interface TaskDifference {
  readonly task: string
  /** null where that run does not have the task, or it was not selected. */
  readonly states: { readonly earlier: InstanceState | null; readonly later: InstanceState | null }
  readonly duration: Difference
  readonly work: Difference
  /** Waiting for slots and pools. */
  readonly waited: Difference
  readonly attempts: { readonly earlier: number; readonly later: number }
}

export interface Contribution {
  readonly task: string
  readonly kind: PathSegment['kind']
  /** Time on the realized path; 0 where the task was not on it. */
  readonly earlier: Micros
  readonly later: Micros
  readonly delta: Micros
}

export interface ComparedRun {
  readonly view: RunView
  readonly events: readonly JournalEvent[]
}

/** `aliases`: earlier ids of a task, by today's, so that a renamed task is compared with itself. */
export function compareRuns(
  earlier: ComparedRun,
  later: ComparedRun,
  aliases: ReadonlyMap<string, readonly string[]> = new Map(),
): RunComparison {
  const idOf = todaysId(aliases)
  const before = tasksByToday(earlier.view, idOf)
  const after = tasksByToday(later.view, idOf)
  const paths = [realizedPath(earlier.view, earlier.events), realizedPath(later.view, later.events)] as const
  const [first, second] = paths
  return {
    makespan: difference(first?.makespan ?? null, second?.makespan ?? null),
    tasks: [...new Set([...after.keys(), ...before.keys()])].map((task) =>
      taskDifference(task, before.get(task), after.get(task)),
    ),
    explained: first === null || second === null ? [] : contributions(first.segments, second.segments, idOf),
  }
}

function tasksByToday(view: RunView, idOf: (task: string) => string): ReadonlyMap<string, TaskView> {
  const selected = view.order.map((id) => view.tasks.get(id)!).filter((task) => task.state !== 'pending')
  return new Map(selected.map((task) => [idOf(task.id), task]))
}

function difference(earlier: Micros | null, later: Micros | null): Difference {
  return { earlier, later, delta: earlier === null || later === null ? null : later - earlier }
}

function taskDifference(task: string, before: TaskView | undefined, after: TaskView | undefined): TaskDifference {
  const both = (timeOf: (view: TaskView) => Micros | null) =>
    difference(before ? timeOf(before) : null, after ? timeOf(after) : null)
  return {
    task,
    states: { earlier: before?.state ?? null, later: after?.state ?? null },
    duration: both(taskDuration),
    work: both(taskWork),
    waited: both(taskQueued),
    attempts: { earlier: attemptsOf(before), later: attemptsOf(after) },
  }
}

function attemptsOf(task: TaskView | undefined): number {
  return (task?.instances ?? []).reduce((sum, instance) => sum + instance.attempts.length, 0)
}

function contributions(
  earlier: readonly PathSegment[],
  later: readonly PathSegment[],
  idOf: (task: string) => string,
): readonly Contribution[] {
  const found = new Map<string, { task: string; kind: PathSegment['kind']; earlier: Micros; later: Micros }>()
  const add = (segments: readonly PathSegment[], side: 'earlier' | 'later') => {
    for (const { task, kind, from, to } of segments) {
      const id = idOf(task)
      const key = `${kind} ${id}`
      const sums = found.get(key) ?? { task: id, kind, earlier: 0, later: 0 }
      sums[side] += to - from
      found.set(key, sums)
    }
  }
  add(earlier, 'earlier')
  add(later, 'later')
  return [...found.values()]
    .map((sums) => ({ ...sums, delta: sums.later - sums.earlier }))
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta))
}
