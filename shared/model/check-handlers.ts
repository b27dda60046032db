import type { Pipeline } from './pipeline.ts'
import type { Report } from './report.ts'
import { didYouMean } from './suggestion.ts'
import type { TaskGraph } from './task-graph.ts'

/** `onSuccess` and `onFailure` name tasks that stand by themselves: they run by how all the others ended. */
export function checkHandlers(pipeline: Pipeline, graph: TaskGraph, report: Report): void {
  for (const field of ['onSuccess', 'onFailure'] as const) {
    const seen = new Set<string>()
    pipeline[field].forEach((id, index) => {
      const problem = seen.has(id) ? twice(id, field) : problemWith(id, field, graph)
      seen.add(id)
      if (problem !== null) report.add({ ...problem, path: [field, index] })
    })
  }
  const handlers = new Set([...pipeline.onSuccess, ...pipeline.onFailure])
  if (handlers.size === 0 || pipeline.tasks.some((task) => !handlers.has(task.id))) return
  report.add({
    code: 'ONLY_HANDLERS',
    severity: 'error',
    message: 'Every task runs only after all the others have ended, so there is nothing to run.',
    hint: 'Take those that do the work out of `onSuccess` and `onFailure`.',
    path: [pipeline.onSuccess.length > 0 ? 'onSuccess' : 'onFailure'],
    atKey: true,
  })
}

function twice(id: string, field: string) {
  return {
    code: 'HANDLER_TWICE',
    severity: 'warning' as const,
    message: `\`${field}\` names \`${id}\` twice.`,
    hint: 'Remove one of them.',
  }
}

function problemWith(id: string, field: string, graph: TaskGraph) {
  const severity = 'error' as const
  if (!graph.tasks.has(id)) {
    return {
      code: 'UNKNOWN_TASK',
      severity,
      message: `\`${field}\` names \`${id}\`, but there is no task with this id.`,
      hint: didYouMean(id, graph.tasks.keys(), `Add a task \`${id}\`, or remove it here.`),
    }
  }
  const [upstream] = graph.upstreams.get(id)!
  if (upstream !== undefined) {
    return {
      code: 'HANDLER_NEEDS',
      severity,
      message: `${id} runs after all other tasks (\`${field}\`), so it cannot need \`${upstream}\` as well.`,
      hint: `Remove its \`needs\`, or take it out of \`${field}\`.`,
    }
  }
  const [downstream] = graph.downstreams.get(id)!
  if (downstream === undefined) return null
  return {
    code: 'HANDLER_NEEDED',
    severity,
    message: `${downstream} needs ${id}, which runs only after all other tasks (\`${field}\`).`,
    hint: `Remove it from the \`needs\` of \`${downstream}\`, or take it out of \`${field}\`.`,
  }
}
