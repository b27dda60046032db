import { findCycle } from '#shared/graph/cycle.ts'
import type { Graph } from '#shared/graph/graph.ts'
import { taskGraph } from '#shared/graph/task-graph.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'

/** Of the shown pipeline, the tasks that a run has. */
export interface RunGraph {
  readonly ids: readonly string[]
  /** Node v is the v-th of `ids`; null where they form a cycle by now. */
  readonly graph: Graph | null
  /** What each is expected to take, in microseconds, as the run's header has it. */
  readonly expected: Float64Array
}

/** With more tasks, what looks at all of them is worked out less often. */
const MANY_TASKS = 2_000

export function isLarge({ ids }: RunGraph): boolean {
  return ids.length > MANY_TASKS
}

const known = new WeakMap<RunView, { readonly pipeline: Pipeline; readonly graph: RunGraph }>()

/** Made once for a run and a pipeline, whoever asks. */
export function runGraph(view: RunView, pipeline: Pipeline): RunGraph {
  const before = known.get(view)
  if (before?.pipeline === pipeline) return before.graph
  const tasks = pipeline.tasks.filter((task) => view.tasks.has(task.id))
  const { graph } = taskGraph(tasks)
  const made = {
    ids: tasks.map((task) => task.id),
    graph: findCycle(graph) === null ? graph : null,
    expected: Float64Array.from(tasks, (task) => view.header.basis[task.id] ?? 0),
  }
  known.set(view, { pipeline, graph: made })
  return made
}
