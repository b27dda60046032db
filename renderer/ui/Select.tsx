import { Check, ChevronDown } from 'lucide-react'
import { Select as Primitive } from 'radix-ui'
import { classes } from './classes.ts'
import styles from './Select.module.css'

export interface SelectOption<Value extends string> {
  readonly value: Value
  readonly label: string
  readonly detail?: string
}

export interface SelectProps<Value extends string> {
  readonly value: Value
  readonly options: readonly SelectOption<Value>[]
  readonly onChange: (value: Value) => void
  readonly label: string
  readonly id?: string
  readonly disabled?: boolean
  readonly size?: 'normal' | 'small'
  readonly className?: string
}

/** Radix keeps '' for "nothing chosen"; an option whose value is '' travels under this name. */
const EMPTY = '\u0000empty'

export function Select<Value extends string>({
  value,
  options,
  onChange,
  label,
  id,
  disabled = false,
  size = 'normal',
  className,
}: SelectProps<Value>) {
  return (
    <Primitive.Root
      value={value === '' ? EMPTY : value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === (next === EMPTY ? '' : next))
        if (chosen) onChange(chosen.value)
      }}
      disabled={disabled}
    >
      <Primitive.Trigger id={id} className={classes(styles.trigger, styles[size], className)} aria-label={label}>
        <Primitive.Value />
        <Primitive.Icon className={styles.chevron}>
          <ChevronDown size={14} aria-hidden />
        </Primitive.Icon>
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={styles.content} position="popper" sideOffset={4} collisionPadding={8}>
          <Primitive.Viewport>
            {options.map((option) => (
              <Primitive.Item key={option.value} value={option.value || EMPTY} className={styles.item}>
                <Primitive.ItemText>{option.label}</Primitive.ItemText>
                {option.detail && <span className={styles.detail}>{option.detail}</span>}
                <Primitive.ItemIndicator className={styles.tick}>
                  <Check size={14} aria-hidden />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
