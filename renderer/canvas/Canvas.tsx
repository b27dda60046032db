import '@xyflow/react/dist/base.css'
import { ReactFlowProvider } from '@xyflow/react'
import { Sparkles } from 'lucide-react'
import { useMemo } from 'react'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { ReplaySign } from '../runs/ReplaySign.tsx'
import { useActivePath, usePipeline } from '../state/documents.ts'
import { useVersions } from '../state/versions.ts'
import { openDialog, showBottom, useView } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { withGhosts } from './ghosts.ts'
import { LayoutProgress } from './LayoutProgress.tsx'
import { QuickPalette } from './QuickPalette.tsx'
import { openQuickPalette } from './quickPalette.ts'
import styles from './Stage.module.css'
import { Stage } from './Stage.tsx'

/** The graph of the shown pipeline. */
export function Canvas() {
  const path = useActivePath()
  const pipeline = useDrawnPipeline()
  if (!pipeline) {
    return (
      <EmptyState
        title="This file cannot be drawn yet."
        actions={<Button onClick={() => showBottom('yaml')}>Show the YAML</Button>}
      >
        Its text has a mistake that hides the pipeline. The Problems panel says where.
      </EmptyState>
    )
  }
  return (
    // A canvas of its own for every document: zoom and place belong to it.
    <ReactFlowProvider key={path}>
      <Stage pipeline={pipeline} />
      {pipeline.tasks.length === 0 && pipeline.notes.length === 0 && <EmptyCanvas />}
      <LayoutProgress />
      <ReplaySign />
      <QuickPalette />
    </ReactFlowProvider>
  )
}

/** In the diff lens also what the earlier version had beside it. */
function useDrawnPipeline(): Pipeline | null {
  const pipeline = usePipeline()
  const diff = useView((state) => state.lens === 'diff')
  const found = useVersions((state) => state.found)
  return useMemo(
    () => (diff && pipeline && found?.after === pipeline ? withGhosts(pipeline, found) : pipeline),
    [diff, pipeline, found],
  )
}

function EmptyCanvas() {
  return (
    <div className={styles.empty}>
      <EmptyState
        icon={Sparkles}
        title="This pipeline has no tasks yet."
        actions={
          <>
            <Button variant="primary" onClick={() => openQuickPalette({ at: null })}>
              Add a task
            </Button>
            <Button onClick={() => openDialog('help')}>Keys and gestures</Button>
          </>
        }
      >
        Drag a kind from the palette, double-click the canvas, or press Tab.
      </EmptyState>
    </div>
  )
}
