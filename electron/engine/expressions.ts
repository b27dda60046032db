import { type Language, type RenderedCode, renderCode } from '#shared/expression/code.ts'
import { compileExpression } from '#shared/expression/expression.ts'
import type { Outcome } from '#shared/expression/finding.ts'
import type { Scope } from '#shared/expression/scope.ts'
import { evaluateTemplate, parseTemplate, textOf } from '#shared/expression/template.ts'
import { renderUrl } from '#shared/expression/url.ts'
import type { Json } from '#shared/model/pipeline.ts'

/** An expression of the pipeline could not be evaluated. Trying again does not mend it. */
export class ExpressionError extends Error {}

/**
 * The expressions of one attempt, bound to its values. Every method throws an ExpressionError whose message says which
 * expression, and what is wrong with it.
 */
export interface Expressions {
  /** A text with `${{ }}` in it, as text. */
  text(template: string): string
  /** An address: values in its path and query are percent-encoded. */
  url(template: string): string
  /** A field with `${{ }}` in it: typed where it is one whole expression. */
  value(template: string): Json
  /** Code with every expression replaced by a reference (shells) or a literal of the language. */
  code(language: Language, template: string): RenderedCode
  /** An http output: an expression over `response`, with or without its `${{ }}`. */
  overResponse(expression: string, response: Json): Json
}

export function bindExpressions(scope: Scope): Expressions {
  const value = (template: string): Json => need(evaluateTemplate(need(parseTemplate(template)), scope))
  return {
    text(template) {
      const text = textOf(value(template))
      if (text.isWellFormed()) return text
      throw new ExpressionError(`\`${template}\` has half of a surrogate pair, which no text outside of JSON can hold.`)
    },
    url: (template) => need(renderUrl(template, scope)),
    value,
    code: (language, template) => need(renderCode(language, template, scope)),
    overResponse: (expression, response) => {
      const within = { ...scope, response }
      if (expression.includes('${{')) return need(evaluateTemplate(need(parseTemplate(expression)), within))
      return need(need(compileExpression(expression)).evaluate(within))
    },
  }
}

function need<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  const [first] = outcome.findings
  const hint = first?.hint === undefined ? '' : ` ${first.hint}`
  throw new ExpressionError(`${first?.message ?? 'The expression could not be evaluated.'}${hint}`)
}
