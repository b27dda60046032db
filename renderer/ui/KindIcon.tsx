import type { TaskKind } from '#shared/model/pipeline.ts'
import styles from './KindIcon.module.css'
import { KIND_STYLES } from './kinds.ts'

export interface KindIconProps {
  readonly kind: TaskKind
  readonly size?: number
}

export function KindIcon({ kind, size = 16 }: KindIconProps) {
  const { icon: Icon, letters } = KIND_STYLES[kind]
  if (Icon) return <Icon size={size} strokeWidth={1.75} className={styles.icon} aria-hidden />
  return (
    <span className={styles.letters} style={{ width: size, height: size, fontSize: size * 0.62 }} aria-hidden>
      {letters}
    </span>
  )
}
