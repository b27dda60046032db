import type { Json } from '#shared/model/pipeline.ts'

/**
 * Reads JSON; whole numbers that a double cannot tell from others become text, as those of SQL do.
 * Throws a SyntaxError.
 */
export function parseExactly(text: string): Json {
  // Looking at every value is slow, and rarely needed.
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Json
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? ''
    return typeof value === 'number' && /^-?\d{16,}$/.test(source) && String(value) !== source ? source : value
  }) as Json
}
