import { useMemo } from 'react'
import { remainingTime } from '#shared/analysis/remaining-time.ts'
import { findCycle } from '#shared/graph/cycle.ts'
import { taskGraph } from '#shared/graph/task-graph.ts'
import { isFinal, type RunView } from '#shared/journal/run-view.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { runClock, useTick } from './clock.ts'
import { usePipeline } from './documents.ts'
import { useIsUnderWay, useRunView } from './runs.ts'

export interface RunProgress {
  readonly view: RunView
  /** Share of the expected work that is done, 0 to 1. */
  readonly share: number
  /** null while a task runs longer than expected: then nobody knows. */
  readonly remaining: Micros | null
  /** Tasks in a final state. */
  readonly done: number
  readonly total: number
}

/** How far the chosen run is, by the durations frozen in its header; null while none is loaded. */
export function useRunProgress(): RunProgress | null {
  const view = useRunView()
  const pipeline = usePipeline()
  const live = useIsUnderWay()
  useTick(live, 500)
  const plan = useMemo(() => (view && pipeline ? planOf(view, pipeline) : null), [view, pipeline])
  if (!view || !plan) return null
  const { ids, graph, expected } = plan
  const total = view.order.length
  let done = 0
  for (const task of view.tasks.values()) if (isFinal(task.state)) done++
  if (graph === null) return { view, share: total === 0 ? 0 : done / total, remaining: null, done, total }
  const estimate = remainingTime(ids, graph, expected, view, runClock(view), view.header.slots)
  return {
    view,
    share: estimate.progress,
    remaining: estimate.overdue.length > 0 ? null : estimate.remaining,
    done,
    total,
  }
}

/** What the run's tasks are expected to take. `graph`: null where they form a cycle by now. */
function planOf(view: RunView, pipeline: Pipeline) {
  const tasks = pipeline.tasks.filter((task) => view.tasks.has(task.id))
  const { graph } = taskGraph(tasks)
  return {
    ids: tasks.map((task) => task.id),
    graph: findCycle(graph) ? null : graph,
    expected: Float64Array.from(tasks, (task) => view.header.basis[task.id] ?? 0),
  }
}
