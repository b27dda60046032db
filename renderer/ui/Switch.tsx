import { Switch as Primitive } from 'radix-ui'
import styles from './Switch.module.css'

export interface SwitchProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly label: string
  readonly id?: string
  readonly disabled?: boolean
}

/** The label is for screen readers; the row it stands in shows its own. */
export function Switch({ checked, onChange, label, id, disabled = false }: SwitchProps) {
  return (
    <Primitive.Root
      id={id}
      className={styles.track}
      checked={checked}
      onCheckedChange={onChange}
      disabled={disabled}
      aria-label={label}
    >
      <Primitive.Thumb className={styles.thumb} />
    </Primitive.Root>
  )
}
