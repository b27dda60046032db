import type { History, RunSummary } from '#shared/contract/data.ts'
import { type RunView, type TaskView, taskDuration, taskQueued, taskWork } from '#shared/journal/run-view.ts'
import type { TaskTimes } from './run-times.ts'

type TaskHistory = History['tasks'][string]

export interface RunRecord {
  readonly summary: RunSummary
  readonly times: TaskTimes
}

/** Times of the tasks that this run executed to a success: all of their instances, and no one else's result. */
export function timesOf(view: RunView): TaskTimes {
  const times: TaskTimes[number][] = []
  for (const id of view.order) {
    const task = view.tasks.get(id)!
    const work = taskWork(task)
    const duration = taskDuration(task)
    if (work === null || duration === null || !isWholeSuccess(task)) continue
    times.push([id, work, duration, taskQueued(task), countAttempts(task)])
  }
  return times
}

/** By today's task ids, newest run first. `aliases`: earlier ids of a task, by today's. */
export function historyOf(
  records: readonly RunRecord[],
  aliases: ReadonlyMap<string, readonly string[]> = new Map(),
): Pick<History, 'runs' | 'tasks'> {
  const today = new Map<string, string>()
  for (const [id, earlier] of aliases) for (const alias of earlier) today.set(alias, id)
  const tasks: Record<string, TaskHistory> = Object.create(null)
  for (const { summary, times } of records) {
    for (const [task, work, duration, queued, attempts] of times) {
      const id = aliases.has(task) ? task : (today.get(task) ?? task)
      const list = tasks[id] ?? []
      tasks[id] = list
      list.push({ run: summary.run, work, duration, queued, attempts })
    }
  }
  return { runs: records.map((record) => record.summary), tasks }
}

/** Attempts lost with their engine are nobody's failure, and don't count. */
function countAttempts(task: TaskView): number {
  let count = 0
  for (const instance of task.instances) {
    for (const attempt of instance.attempts) if (attempt.state !== 'lost') count++
  }
  return count
}

function isWholeSuccess(task: TaskView): boolean {
  return (
    task.state === 'success' &&
    task.instances.every((instance) => instance.state === 'success' && instance.origin === 'executed')
  )
}
