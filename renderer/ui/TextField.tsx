import { type InputHTMLAttributes, type KeyboardEvent, type Ref, useEffect, useId, useState } from 'react'
import { classes } from './classes.ts'
import styles from './TextField.module.css'

type Native = Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'size'>

export interface TextFieldProps extends Native {
  readonly value: string
  /** Every key stroke. */
  readonly onChange?: (value: string) => void
  /** Enter or leaving the field, only when the text changed; Escape takes the old text back. */
  readonly onCommit?: (value: string) => void
  /** For screen readers, where no <label> points here. */
  readonly label?: string
  readonly code?: boolean
  /** What is wrong with it, shown under the field. */
  readonly error?: string | undefined
  readonly ref?: Ref<HTMLInputElement>
}

export function TextField({
  value,
  onChange,
  onCommit,
  label,
  code = false,
  error,
  className,
  onKeyDown,
  onBlur,
  ...rest
}: TextFieldProps) {
  const errorId = useId()
  const [draft, setDraft] = useState(value)
  useEffect(() => setDraft(value), [value])
  const commit = () => {
    if (!onCommit || draft === value) return
    onCommit(draft)
    // What was refused does not stay in the field; what was taken comes back as the new value.
    setDraft(value)
  }
  const keyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    onKeyDown?.(event)
    if (event.defaultPrevented || !onCommit) return
    if (event.key === 'Enter') commit()
    if (event.key === 'Escape' && draft !== value) {
      setDraft(value)
      event.stopPropagation()
    }
  }
  return (
    <span className={classes(styles.wrap, className)}>
      <input
        className={classes(styles.input, code && styles.code)}
        value={onCommit ? draft : value}
        onChange={(event) => {
          setDraft(event.target.value)
          onChange?.(event.target.value)
        }}
        onKeyDown={keyDown}
        onBlur={(event) => {
          commit()
          onBlur?.(event)
        }}
        aria-label={label}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? errorId : undefined}
        spellCheck={false}
        autoComplete="off"
        {...rest}
      />
      {error && (
        <span id={errorId} className={styles.error} role="alert">
          {error}
        </span>
      )}
    </span>
  )
}
