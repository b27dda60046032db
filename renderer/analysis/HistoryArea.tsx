import { lazy, Suspense } from 'react'
import { type HistoryView, showHistory, useView } from '../state/view.ts'
import { Spinner } from '../ui/Progress.tsx'
import { ComparePanel } from './ComparePanel.tsx'
import styles from './HistoryArea.module.css'
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
    <div className={styles.area}>
      <nav className={styles.views} aria-label="Views of the history">
        {VIEWS.map(({ id, label }) => (
          <button
            key={id}
            type="button"
            className={styles.view}
            aria-current={view === id || undefined}
            onClick={() => showHistory(id)}
          >
            {label}
          </button>
        ))}
      </nav>
      <div className={styles.content}>
        {view === 'runs' && <HistoryPanel />}
        {view === 'compare' && <ComparePanel />}
        {view === 'objectives' && <ObjectivesPanel />}
        {view === 'query' && (
          <Suspense fallback={<Spinner label="Loading the editor" />}>
            <QueryPanel />
          </Suspense>
        )}
      </div>
    </div>
  )
}
