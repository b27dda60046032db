import { create } from 'zustand'
import type { LayoutOptions } from '#shared/graph/layout.ts'
import { beyondDagre, type LayoutEngine } from '#shared/graph/layout-engine.ts'
import { taskLayoutInput } from '#shared/graph/task-layout.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Point } from './geometry.ts'
import type { LayoutAnswer, LayoutRequest } from './layout.worker.ts'

/** Past this many milliseconds a person is shown how far a layout is. */
const PATIENCE = 500

/** The layout that is worth telling of; null while there is none. */
export interface LayoutProgress {
  readonly tasks: number
  /** 0 to 1. */
  readonly share: number
}

export const useLayoutProgress = create<{ readonly progress: LayoutProgress | null }>(() => ({ progress: null }))

interface Waiting {
  readonly tasks: number
  readonly begun: number
  readonly resolve: (corners: Float64Array | null) => void
}

let worker: Worker | null = null
let serial = 0
const waiting = new Map<number, Waiting>()

/** Starts the worker and lets it compile the kernel, so that the first layout need not wait for it. */
export function warmLayout(): Worker {
  worker ??= startWorker()
  return worker
}

function startWorker(): Worker {
  const made = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
    const one = waiting.get(data.id)
    if (!one) return
    if ('share' in data) {
      if (performance.now() - one.begun > PATIENCE) {
        useLayoutProgress.setState({ progress: { tasks: one.tasks, share: data.share } })
      }
    } else end(data.id, data.corners)
  }
  return made
}

function end(id: number, corners: Float64Array | null): void {
  waiting.get(id)?.resolve(corners)
  waiting.delete(id)
  if (waiting.size === 0) useLayoutProgress.setState({ progress: null })
}

/** Ends all layouts under way: what waits for them gets null. A new worker stands by for the next. */
export function cancelLayout(): void {
  worker?.terminate()
  worker = null
  for (const id of [...waiting.keys()]) end(id, null)
  warmLayout()
}

export interface LayoutWish {
  /** Default: Dagwright's, which also lays out what is too large for dagre. */
  readonly engine?: LayoutEngine
  /** Where tasks are now: the new picture stays near it where that is good. */
  readonly positions?: ReadonlyMap<string, Point>
  /** Lays out only these, around their present middle; `positions` must have all tasks then. */
  readonly only?: ReadonlySet<string>
}

/** Lays out the tasks of a pipeline. Resolves to their top-left corners, or null where a person has cancelled it. */
export async function layoutTasks(
  pipeline: Pipeline,
  direction: 'LR' | 'TB',
  wish: LayoutWish = {},
): Promise<Map<string, Point> | null> {
  const { tasks } = pipeline
  const { graph, sizes, groups } = taskLayoutInput(pipeline)
  const corners = await inWorker({
    id: ++serial,
    engine: beyondDagre(wish.only?.size ?? tasks.length) === undefined ? (wish.engine ?? 'dagwright') : 'dagwright',
    graph,
    sizes,
    options: { direction, groups, ...presentPlaces(pipeline, wish) },
  })
  if (corners === null) return null
  return new Map(tasks.map((task, number) => [task.id, [corners[2 * number]!, corners[2 * number + 1]!]]))
}

function presentPlaces({ tasks }: Pipeline, { positions, only }: LayoutWish): Partial<LayoutOptions> {
  if (!positions) return {}
  const corners = Float64Array.from(tasks.flatMap((task) => positions.get(task.id) ?? [Number.NaN, Number.NaN]))
  if (!only) return { previous: corners }
  return { fixed: { mask: Uint8Array.from(tasks, (task) => (only.has(task.id) ? 0 : 1)), positions: corners } }
}

function inWorker(request: LayoutRequest): Promise<Float64Array | null> {
  return new Promise((resolve) => {
    const one = { tasks: request.graph.size, begun: performance.now(), resolve }
    waiting.set(request.id, one)
    warmLayout().postMessage(request)
    setTimeout(() => {
      if (waiting.get(request.id) === one && useLayoutProgress.getState().progress === null) {
        useLayoutProgress.setState({ progress: { tasks: one.tasks, share: 0 } })
      }
    }, PATIENCE)
  })
}
