import { useState } from 'react'
import { ChangesPanel } from '../runs/ChangesPanel.tsx'
import { useView } from '../state/view.ts'
import { PanelViews } from '../ui/PanelViews.tsx'
import { VersionPanel } from './VersionPanel.tsx'

type ChangesView = 'file' | 'run'

const VIEWS: readonly { readonly id: ChangesView; readonly label: string }[] = [
  { id: 'file', label: 'In this file' },
  { id: 'run', label: 'Before this run' },
]

/** What changed: in the open text since an earlier version of it, or before the chosen run since the last success. */
export function ChangesArea() {
  const diff = useView((state) => state.lens === 'diff')
  const [chosen, choose] = useState<ChangesView | null>(null)
  const view = chosen ?? (diff ? 'file' : 'run')
  return (
    <PanelViews label="What changes to show" views={VIEWS} view={view} onChange={choose}>
      {view === 'file' ? <VersionPanel /> : <ChangesPanel />}
    </PanelViews>
  )
}
