/** One thing wrong with an expression. `start` and `end` count UTF-16 units from the start of the text it was found in. */
export interface Finding {
  readonly code: FindingCode
  readonly message: string
  readonly hint?: string
  readonly start: number
  readonly end: number
}

export type FindingCode =
  | 'EXPRESSION_SYNTAX'
  | 'EXPRESSION_UNCLOSED'
  | 'EXPRESSION_EMPTY'
  | 'EXPRESSION_UNKNOWN_NAME'
  | 'EXPRESSION_HYPHEN'
  | 'EXPRESSION_TYPE'
  | 'EXPRESSION_FAILED'
  | 'CONDITION_NOT_BOOL'
  | 'EXPRESSION_IN_STRING'
  | 'EXPRESSION_IN_WORD'
  | 'EXPRESSION_IN_COMMENT'
  | 'EXPRESSION_IN_BACKTICKS'
  | 'EXPRESSION_NOT_A_NUMBER'
  | 'EXPRESSION_NUL'
  | 'EXPRESSION_SURROGATE'

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly findings: readonly Finding[] }

export function found(...findings: readonly Finding[]): { readonly ok: false; readonly findings: readonly Finding[] } {
  return { ok: false, findings }
}

/** The same findings in a text in which this one starts at `offset`. */
export function shifted(findings: readonly Finding[], offset: number): Finding[] {
  return findings.map((finding) => ({ ...finding, start: finding.start + offset, end: finding.end + offset }))
}
