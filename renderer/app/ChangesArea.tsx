import { ChangesPanel } from '../runs/ChangesPanel.tsx'
import { type ChangesView, showChanges, useView } from '../state/view.ts'
import { PanelViews } from '../ui/PanelViews.tsx'
import { VersionPanel } from './VersionPanel.tsx'

const VIEWS: readonly { readonly id: ChangesView; readonly label: string }[] = [
  { id: 'file', label: 'In this file' },
  { id: 'run', label: 'Before this run' },
]

/** What changed: in the open text since an earlier version of it, or before the chosen run since the last success. */
export function ChangesArea() {
  const diff = useView((state) => state.lens === 'diff')
  const chosen = useView((state) => state.changesView)
  const view = chosen ?? (diff ? 'file' : 'run')
  return (
    <PanelViews label="What changes to show" views={VIEWS} view={view} onChange={showChanges}>
      {view === 'file' ? <VersionPanel /> : <ChangesPanel />}
    </PanelViews>
  )
}
