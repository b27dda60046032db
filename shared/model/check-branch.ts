import { mentionsIn } from '../expression/check.ts'
import type { Task } from './pipeline.ts'
import type { Report } from './report.ts'
import { didYouMean } from './suggestion.ts'
import type { TaskGraph } from './task-graph.ts'

/** What a branch is seen to choose, and cannot: the run would fail there (DESIGN 4.3). */
export function checkBranches(graph: TaskGraph, report: Report): void {
  for (const task of graph.tasks.values()) {
    if (task.branch === null) continue
    const ways = graph.downstreams.get(task.id)!
    const { chosen, always } = choicesIn(task.branch)
    for (const id of new Set(chosen)) {
      if (!ways.includes(id)) report.add({ ...missing(graph, task, id, ways), severity: always ? 'error' : 'warning' })
    }
  }
}

/** The ids a branch may give as far as they stand in it. `always`: it gives nothing else. */
function choicesIn(branch: string): { readonly chosen: readonly string[]; readonly always: boolean } {
  if (!branch.includes('${{')) return { chosen: [branch], always: true }
  const mentions = mentionsIn(branch, 'tasks', { bare: false, texts: true })
  return { chosen: mentions.flatMap(({ id, form }) => (form === 'text' ? [id] : [])), always: false }
}

function missing(graph: TaskGraph, task: Task, id: string, ways: readonly string[]) {
  const known = graph.tasks.has(id)
  const link = known ? `Let ${id} need ${task.id}` : `Add a task \`${id}\` that needs ${task.id}`
  return {
    code: 'BRANCH_TO_NOTHING',
    message: known
      ? `${task.id} cannot branch to \`${id}\`, which does not need it directly.`
      : `${task.id} branches to \`${id}\`, but there is no task with this id.`,
    hint: didYouMean(id, ways, `${link}, or choose ${ways.length === 0 ? 'a task that does' : ways.join(' or ')}.`),
    path: ['tasks', task.id, 'branch'],
  }
}
