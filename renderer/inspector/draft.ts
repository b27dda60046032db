import { useEffect, useRef, useState } from 'react'
import { parseDuration } from '#shared/model/duration.ts'
import type { Json } from '#shared/model/pipeline.ts'

/** Reading what was typed. `undefined`: the field is empty, so the default counts. */
export type Reading =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly message: string }

/** Visits to fields so far, so that each has a number of its own. */
let visits = 0

/**
 * A text field whose text is not always a value. What can be read is written at once; what cannot be stays in the field,
 * with its message once the focus has left. What is written while the focus stays has the same `visit`.
 */
export function useDraft(
  shown: string,
  read: (text: string) => Reading,
  write: (value: Json | undefined, visit: number) => void,
) {
  const [draft, setDraft] = useState(shown)
  const [left, setLeft] = useState(true)
  /** What the document shows because of this field itself: not to be put back over what is being typed. */
  const own = useRef(shown)
  const visit = useRef(0)
  useEffect(() => {
    if (shown === own.current) return
    own.current = shown
    setDraft(shown)
  }, [shown])
  const reading = read(draft)
  return {
    text: draft,
    error: left && draft !== shown && !reading.ok ? reading.message : undefined,
    onChange: (text: string) => {
      setDraft(text)
      setLeft(false)
      const next = read(text)
      if (!next.ok) return
      own.current = fieldText(next.value)
      if (visit.current === 0) visit.current = ++visits
      write(next.value, visit.current)
    },
    onBlur: () => {
      setLeft(true)
      visit.current = 0
      if (read(draft).ok) setDraft(shown)
    },
  }
}

/** How a raw value stands in a text field. */
export function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

export function readText(text: string): Reading {
  return { ok: true, value: text === '' ? undefined : text }
}

export function readDuration(text: string): Reading {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, value: undefined }
  return parseDuration(trimmed) === undefined
    ? { ok: false, message: 'Write a duration with its unit, such as 500ms, 20s, 10m or 1h30m.' }
    : { ok: true, value: trimmed }
}

export interface NumberLimits {
  readonly minimum?: number
  readonly maximum?: number
  readonly integer?: boolean
}

export function readNumber(text: string, { minimum, maximum, integer = false }: NumberLimits): Reading {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, value: undefined }
  const value = Number(trimmed)
  if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(trimmed)) return { ok: false, message: `“${trimmed}” is not a number.` }
  if (integer && !Number.isSafeInteger(value)) return { ok: false, message: 'A whole number is needed.' }
  if (minimum !== undefined && value < minimum) return { ok: false, message: `At least ${minimum}.` }
  if (maximum !== undefined && value > maximum) return { ok: false, message: `At most ${maximum}.` }
  return { ok: true, value }
}

/** "1, 75" as a list of whole numbers. */
export function readNumbers(text: string): Reading {
  if (text.trim() === '') return { ok: true, value: undefined }
  const values = text.split(/[\s,]+/).filter(Boolean)
  const wrong = values.find((value) => !/^\d+$/.test(value))
  if (wrong !== undefined)
    return { ok: false, message: `“${wrong}” is not a whole number. Write them with commas: 1, 75.` }
  return { ok: true, value: values.map(Number) }
}

/** JSON, or where it is none the text itself: `5` is a number, `abc` a text, `"5"` a text. */
export function readJsonOrText(text: string): Reading {
  if (text.trim() === '') return { ok: true, value: undefined }
  try {
    return { ok: true, value: JSON.parse(text) as Json }
  } catch {
    return { ok: true, value: text }
  }
}

export function readJsonList(text: string): Reading {
  if (text.trim() === '') return { ok: true, value: undefined }
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return { ok: true, value: value as Json }
  } catch {
    // Told below, in the same words.
  }
  return { ok: false, message: 'Write a JSON list, such as ["a", "b"].' }
}

/** A list, or one whole expression that gives one. */
export function readListOrExpression(text: string): Reading {
  return /^\s*\$\{\{[\s\S]*\}\}\s*$/.test(text) ? { ok: true, value: text.trim() } : readJsonList(text)
}

/** `true`, `false` or one whole expression. */
export function readCondition(text: string): Reading {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, value: undefined }
  if (trimmed === 'true' || trimmed === 'false') return { ok: true, value: trimmed === 'true' }
  return /^\$\{\{[\s\S]*\}\}$/.test(trimmed)
    ? { ok: true, value: trimmed }
    : { ok: false, message: 'Write one expression: ${{ params.full == true }}.' }
}
