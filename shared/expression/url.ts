import type { Outcome } from './finding.ts'
import { found, shifted } from './finding.ts'
import type { Scope } from './scope.ts'
import { parseTemplate, textOf } from './template.ts'

/**
 * An address with its values in it. A value at the very beginning, or in the host, is part of the address as it stands;
 * in the path it is percent-encoded, slashes kept; after a `?` or `#` all of it is: so a value stays one value.
 */
export function renderUrl(source: string, scope: Scope): Outcome<string> {
  const template = parseTemplate(source)
  if (!template.ok) return template
  let url = ''
  let at = 0
  for (const hole of template.value.holes) {
    const value = hole.expression.evaluate(scope)
    if (!value.ok) return found(...shifted(value.findings, hole.start + 3))
    url += source.slice(at, hole.start)
    const text = textOf(value.value)
    if (!text.isWellFormed()) {
      return found({
        code: 'EXPRESSION_SURROGATE',
        message: `The value of \`${hole.expression.source.trim()}\` has half of a surrogate pair, which no address can hold.`,
        start: hole.start,
        end: hole.end,
      })
    }
    url += encoded(text, url)
    at = hole.end
  }
  return { ok: true, value: url + source.slice(at) }
}

function encoded(value: string, before: string): string {
  if (/[?#]/.test(before)) return encodeURIComponent(value)
  const inPath = /^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i.test(before)
  return inPath ? encodeURIComponent(value).replaceAll('%2F', '/') : value
}
