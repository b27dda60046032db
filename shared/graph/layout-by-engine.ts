import { dagreLayout } from './dagre-layout.ts'
import { type Layout, layoutPipeline, pipelineLayoutBy } from './layout.ts'
import type { LayoutEngine } from './layout-engine.ts'

/** The layout of pipelines by each engine; dagre's only for what is not `beyondDagre`. */
export const LAYOUT_BY: Readonly<Record<LayoutEngine, Layout>> = {
  dagwright: layoutPipeline,
  dagre: pipelineLayoutBy(dagreLayout),
}
