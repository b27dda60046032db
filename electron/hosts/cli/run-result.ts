import type { FinalState, InstanceState, Origin } from '#shared/journal/event.ts'
import {
  type InstanceView,
  instanceDuration,
  instanceQueued,
  type RunView,
  type TaskView,
  taskDuration,
  taskQueued,
} from '#shared/journal/run-view.ts'
import { runStateOf } from '#shared/journal/summary.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { secondsOf } from '#shared/model/time.ts'

interface InstanceResult {
  readonly state: InstanceState
  /** How a success came about; null otherwise. */
  readonly origin: Origin | null
  readonly attempts: number
  /** Seconds from first start to final end; null where it did not run. */
  readonly duration: number | null
  /** Seconds it was ready and waited for a slot or a pool. */
  readonly queued: number
  /** Of the last attempt; null where there is none. */
  readonly exitCode: number | null
  /** A mapped task's are lists by index, null where not successful. */
  readonly outputs: Readonly<Record<string, Json>> | null
}

export interface TaskResult extends InstanceResult {
  /** Only of mapped tasks. */
  readonly instances?: readonly (InstanceResult & { readonly index: number })[]
}

/** What `dagwright run --json` prints. */
export interface RunResult {
  readonly run: string
  readonly pipeline: string
  readonly state: string
  /** Seconds. */
  readonly makespan: number | null
  readonly tasks: Readonly<Record<string, TaskResult>>
}

/** Tasks in file order, those that took part only. */
export function runResultOf(view: RunView, live: boolean): RunResult {
  const tasks: Record<string, TaskResult> = Object.create(null)
  for (const id of view.order) {
    const task = view.tasks.get(id)!
    if (view.endedAt === null || task.state !== 'pending') tasks[id] = taskResult(task)
  }
  const makespan = view.endedAt === null ? null : secondsOf(view.lastSettledAt ?? view.endedAt)
  return { run: view.header.run, pipeline: view.header.pipeline, state: runStateOf(view, live), makespan, tasks }
}

function taskResult(task: TaskView): TaskResult {
  if (!task.mapped) {
    const [only] = task.instances
    // A task that was decided as a whole (an empty map, an error in forEach) has no instance of its own.
    return only ? instanceResult(only) : { ...wholeResult(task), outputs: null }
  }
  const instances = task.instances.map((instance) => ({ index: instance.index ?? 0, ...instanceResult(instance) }))
  return { ...wholeResult(task), outputs: listedOutputs(task.instances), instances }
}

function wholeResult(task: TaskView): Omit<TaskResult, 'outputs'> {
  const duration = taskDuration(task)
  return {
    state: task.state,
    origin: task.state === 'success' ? (task.settled?.origin ?? task.instances[0]?.origin ?? null) : null,
    attempts: task.instances.reduce((sum, instance) => sum + instance.attempts.length, 0),
    duration: duration === null ? null : secondsOf(duration),
    queued: secondsOf(taskQueued(task)),
    exitCode: null,
  }
}

function instanceResult(instance: InstanceView): InstanceResult {
  const duration = instanceDuration(instance)
  const success: FinalState = 'success'
  return {
    state: instance.state,
    origin: instance.state === success ? instance.origin : null,
    attempts: instance.attempts.length,
    duration: duration === null ? null : secondsOf(duration),
    queued: secondsOf(instanceQueued(instance)),
    exitCode: instance.attempts.at(-1)?.exitCode ?? null,
    outputs: instance.outputs,
  }
}

function listedOutputs(instances: readonly InstanceView[]): Record<string, Json> | null {
  const keys = new Set(instances.flatMap((instance) => Object.keys(instance.outputs ?? {})))
  if (keys.size === 0) return null
  return Object.fromEntries([...keys].map((key) => [key, instances.map((one) => one.outputs?.[key] ?? null)]))
}
