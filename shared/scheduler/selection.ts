import type { Graph } from '../graph/graph.ts'
import { ancestors, descendants } from '../graph/reachability.ts'
import type { Selection } from '../journal/event.ts'
import type { Pipeline } from '../model/pipeline.ts'
import { failure, type Result, success } from '../model/problem.ts'
import { reachable, taskGraph } from '../model/task-graph.ts'

/**
 * Which tasks a partial run covers (DESIGN 4.6). `from`: these and all that follow; `upTo`: these and all before them;
 * both: what lies between; `only`: exactly these, in addition to the others. No selection, or an empty one, covers all.
 */
export function selectedTasks(
  graph: Graph,
  numberOf: ReadonlyMap<string, number>,
  selection: Selection | undefined,
): Result<Uint8Array> {
  const { size } = graph
  const { from = [], upTo = [], only = [] } = selection ?? {}
  if (from.length + upTo.length + only.length === 0) return success(new Uint8Array(size).fill(1))
  for (const id of [...from, ...upTo, ...only]) {
    if (!numberOf.has(id)) {
      return failure({
        code: 'UNKNOWN_TASK',
        severity: 'error',
        message: `The selection names \`${id}\`, which is not a task of this pipeline.`,
        hint: 'Choose tasks that the pipeline has.',
      })
    }
  }
  const numbers = (ids: readonly string[]) => ids.map((id) => numberOf.get(id) as number)
  const after = from.length > 0 ? withStarts(descendants, graph, numbers(from)) : null
  const before = upTo.length > 0 ? withStarts(ancestors, graph, numbers(upTo)) : null
  const selected = new Uint8Array(size)
  if (after !== null || before !== null) {
    for (let task = 0; task < size; task++) {
      selected[task] = (after?.[task] ?? 1) & (before?.[task] ?? 1)
    }
  }
  for (const task of numbers(only)) selected[task] = 1
  if (!selected.includes(1)) {
    return failure({
      code: 'EMPTY_SELECTION',
      severity: 'error',
      message: `No task lies between ${from.join(', ')} and ${upTo.join(', ')}`,
      hint: 'Choose a start that leads to the end.',
    })
  }
  return success(selected)
}

/**
 * The part of a pipeline from the first to the last of some tasks: from those with none of the others before them, up to
 * those with none after them. null where none of them leads to another, so that nothing can lie between.
 */
export function selectionBetween(
  pipeline: Pick<Pipeline, 'tasks'>,
  ids: readonly string[],
): { readonly from: readonly string[]; readonly upTo: readonly string[] } | null {
  const { tasks, upstreams, downstreams } = taskGraph(pipeline.tasks)
  const chosen = ids.filter((id) => tasks.has(id))
  const after = reachable(downstreams, ...chosen)
  const before = reachable(upstreams, ...chosen)
  const from = chosen.filter((id) => !after.has(id))
  const upTo = chosen.filter((id) => !before.has(id))
  // In a circle there is no first one.
  return from.length === 0 || upTo.length === 0 || from.length === chosen.length ? null : { from, upTo }
}

function withStarts(reach: typeof descendants, graph: Graph, starts: readonly number[]): Uint8Array {
  const reached = reach(graph, starts)
  for (const task of starts) reached[task] = 1
  return reached
}
