import type { KeyboardEvent } from 'react'
import styles from './Segments.module.css'

export interface SegmentsProps<Value extends string> {
  /** Names the group. */
  readonly label: string
  readonly value: Value
  readonly options: readonly {
    readonly value: Value
    readonly label: string
    /** For the tip. */
    readonly hint?: string
    readonly disabled?: boolean
  }[]
  readonly onChange: (value: Value) => void
}

/** A few choices side by side, one of them made: one stop for Tab, arrows choose. */
export function Segments<Value extends string>({ label, value, options, onChange }: SegmentsProps<Value>) {
  // Nothing may be chosen yet: Tab must stop all the same.
  const stop = options.find((option) => option.value === value) ?? options.find((option) => !option.disabled)
  const keyDown = (event: KeyboardEvent<HTMLElement>) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const open = options.filter((option) => !option.disabled)
    const at = stop ? open.indexOf(stop) : -1
    const next = open[(at + step + open.length) % open.length]
    if (next === undefined) return
    event.preventDefault()
    event.stopPropagation()
    onChange(next.value)
    event.currentTarget.querySelectorAll<HTMLElement>('[role="radio"]')[options.indexOf(next)]?.focus()
  }
  return (
    <div className={styles.group} role="radiogroup" aria-label={label} onKeyDown={keyDown}>
      {options.map((option) => (
        // biome-ignore lint/a11y/useSemanticElements: a segmented switch, with arrow keys by its radio group
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option === stop ? 0 : -1}
          disabled={option.disabled}
          title={option.hint}
          className={styles.segment}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  )
}
