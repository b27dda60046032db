import type { ReactNode } from 'react'
import styles from './PanelViews.module.css'

export interface PanelViewsProps<View extends string> {
  /** Of the list of views, for screen readers. */
  readonly label: string
  readonly views: readonly { readonly id: View; readonly label: string }[]
  readonly view: View
  readonly onChange: (view: View) => void
  readonly children: ReactNode
}

/** A bottom panel with several views, named at its left. */
export function PanelViews<View extends string>({ label, views, view, onChange, children }: PanelViewsProps<View>) {
  return (
    <div className={styles.area}>
      <nav className={styles.views} aria-label={label}>
        {views.map(({ id, label: name }) => (
          <button
            key={id}
            type="button"
            className={styles.view}
            aria-current={view === id || undefined}
            onClick={() => onChange(id)}
          >
            {name}
          </button>
        ))}
      </nav>
      <div className={styles.content}>{children}</div>
    </div>
  )
}
