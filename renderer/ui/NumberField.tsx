import { useState } from 'react'
import { TextField } from './TextField.tsx'

export interface NumberFieldProps {
  readonly value: number | null
  /** Only valid numbers; null when the field was emptied and `optional`. */
  readonly onCommit: (value: number | null) => void
  readonly label: string
  readonly id?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly integer?: boolean
  readonly optional?: boolean
  readonly placeholder?: string
  readonly className?: string
}

export function NumberField(props: NumberFieldProps) {
  const { value, onCommit, label, id, minimum, maximum, integer = false, optional = false, placeholder } = props
  const [error, setError] = useState<string>()
  const commit = (text: string) => {
    const trimmed = text.trim()
    if (trimmed === '' && optional) {
      setError(undefined)
      onCommit(null)
      return
    }
    const number = Number(trimmed)
    const wrong = trimmed === '' ? 'A number is needed.' : complaint(number, minimum, maximum, integer)
    setError(wrong)
    if (wrong === undefined) onCommit(number)
  }
  return (
    <TextField
      {...(id ? { id } : {})}
      {...(props.className ? { className: props.className } : {})}
      {...(placeholder ? { placeholder } : {})}
      value={value === null ? '' : String(value)}
      onCommit={commit}
      label={label}
      inputMode={integer ? 'numeric' : 'decimal'}
      error={error}
    />
  )
}

function complaint(value: number, minimum: number | undefined, maximum: number | undefined, integer: boolean) {
  if (!Number.isFinite(value)) return 'This is not a number.'
  if (integer && !Number.isInteger(value)) return 'A whole number is needed.'
  if (minimum !== undefined && value < minimum) return `At least ${minimum}.`
  if (maximum !== undefined && value > maximum) return `At most ${maximum}.`
  return undefined
}
