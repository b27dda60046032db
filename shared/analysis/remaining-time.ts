import type { Graph } from '../graph/graph.ts'
import { topologicalOrder } from '../graph/order.ts'
import type { RunView, TaskView } from '../journal/run-view.ts'
import { isFinal } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'
import { longestTails } from './critical-path.ts'

export interface RemainingTime {
  /** Expected time to the end of the run: the longer of the remaining critical path and the remaining work ÷ slots. */
  readonly remaining: Micros
  /** Done share of the expected work of all tasks, 0 to 1. */
  readonly progress: number
  /** Tasks that already run longer than expected: while there are any, `remaining` is no more than a lower bound. */
  readonly overdue: readonly string[]
}

/**
 * An honest estimate for a live run, by the larger of two lower bounds; a simulation from the current state is closer
 * where slots and pools are short. Takes the tasks in file order with their graph, their expected durations in whole
 * microseconds, the run, the instant (microseconds since the run's epoch) and the slots of the run.
 */
export function remainingTime(
  ids: readonly string[],
  graph: Graph,
  expected: Float64Array,
  view: RunView,
  now: Micros,
  slots: number,
): RemainingTime {
  const order = topologicalOrder(graph)
  if (order === null) throw new RangeError('A graph with a cycle cannot run')
  const rest = new Float64Array(ids.length)
  const overdue: string[] = []
  let total = 0
  let open = 0
  ids.forEach((id, number) => {
    const task = view.tasks.get(id)
    if (task === undefined) return
    total += expected[number]!
    const left = openTime(task, expected[number]!, now)
    if (left < 0) overdue.push(id)
    rest[number] = Math.max(0, left)
    open += rest[number]!
  })
  return {
    remaining: leastRemaining(graph, order, rest, slots),
    progress: total === 0 ? 1 : 1 - open / total,
    overdue,
  }
}

/** The larger of the remaining critical path and the remaining work ÷ slots. `rest`: of each task, in microseconds. */
export function leastRemaining(graph: Graph, order: Int32Array, rest: Float64Array, slots: number): Micros {
  const path = longestTails(graph, rest, order).reduce((longest, tail) => Math.max(longest, tail), 0)
  const work = rest.reduce((sum, left) => sum + left, 0)
  return Math.round(Math.max(path, work / Math.max(1, slots)))
}

/** Expected time the task still needs; negative by how long it is overdue. A mapped task goes by its open instances. */
export function openTime(task: TaskView, expected: Micros, now: Micros): Micros {
  if (isFinal(task.state)) return 0
  const first = task.instances.reduce((least, { startedAt }) => Math.min(least, startedAt ?? Infinity), Infinity)
  if (first === Infinity) return expected
  if (!task.mapped) return expected - (now - first)
  const open = task.instances.filter(({ state }) => !isFinal(state)).length
  return (expected * open) / Math.max(1, task.instances.length)
}
