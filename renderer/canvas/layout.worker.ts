import type { Graph } from '#shared/graph/graph.ts'
import { type LayoutOptions, layoutPipeline } from '#shared/graph/layout.ts'

export interface LayoutRequest {
  readonly id: number
  readonly graph: Graph
  readonly sizes: Float64Array
  readonly options: LayoutOptions
}

export interface LayoutAnswer {
  readonly id: number
  readonly corners: Float64Array
}

self.onmessage = ({ data }: MessageEvent<LayoutRequest>) => {
  const answer: LayoutAnswer = { id: data.id, corners: layoutPipeline(data.graph, data.sizes, data.options) }
  self.postMessage(answer)
}
