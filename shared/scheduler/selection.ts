import type { Selection } from '../journal/event.ts'
import { failure, type Result, success } from '../model/problem.ts'

interface Adjacency {
  readonly ids: readonly string[]
  readonly numberOf: ReadonlyMap<string, number>
  readonly upstreamsOf: (task: number) => Iterable<number>
  readonly downstreamsOf: (task: number) => Iterable<number>
}

/**
 * Which tasks a partial run covers (DESIGN 4.6). `from`: these and all that follow; `upTo`: these and all before them;
 * both: what lies between; `only`: exactly these, in addition to the others. No selection, or an empty one, covers all.
 */
export function selectedTasks(graph: Adjacency, selection: Selection | undefined): Result<Uint8Array> {
  const size = graph.ids.length
  const { from = [], upTo = [], only = [] } = selection ?? {}
  if (from.length + upTo.length + only.length === 0) return success(new Uint8Array(size).fill(1))
  for (const id of [...from, ...upTo, ...only]) {
    if (!graph.numberOf.has(id)) {
      return failure({
        code: 'UNKNOWN_TASK',
        severity: 'error',
        message: `The selection names \`${id}\`, which is not a task of this pipeline.`,
        hint: 'Choose tasks that the pipeline has.',
      })
    }
  }
  const after = from.length > 0 ? reach(size, numbers(graph, from), graph.downstreamsOf) : null
  const before = upTo.length > 0 ? reach(size, numbers(graph, upTo), graph.upstreamsOf) : null
  const selected = new Uint8Array(size)
  if (after !== null || before !== null) {
    for (let task = 0; task < size; task++) {
      selected[task] = (after?.[task] ?? 1) & (before?.[task] ?? 1)
    }
  }
  for (const task of numbers(graph, only)) selected[task] = 1
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

function numbers(graph: Adjacency, ids: readonly string[]): number[] {
  return ids.map((id) => graph.numberOf.get(id) as number)
}

function reach(size: number, starts: readonly number[], next: (task: number) => Iterable<number>): Uint8Array {
  const reached = new Uint8Array(size)
  const stack = [...starts]
  for (const task of starts) reached[task] = 1
  for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
    for (const other of next(task)) {
      if (reached[other] === 1) continue
      reached[other] = 1
      stack.push(other)
    }
  }
  return reached
}
