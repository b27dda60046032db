import { taskGraph } from '../graph/task-graph.ts'
import type { Pipeline, Task } from '../model/pipeline.ts'
import { type Micros, secondsOf } from '../model/time.ts'
import type { ExpectedDuration } from './basis.ts'
import { analyzeCriticalPath } from './critical-path.ts'

export interface TaskAnalysis {
  readonly duration: number
  readonly earliestStart: number
  readonly latestStart: number
  readonly totalFloat: number
  readonly freeFloat: number
  readonly drag: number
  readonly critical: boolean
}

/** The plan of a pipeline with unlimited slots: what `dagwright analyze --json` prints. Keys of `tasks` in file order. */
export interface PipelineAnalysis {
  readonly makespan: number
  readonly criticalPath: readonly string[]
  /** No prototype: ids may be `__proto__`. */
  readonly tasks: Readonly<Record<string, TaskAnalysis>>
}

/** The tasks that run only once all the others have ended. */
export function handlersOf({ onSuccess, onFailure }: Pipeline): ReadonlySet<string> {
  return new Set([...onSuccess, ...onFailure])
}

/**
 * All times in whole microseconds. Takes the tasks in file order and their expected durations (see basis.ts); a task
 * without one takes no time, and `handlers`, which run after the others by how they ended, are no part of the plan.
 * Throws a RangeError where there is a cycle.
 */
export function pipelineAnalysis(
  tasks: readonly Task[],
  durations: ReadonlyMap<string, ExpectedDuration>,
  handlers: ReadonlySet<string> = new Set(),
): PipelineAnalysis {
  const { graph } = taskGraph(tasks)
  const expected = Float64Array.from(tasks, (task): Micros => durations.get(task.id)?.value ?? 0)
  const planned = expected.map((duration, number) => (handlers.has(tasks[number]!.id) ? 0 : duration))
  const plan = analyzeCriticalPath(graph, planned)
  const byTask: Record<string, TaskAnalysis> = Object.create(null)
  tasks.forEach((task, number) => {
    byTask[task.id] = {
      duration: expected[number]!,
      earliestStart: plan.earliestStart[number]!,
      latestStart: plan.latestStart[number]!,
      totalFloat: plan.totalFloat[number]!,
      freeFloat: plan.freeFloat[number]!,
      drag: plan.drag[number]!,
      critical: plan.critical[number] === 1 && !handlers.has(task.id),
    }
  })
  return { makespan: plan.makespan, criticalPath: plan.criticalPath.map((number) => tasks[number]!.id), tasks: byTask }
}

/**
 * The dependencies that every longest path of the plan is made of, as [upstream, task]: both are critical, and the task
 * begins as the upstream ends.
 */
export function criticalLinks(
  tasks: readonly Task[],
  plan: PipelineAnalysis,
): readonly (readonly [upstream: string, task: string])[] {
  return tasks.flatMap(({ id, needs }) => {
    const own = plan.tasks[id]
    if (!own?.critical) return []
    const binding = needs.filter(({ task }) => {
      const before = plan.tasks[task]
      return before?.critical && before.earliestStart + before.duration === own.earliestStart
    })
    return binding.map(({ task }) => [task, id] as const)
  })
}

/** The same plan with every time in seconds, as the command line prints it. */
export function analysisInSeconds(analysis: PipelineAnalysis): PipelineAnalysis {
  const tasks: Record<string, TaskAnalysis> = Object.create(null)
  for (const [id, task] of Object.entries(analysis.tasks)) {
    tasks[id] = {
      duration: secondsOf(task.duration),
      earliestStart: secondsOf(task.earliestStart),
      latestStart: secondsOf(task.latestStart),
      totalFloat: secondsOf(task.totalFloat),
      freeFloat: secondsOf(task.freeFloat),
      drag: secondsOf(task.drag),
      critical: task.critical,
    }
  }
  return { makespan: secondsOf(analysis.makespan), criticalPath: analysis.criticalPath, tasks }
}
