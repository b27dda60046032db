import { Panel } from '@xyflow/react'
import { Maximize, Minus, Network, Plus } from 'lucide-react'
import { memo } from 'react'
import { useView } from '../state/view.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { layOut } from './actions.ts'
import styles from './CanvasTools.module.css'
import type { CanvasControls } from './controls.ts'

/** The buttons are not drawn again for each step of the zoom: their tooltips make that dear. */
export const CanvasTools = memo(function CanvasTools({ controls }: { readonly controls: CanvasControls }) {
  return (
    <Panel position="bottom-left" className={styles.tools ?? ''} data-over-canvas="bottom">
      <IconButton
        icon={Minus}
        label="Zoom out"
        shortcut="-"
        side="top"
        size="small"
        onClick={() => controls.zoomBy(1 / 1.25)}
      />
      <ZoomButton controls={controls} />
      <IconButton
        icon={Plus}
        label="Zoom in"
        shortcut="+"
        side="top"
        size="small"
        onClick={() => controls.zoomBy(1.25)}
      />
      <span className={styles.line} />
      <IconButton
        icon={Maximize}
        label="Zoom to fit"
        shortcut="Shift+1"
        side="top"
        size="small"
        onClick={() => controls.fit()}
      />
      <IconButton
        icon={Network}
        label="Lay out all tasks"
        shortcut="Mod+L"
        side="top"
        size="small"
        onClick={() => void layOut('all')}
      />
    </Panel>
  )
})

function ZoomButton({ controls }: { readonly controls: CanvasControls }) {
  const zoom = useView((state) => state.zoom)
  return (
    <button type="button" className={styles.zoom} aria-label="Show at 100 %" onClick={() => controls.zoomTo(1)}>
      {Math.round(zoom * 100)} %
    </button>
  )
}
