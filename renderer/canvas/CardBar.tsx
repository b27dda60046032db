import styles from './CardBar.module.css'
import type { CardLook } from './paint/look.ts'

/** A thin bar: this task against the longest one; the tick is what is typical. */
export function CardBar({ look }: { readonly look: CardLook }) {
  if (look.share === null) return null
  const percent = (share: number) => `${share * 100}%`
  return (
    <div className={styles.bar} aria-hidden>
      {look.share > 0 && (
        <div
          className={styles.fill}
          data-typical={look.now === null || undefined}
          style={{ width: percent(look.share) }}
        />
      )}
      {look.tick !== null && <div className={styles.tick} style={{ left: percent(look.tick) }} />}
    </div>
  )
}
