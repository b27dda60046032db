import type { Origin } from '#shared/journal/event.ts'
import { ORIGIN_STYLES } from '../ui/origins.ts'
import styles from './OriginLabel.module.css'

/** How a success came about that was not executed, as icon and text; nothing for one that was. */
export function OriginLabel({ origin, size = 12 }: { readonly origin: Origin | null; readonly size?: number }) {
  if (origin === null || origin === 'executed') return null
  const { icon: Icon, label } = ORIGIN_STYLES[origin]
  return (
    <span className={styles.origin} data-origin>
      <Icon size={size} aria-hidden />
      {label}
    </span>
  )
}
