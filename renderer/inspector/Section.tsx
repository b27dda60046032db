import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { useRemembered } from '../runs/use-remembered.ts'
import styles from './Inspector.module.css'

export interface SectionProps {
  /** Whether it is open is remembered under this name. */
  readonly name: string
  readonly title: string
  /** What stands beside the title: how much is set while it is closed. */
  readonly note?: string | undefined
  readonly open?: boolean
  /** Open for now, whatever was remembered. */
  readonly forced?: boolean
  readonly children: ReactNode
}

/** A part of a form that folds away. */
export function Section({ name, title, note, open = true, forced = false, children }: SectionProps) {
  const [remembered, setShown] = useRemembered<boolean>(`inspector.${name}`, open)
  const shown = remembered || forced
  return (
    <section className={styles.section}>
      <h3>
        <button type="button" className={styles.sectionHead} aria-expanded={shown} onClick={() => setShown(!shown)}>
          <ChevronRight size={13} className={styles.chevron} aria-hidden />
          {title}
          {note && <span className={styles.sectionNote}>{note}</span>}
        </button>
      </h3>
      {shown && <div className={styles.fields}>{children}</div>}
    </section>
  )
}
