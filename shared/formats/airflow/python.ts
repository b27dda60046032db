import type { Json } from '../../model/pipeline.ts'
import type { Micros } from '../../model/time.ts'

/** Python source made from values: literals that read well and compile whatever the value holds. */

/** A string literal: one line in double quotes, several lines in triple quotes, raw where that spares escapes. */
export function pythonString(value: string): string {
  return value.includes('\n') ? tripleQuoted(value) : oneLine(value)
}

/** Double quotes, or single ones where they spare escapes. */
function oneLine(value: string): string {
  if (value.includes('"') && !value.includes("'")) return `'${escaped(value).replaceAll('\\"', '"')}'`
  return `"${escaped(value)}"`
}

/** A triple-quoted literal that begins on a line of its own, for bodies where a leading line break does not matter. */
export function pythonBlock(value: string): string {
  return tripleQuoted(`${value.startsWith('\n') ? '' : '\n'}${value}${value.endsWith('\n') ? '' : '\n'}`)
}

function tripleQuoted(value: string): string {
  if (!isPlain(value)) return `"""${value.split('\n').map(escaped).join('\n')}"""`
  return value.includes('\\') ? `r"""${value}"""` : `"""${value}"""`
}

/** Can stand in triple quotes as it is, in a raw string at least. */
function isPlain(value: string): boolean {
  return !/[^\P{C}\n\t]/u.test(value) && !value.includes('"""') && !/["\\]$/.test(value)
}

export type FormatPart = { readonly text: string } | { readonly code: string }

/** Text with values in it: a plain literal where there are none, else an f-string, else a sum. */
export function pythonFormat(parts: readonly FormatPart[]): string {
  const text = parts.map((part) => ('text' in part ? part.text : '')).join('')
  if (parts.every((part) => 'text' in part)) return text.includes('\n') ? pythonBlock(text) : pythonString(text)
  // Before Python 3.12 an expression in an f-string knows no backslash, comment sign, line break or its own quotes.
  const simple = parts.every((part) => 'text' in part || !/[\\#\n]|"""/.test(part.code))
  const sum = parts.map((part) => ('text' in part ? pythonString(part.text) : part.code))
  if (!simple || parts.some((part) => 'text' in part && !isPlain(`${part.text} `))) return sum.join(' + ')
  const body = parts.map((part) => ('text' in part ? part.text.replace(/[{}]/g, '$&$&') : `{${part.code}}`)).join('')
  const [start, end] = text.includes('\n') ? ['\n', body.endsWith('\n') ? '' : '\n'] : ['', '']
  if (/["\\]$/.test(`${body}${end}`) || body.startsWith('"')) return sum.join(' + ')
  return `${text.includes('\\') ? 'rf' : 'f'}"""${start}${body}${end}"""`
}

/** Without parentheses that enclose the whole expression; for sources whose strings hold no parentheses out of balance. */
export function bare(source: string): string {
  if (!source.startsWith('(') || !source.endsWith(')') || /["']/.test(source.replace(/"[^"\\()]*"/g, ''))) return source
  let depth = 0
  for (let at = 0; at < source.length - 1; at++) {
    if (source[at] === '(') depth++
    else if (source[at] === ')' && --depth === 0) return source
  }
  return source.slice(1, -1)
}

/** Control characters, format characters such as a byte order mark, and lone surrogates would not survive as they are. */
function escaped(value: string): string {
  return value.replace(/["\\]|[\p{C}]/gu, (character) => {
    const short = SHORT_ESCAPES.get(character)
    if (short !== undefined) return short
    const code = character.codePointAt(0)!
    if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
    if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`
    return `\\U${code.toString(16).padStart(8, '0')}`
  })
}

const SHORT_ESCAPES = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

export function pythonValue(value: Json): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'string') return pythonString(value)
  if (typeof value === 'number') return pythonNumber(value)
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`
  return pythonDict(
    Object.entries(value as { readonly [key: string]: Json }).map(([key, item]) => [key, pythonValue(item)]),
  )
}

/** `entries`: keys as text, values as Python source. */
export function pythonDict(entries: readonly (readonly [key: string, value: string])[]): string {
  return `{${entries.map(([key, value]) => `${oneLine(key)}: ${value}`).join(', ')}}`
}

function pythonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : `float("${value > 0 ? 'inf' : value < 0 ? '-inf' : 'nan'}")`
}

/** `timedelta(minutes=10)`, in the largest unit that is exact. */
export function timedelta(duration: Micros): string {
  const units = [
    ['days', 86_400_000_000],
    ['hours', 3_600_000_000],
    ['minutes', 60_000_000],
    ['seconds', 1_000_000],
    ['milliseconds', 1000],
    ['microseconds', 1],
  ] as const
  for (const [unit, micros] of units) {
    if (duration >= micros && duration % micros === 0) return `timedelta(${unit}=${duration / micros})`
  }
  return 'timedelta(0)'
}

/** A call, on one line where it is short, else one argument a line, so that one changed argument is one changed line. */
export function call(name: string, args: readonly string[]): string[] {
  const oneLine = `${name}(${args.join(', ')})`
  if (args.length <= 2 && oneLine.length <= 88 && !oneLine.includes('\n')) return [oneLine]
  return [`${name}(`, ...args.map((arg) => `    ${arg},`), ')']
}

/**
 * Indents lines of source that may hold text in triple quotes: what stands inside a literal is part of a value and
 * stays where it is. Takes lines (each may contain line breaks, which are then inside a literal).
 */
export function indented(lines: readonly string[], depth: number): string[] {
  return lines.map((line) => (line === '' ? '' : `${'    '.repeat(depth)}${line}`))
}

/** `a-b` → `a_b`; never a keyword, a builtin this file relies on, nor one of `taken`. Adds the name to `taken`. */
export function identifier(id: string, taken: Set<string>): string {
  const plain = id.replace(/[^A-Za-z0-9_]/g, '_')
  // Two leading underscores have meanings of their own in Python.
  const name = /^([A-Za-z]|_[A-Za-z0-9])/.test(plain) ? plain : `task_${plain.replace(/^_+/, '')}`
  let unique = name
  for (let number = 1; taken.has(unique) || RESERVED.has(unique); number++) {
    unique = number === 1 ? `${name}_` : `${name}_${number}`
  }
  taken.add(unique)
  return unique
}

const RESERVED = new Set(
  (
    'False None True and as assert async await break case class continue def del elif else except finally for from ' +
    'global if import in is lambda match nonlocal not or pass raise return try type while with yield ' +
    'all any bool bytes dict enumerate filter float format int iter len list map max min next object open print ' +
    'range repr reversed round set sorted str sum tuple zip Exception ValueError'
  ).split(' '),
)
