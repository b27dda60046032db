import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, getStraightPath } from '@xyflow/react'
import { memo } from 'react'
import { useAnalysis } from '../state/analysis.ts'
import { useCanvasViews } from '../state/canvasView.ts'
import { useRuns } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import styles from './NeedEdge.module.css'
import type { NeedEdge as NeedEdgeType } from './nodes.ts'

export const NeedEdge = memo(function NeedEdge(props: EdgeProps<NeedEdgeType>) {
  const { id, data, selected } = props
  const curved = useView((state) => state.settings.edgeStyle === 'curved')
  const critical = useAnalysis((state) => state.criticalEdges.has(id))
  const running = useRuns((state) => state.view?.tasks.get(data?.to ?? '')?.state === 'running' && state.version >= 0)
  const refused = useCanvasViews((state) => isAlong(state.refused, data))
  const inserting = useCanvasViews((state) => state.insertEdge === id)
  const [path, labelX, labelY] = curved ? getBezierPath(props) : getStraightPath(props)
  return (
    <>
      <BaseEdge
        path={path}
        interactionWidth={20}
        className={styles.edge ?? ''}
        {...flags({ critical, running, selected, refused, inserting })}
        {...(data?.when ? { 'data-conditional': true } : {})}
      />
      {data?.when && (
        <EdgeLabelRenderer>
          <div
            className={styles.label}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
            title={data.when}
          >
            {conditionText(data.when)}
          </div>
        </EdgeLabelRenderer>
      )}
    </>
  )
})

function flags(values: Readonly<Record<string, boolean | undefined>>): Readonly<Record<string, true>> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value)
      .map(([name]) => [`data-${name}`, true as const]),
  )
}

function isAlong(path: readonly string[], data: NeedEdgeType['data']): boolean {
  return data !== undefined && path.some((task, index) => task === data.from && path[index + 1] === data.to)
}

/** The expression without its braces; the label shows its beginning and its tooltip all of it. */
function conditionText(when: string): string {
  return when.replace(/^\$\{\{\s*|\s*\}\}$/g, '')
}
