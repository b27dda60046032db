import type { Json } from '../model/pipeline.ts'
import { CEL_TEXT } from './cel-text.ts'
import { compileExpression, type Expression } from './expression.ts'
import { type Finding, found, type Outcome, shifted } from './finding.ts'
import type { Scope } from './scope.ts'

/** A place in a text where a value goes. `start` and `end` take in the `${{` and `}}`. */
export interface Hole {
  readonly start: number
  readonly end: number
  readonly expression: Expression
}

export interface Template {
  readonly text: string
  readonly holes: readonly Hole[]
  /** The text is one expression and nothing else but space: its value keeps its type. */
  readonly whole: boolean
}

const OPEN = '${{'

/** Where the expressions of a text stand, `}}` included; the last one may be unclosed, with end -1. */
export function holesIn(text: string): readonly { readonly start: number; readonly end: number }[] {
  const holes: { readonly start: number; readonly end: number }[] = []
  for (let start = text.indexOf(OPEN); start >= 0; start = text.indexOf(OPEN, start)) {
    const close = closingBraces(text, start + OPEN.length)
    holes.push({ start, end: close < 0 ? -1 : close + 2 })
    if (close < 0) break
    start = close + 2
  }
  return holes
}

/** Finds and compiles the expressions of a text. Findings are relative to `text`. */
export function parseTemplate(text: string): Outcome<Template> {
  const holes: Hole[] = []
  const findings: Finding[] = []
  for (const { start, end } of holesIn(text)) {
    const inside = start + OPEN.length
    if (end < 0) {
      findings.push({
        code: 'EXPRESSION_UNCLOSED',
        message: 'This `${{` has no `}}`.',
        hint: 'Close the expression with `}}`.',
        start,
        end: inside,
      })
      break
    }
    const compiled = compileExpression(text.slice(inside, end - 2))
    if (compiled.ok) holes.push({ start, end, expression: compiled.value })
    else findings.push(...shifted(compiled.findings, inside))
  }
  if (findings.length > 0) return found(...findings)
  const whole = holes.length === 1 && text.trim() === text.slice(holes[0].start, holes[0].end)
  return { ok: true, value: { text, holes, whole } }
}

const TEXT_HERE = new RegExp(CEL_TEXT, 'y')

/** Where the `}}` that ends the expression begins: not one within a text or a map of CEL. -1 where there is none. */
function closingBraces(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at]
    TEXT_HERE.lastIndex = at
    if (TEXT_HERE.test(text)) at = TEXT_HERE.lastIndex - 1
    else if (character === '"' || character === "'") return -1
    else if (character === '{') depth++
    else if (character === '}') {
      if (depth > 0) depth--
      else if (text[at + 1] === '}') return at
    }
  }
  return -1
}

/** The value of a field: typed where it is one whole expression, else text with the values in it (JSON for lists and maps). */
export function evaluateTemplate(template: Template, scope: Scope): Outcome<Json> {
  if (template.whole) return template.holes[0].expression.evaluate(scope)
  let text = ''
  let at = 0
  for (const hole of template.holes) {
    const value = hole.expression.evaluate(scope)
    if (!value.ok) return found(...shifted(value.findings, hole.start + OPEN.length))
    text += template.text.slice(at, hole.start) + textOf(value.value)
    at = hole.end
  }
  return { ok: true, value: text + template.text.slice(at) }
}

/** How a value stands in a text: strings as they are, null as nothing, the rest as JSON. */
export function textOf(value: Json): string {
  if (typeof value === 'string') return value
  return value === null ? '' : JSON.stringify(value)
}
