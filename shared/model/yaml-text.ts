import type { Json } from './pipeline.ts'
import { isRecord } from './source.ts'

/** How a value is written after `key:` or `-`: on the same line, or in lines of its own under a header such as `|`. */
export type WrittenValue =
  | { readonly type: 'inline'; readonly text: string }
  | { readonly type: 'block'; readonly header: string; readonly lines: readonly string[] }

export interface WritingOptions {
  /** Inside `{ }` or `[ ]`: no block styles. */
  readonly inFlow: boolean
  /** Columns before the lines of a block. */
  readonly indent: number
  /** Style of a list or map; without it short ones go on one line. */
  readonly prefer?: 'flow' | 'block'
  /** How many levels `prefer: block` reaches. Default: 1. */
  readonly levels?: number
  /** A text that is code gets a block of its own unless it is one plain line. */
  readonly code?: boolean
}

const LONGEST_FLOW = 90

export function writeValue(value: Json, options: WritingOptions): WrittenValue {
  if (typeof value === 'string') return writeText(value, options)
  if (typeof value !== 'object' || value === null) return { type: 'inline', text: String(value) }
  const flow = flowText(value)
  const empty = Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0
  const small = flow.length <= LONGEST_FLOW && !flow.includes('\\n')
  if (options.inFlow || empty || options.prefer === 'flow' || (options.prefer !== 'block' && small)) {
    return { type: 'inline', text: flow }
  }
  return { type: 'block', header: '', lines: blockLines(value, options.indent, (options.levels ?? 1) - 1) }
}

function writeText(value: string, options: WritingOptions): WrittenValue {
  const multiline = value.includes('\n')
  if (!options.inFlow && (multiline || options.code) && fitsBlock(value)) {
    if (multiline || !isPlain(value, false)) return blockScalar(value, options.indent)
  }
  return { type: 'inline', text: scalarText(value, options.inFlow) }
}

/** The lines of a map or list in block style, each with its indent; `levels` more levels in block style too. */
export function blockLines(value: Json, indent: number, levels = 0): readonly string[] {
  const pad = ' '.repeat(indent)
  const prefer = levels > 0 ? { prefer: 'block' as const, levels } : {}
  if (Array.isArray(value)) return value.flatMap((item) => itemLines(item, indent))
  return Object.keys(value as object).flatMap((key) => {
    const written = writeValue((value as { [key: string]: Json })[key]!, {
      inFlow: false,
      indent: indent + 2,
      ...prefer,
    })
    return headedLines(`${pad}${keyText(key)}:`, written)
  })
}

/** The lines of one list item, the first key of a map behind the `-`. */
export function itemLines(value: Json, indent: number): readonly string[] {
  const head = `${' '.repeat(indent)}-`
  const written = writeValue(value, { inFlow: false, indent: indent + 2 })
  if (written.type === 'inline' || written.header !== '') return headedLines(head, written)
  const [first, ...others] = written.lines
  return [`${head} ${first!.trimStart()}`, ...others]
}

export function headedLines(head: string, written: WrittenValue): readonly string[] {
  if (written.type === 'inline') return [`${head} ${written.text}`]
  return [`${head}${written.header === '' ? '' : ` ${written.header}`}`, ...written.lines]
}

/** One line, as it can stand inside `{ }` and `[ ]`. */
export function flowText(value: Json): string {
  if (typeof value === 'string') return scalarText(value, true)
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`
  if (!isRecord(value)) return String(value)
  const entries = Object.keys(value).map((key) => `${keyText(key)}: ${flowText(value[key]!)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

export function keyText(key: string): string {
  return isPlain(key, true) && key !== '<<' ? key : quoted(key)
}

export function scalarText(text: string, inFlow: boolean): string {
  return isPlain(text, inFlow) ? text : quoted(text)
}

// Core schema of YAML 1.2, and the words that YAML 1.1 readers take for booleans.
const NOT_TEXT =
  /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?(?:\.\d+|\d[\d_]*(?:\.\d*)?)(?:e[-+]?\d+)?|0o[0-7]+|0x[\da-f]+|[-+]?\.inf|\.nan|\d+(?::\d+)+(?:\.\d*)?|\d{4}-\d\d?-\d\d?.*)$/i
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Cn}\p{Co}\u2028\u2029\ufeff\u00a0]/u

function isPlain(text: string, inFlow: boolean): boolean {
  if (text === '' || text.trim() !== text || UNPRINTABLE.test(text) || NOT_TEXT.test(text)) return false
  if (/^[-?:,[\]{}#&*!|>'"%@`=]/.test(text) || text.startsWith('...')) return false
  if (/:(?:\s|$)|\s#/.test(text)) return false
  return !inFlow || !/[,[\]{}:]/.test(text)
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** True where a block keeps the text exactly. */
function fitsBlock(text: string): boolean {
  if (/[^\P{Cc}\t\n]|[\p{Cs}\u0085\u2028\u2029\ufeff]/u.test(text)) return false
  // A block cannot tell trailing lines of blanks from the blank lines after it.
  return /\S/.test(text) && !/(?:^|\n)[ \t]+\n*$/.test(text)
}

function blockScalar(text: string, indent: number): WrittenValue {
  const pad = ' '.repeat(indent)
  const chomping = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-'
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  // Without the number the first line's blanks would be taken for the indent.
  const indicator = /^[ \t\n]/.test(text) ? '2' : ''
  return {
    type: 'block',
    header: `|${indicator}${chomping}`,
    lines: body.split('\n').map((line) => (line === '' ? '' : pad + line)),
  }
}
