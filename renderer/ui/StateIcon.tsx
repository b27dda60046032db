import styles from './StateIcon.module.css'
import { type AnyState, STATE_STYLES } from './states.ts'
import { turns } from './turning.ts'

export interface StateIconProps {
  readonly state: AnyState
  readonly size?: number
  /** Read out by screen readers; leave out where the state's name stands beside it. */
  readonly named?: boolean
}

export function StateIcon({ state, size = 14, named = false }: StateIconProps) {
  const { icon: Icon, color, label } = STATE_STYLES[state]
  return (
    <span className={styles.icon} style={{ color }}>
      <Icon
        size={size}
        strokeWidth={2.25}
        ref={state === 'running' || state === 'retrying' ? turns : undefined}
        aria-hidden
      />
      {named && <span className="visually-hidden">{label}</span>}
    </span>
  )
}

/** Icon, text and colour together: the only way a state is shown in text. */
export function StateLabel({ state, size = 14 }: { readonly state: AnyState; readonly size?: number }) {
  return (
    <span className={styles.label}>
      <StateIcon state={state} size={size} />
      {STATE_STYLES[state].label}
    </span>
  )
}
