import { buildGraph, type Edge, type Graph } from '#shared/graph/graph.ts'
import { type LayoutOptions, layoutPipeline } from '#shared/graph/layout.ts'
import { LAYOUT_BY } from '#shared/graph/layout-by-engine.ts'
import type { LayoutEngine } from '#shared/graph/layout-engine.ts'

export interface LayoutRequest {
  readonly id: number
  readonly engine: LayoutEngine
  readonly graph: Graph
  readonly sizes: Float64Array
  readonly options: LayoutOptions
}

/** How far a layout is (0 to 1), or its end. */
export type LayoutAnswer =
  | { readonly id: number; readonly share: number }
  | { readonly id: number; readonly corners: Float64Array }

function answer(message: LayoutAnswer): void {
  self.postMessage(message)
}

/** A graph to run the kernel on once, so that it is compiled before a person waits for it. */
function warmUp(): void {
  const size = 240
  const edges = Array.from({ length: 2 * size }, (_, edge): Edge => {
    const to = 12 + ((edge * 31) % (size - 12))
    return [Math.max(0, to - 6 - ((edge * 17) % 23)), to]
  })
  layoutPipeline(buildGraph(size, edges), new Float64Array(2 * size).fill(60), { direction: 'LR' })
}

self.onmessage = ({ data: { id, engine, graph, sizes, options } }: MessageEvent<LayoutRequest>) => {
  answer({ id, corners: LAYOUT_BY[engine](graph, sizes, options, (share) => answer({ id, share })) })
}
warmUp()
