import { Archive, Hand, History, type LucideIcon, Pin } from 'lucide-react'
import type { Origin } from '#shared/journal/event.ts'
import styles from './OriginLabel.module.css'

const ORIGINS: Readonly<Record<Exclude<Origin, 'executed'>, { readonly icon: LucideIcon; readonly label: string }>> = {
  reused: { icon: History, label: 'reused' },
  pinned: { icon: Pin, label: 'pinned' },
  cached: { icon: Archive, label: 'cached' },
  marked: { icon: Hand, label: 'marked' },
}

/** How a success came about that was not executed, as icon and text; nothing for one that was. */
export function OriginLabel({ origin, size = 12 }: { readonly origin: Origin | null; readonly size?: number }) {
  if (origin === null || origin === 'executed') return null
  const { icon: Icon, label } = ORIGINS[origin]
  return (
    <span className={styles.origin}>
      <Icon size={size} aria-hidden />
      {label}
    </span>
  )
}
