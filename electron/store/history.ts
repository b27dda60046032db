import { entriesByTask, type TaskEntry } from '#shared/analysis/history.ts'
import { isExecutedSuccess } from '#shared/analysis/run-facts.ts'
import type { History } from '#shared/contract/data.ts'
import type { Steps } from '#shared/model/steps.ts'
import type { RunRecord } from './store.ts'

/**
 * Times of the tasks that each run executed to a success: all of their instances, and no one else's result. By today's task
 * ids, newest run first. `aliases`: earlier ids of a task, by today's.
 */
export function* historyOf(
  records: readonly Pick<RunRecord, 'summary' | 'facts'>[],
  aliases: ReadonlyMap<string, readonly string[]> = new Map(),
): Steps<Pick<History, 'runs' | 'tasks'>> {
  const tasks: History['tasks'] = Object.create(null)
  const entries = new Map<string, TaskEntry[]>()
  for (const { facts } of records) {
    yield
    entriesByTask([facts], aliases, entries)
  }
  for (const [id, ofTask] of entries) {
    yield
    const times = ofTask.flatMap(({ run, facts }) => {
      const { work, duration, queued, attempts } = facts
      if (!isExecutedSuccess(facts) || work === null || duration === null) return []
      return [{ run: run.run, work, duration, queued, attempts }]
    })
    if (times.length > 0) tasks[id] = times
  }
  return { runs: records.map((record) => record.summary), tasks }
}
