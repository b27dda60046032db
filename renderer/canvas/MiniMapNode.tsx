import type { MiniMapNodeProps } from '@xyflow/react'
import { useTaskRun } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { nodeKind } from './nodes.ts'

/** A block in the minimap in the colour of the task's state. */
export function MiniMapNode({ id, x, y, width, height, selected }: MiniMapNodeProps) {
  const run = useTaskRun(id)
  const design = useView((state) => state.lens === 'design')
  const { kind } = nodeKind(id)
  if (kind === 'groups' && height > 64) return null
  const color = kind !== 'tasks' ? 'var(--bar)' : run && !design ? `var(--state-${run.state})` : 'var(--bar-typical)'
  return <rect x={x} y={y} width={width} height={height} rx={8} fill={selected ? 'var(--accent)' : color} />
}
