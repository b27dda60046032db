import { LoaderCircle } from 'lucide-react'
import styles from './Progress.module.css'

export function Spinner({ label, size = 16 }: { readonly label: string; readonly size?: number }) {
  return (
    <span role="status" className={styles.spinner}>
      <LoaderCircle size={size} aria-hidden />
      <span className="visually-hidden">{label}</span>
    </span>
  )
}

export interface ProgressProps {
  /** 0 to 1; null: unknown. */
  readonly value: number | null
  readonly label: string
}

export function Progress({ value, label }: ProgressProps) {
  const share = value === null ? null : Math.min(1, Math.max(0, value))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      className={styles.track}
      data-unknown={share === null || undefined}
    >
      <div className={styles.fill} style={{ width: share === null ? '30%' : `${share * 100}%` }} />
    </div>
  )
}
