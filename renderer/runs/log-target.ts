import type { InstanceView, RunView, TaskView } from '#shared/journal/run-view.ts'
import type { LogTarget } from '../state/view.ts'

export interface ResolvedTarget {
  readonly task: TaskView
  readonly instance: InstanceView
  /** Numbers of its attempts, first to last. */
  readonly attempts: readonly number[]
  readonly attempt: number
}

/**
 * Whose log to show: what was asked for; else the selected task; else what runs now, failed last, or ended last.
 * null where no task has started an attempt.
 */
export function resolveLogTarget(
  view: RunView,
  asked: LogTarget | null,
  selected: string | null,
): ResolvedTarget | null {
  const wanted = asked?.task ?? selected
  const task = (wanted === null ? undefined : view.tasks.get(wanted)) ?? mostInteresting(view)
  if (task === null || task === undefined) return null
  const instance =
    (asked?.task === task.id
      ? task.instances.find((other) => other.index === asked.index && hasLog(other))
      : undefined) ??
    task.instances.find((other) => other.state === 'running') ??
    task.instances.find((other) => other.state === 'failed' && hasLog(other)) ??
    task.instances.find(hasLog)
  if (instance === undefined) return null
  const attempts = instance.attempts.map((other) => other.attempt)
  const last = attempts.at(-1) ?? 1
  const chosen =
    asked?.task === task.id && asked.attempt !== null && attempts.includes(asked.attempt) ? asked.attempt : last
  return { task, instance, attempts, attempt: chosen }
}

export function hasLog(instance: InstanceView): boolean {
  return instance.attempts.length > 0
}

function mostInteresting(view: RunView): TaskView | null {
  const tasks = [...view.tasks.values()].filter((task) => task.instances.some(hasLog))
  return (
    tasks.find((task) => task.state === 'running' || task.state === 'retrying') ??
    tasks.find((task) => task.state === 'failed') ??
    tasks.reduce<TaskView | null>((last, task) => (last === null || endOf(task) > endOf(last) ? task : last), null)
  )
}

function endOf(task: TaskView): number {
  return task.instances.reduce((end, instance) => Math.max(end, instance.endedAt ?? 0), 0)
}
