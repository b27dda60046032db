/** A position in a text. `line` and `column` count from 1 as editors show them, `offset` from 0 in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** Half open: `end` is the first position that is not part of it. */
export interface TextRange {
  readonly start: Position
  readonly end: Position
}

export type Severity = 'error' | 'warning' | 'info'

/** One finding about a document: what, where, and what to do next. `code` is stable and can be searched for. */
export interface Problem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  /** The next step, as a sentence. */
  readonly hint?: string
  readonly range?: TextRange
  /** Path of keys in the document, e.g. ['tasks', 'clean', 'needs', 0]. */
  readonly path?: readonly (string | number)[]
  /** Where in the field's own text it is, in UTF-16 units: for an editor that shows this field alone. */
  readonly within?: { readonly start: number; readonly end: number }
  /** The task it belongs to, so that the canvas can mark it. */
  readonly task?: string
}

/** Expected failures are values. A thrown error is a bug. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function failure(...problems: readonly Problem[]): Result<never> {
  return { ok: false, problems }
}
