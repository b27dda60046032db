import { lazy, Suspense } from 'react'
import { type HistoryView, showHistory, useView } from '../state/view.ts'
import { PanelViews } from '../ui/PanelViews.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { ComparePanel } from './ComparePanel.tsx'
import { HistoryPanel } from './HistoryPanel.tsx'
import { ObjectivesPanel } from './ObjectivesPanel.tsx'

// Monaco comes with it.
const QueryPanel = lazy(() => import('./QueryPanel.tsx').then((module) => ({ default: module.QueryPanel })))

const VIEWS: readonly { readonly id: HistoryView; readonly label: string }[] = [
  { id: 'runs', label: 'Over time' },
  { id: 'compare', label: 'Compare' },
  { id: 'objectives', label: 'Objectives' },
  { id: 'query', label: 'SQL' },
]

/** Everything that past runs tell: over time, two side by side, against objectives, and asked with SQL. */
export function HistoryArea() {
  const view = useView((state) => state.historyView)
  return (
    <PanelViews label="Views of the history" views={VIEWS} view={view} onChange={showHistory}>
      {view === 'runs' && <HistoryPanel />}
      {view === 'compare' && <ComparePanel />}
      {view === 'objectives' && <ObjectivesPanel />}
      {view === 'query' && (
        <Suspense fallback={<Spinner label="Loading the editor" />}>
          <QueryPanel />
        </Suspense>
      )}
    </PanelViews>
  )
}
