import type { LayoutGroup, LayoutOptions } from '#shared/graph/layout.ts'
import { taskGraph } from '#shared/graph/task-graph.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type Point, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'
import type { LayoutAnswer, LayoutRequest } from './layout.worker.ts'

let worker: Worker | null = null
let serial = 0
const waiting = new Map<number, (corners: Float64Array) => void>()

/** Starts the worker, so that the first layout need not wait for it. */
export function warmLayout(): Worker {
  worker ??= startWorker()
  return worker
}

function startWorker(): Worker {
  const made = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
    waiting.get(data.id)?.(data.corners)
    waiting.delete(data.id)
  }
  return made
}

/**
 * Lays out all tasks of a pipeline, or with `only` those tasks around their present middle (`positions` must have all
 * tasks then). Resolves to their top-left corners.
 */
export async function layoutTasks(
  pipeline: Pipeline,
  direction: 'LR' | 'TB',
  part?: { readonly only: ReadonlySet<string>; readonly positions: ReadonlyMap<string, Point> },
): Promise<Map<string, Point>> {
  const { tasks } = pipeline
  const { graph, numberOf } = taskGraph(tasks)
  const options: LayoutOptions = {
    direction,
    groups: layoutGroups(pipeline, numberOf),
    ...(part
      ? {
          fixed: {
            mask: Uint8Array.from(tasks, (task) => (part.only.has(task.id) ? 0 : 1)),
            positions: Float64Array.from(tasks.flatMap((task) => part.positions.get(task.id) ?? [0, 0])),
          },
        }
      : {}),
  }
  const sizes = Float64Array.from(tasks.flatMap(() => [TASK_WIDTH, TASK_HEIGHT]))
  const corners = await inWorker({ id: ++serial, graph, sizes, options })
  return new Map(tasks.map((task, number) => [task.id, [corners[2 * number]!, corners[2 * number + 1]!]]))
}

function inWorker(request: LayoutRequest): Promise<Float64Array> {
  return new Promise((resolve) => {
    waiting.set(request.id, resolve)
    warmLayout().postMessage(request)
  })
}

function layoutGroups(pipeline: Pipeline, numberOf: ReadonlyMap<string, number>): readonly LayoutGroup[] {
  const { groups } = pipeline
  return groups.map((group) => ({
    nodes: group.tasks.flatMap((member) => numberOf.get(member) ?? []),
    parent: groups.findIndex((other) => other.tasks.includes(group.id)),
  }))
}
