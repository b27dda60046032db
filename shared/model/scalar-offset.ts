import type { Scalar } from 'yaml'
import { lineOf } from './line-index.ts'
import type { Source } from './source.ts'

/**
 * Where a character of a scalar's value stands in the text; undefined where the text writes it differently (escapes,
 * folded lines). `offset` and the result are UTF-16 offsets.
 */
export function offsetInText(source: Source, node: Scalar, offset: number): number | undefined {
  const value = node.value
  if (typeof value !== 'string' || !node.range || offset < 0 || offset > value.length) return undefined
  const [start, end] = node.range
  if (node.type === 'BLOCK_LITERAL') return offsetInBlock(source, start, value, offset)
  const quotes = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0
  const written = source.text.slice(start + quotes, end - quotes)
  return written === value ? start + quotes + offset : undefined
}

function offsetInBlock(source: Source, header: number, value: string, offset: number): number | undefined {
  const before = value.slice(0, offset)
  const lineBreaks = before.split('\n').length - 1
  const column = offset - (before.lastIndexOf('\n') + 1)
  const start = source.lines.starts[lineOf(source.lines, header) + 1 + lineBreaks]
  const content = value.split('\n')[lineBreaks]!
  if (start === undefined) return content === '' && offset === value.length ? source.text.length : undefined
  const next = source.text.indexOf('\n', start)
  const line = source.text.slice(start, next === -1 ? undefined : next).replace(/\r$/, '')
  return line.endsWith(content) ? start + line.length - content.length + column : undefined
}
