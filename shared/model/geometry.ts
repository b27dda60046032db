import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { lineOf } from './line-index.ts'
import type { Source } from './source.ts'

/** Where nodes stand in the text, with the comments and separators that belong to them. All offsets are UTF-16. */
export type KeyedPair = Pair<Scalar, Node | null>

export function lineStart(source: Source, offset: number): number {
  return source.lines.starts[lineOf(source.lines, offset)]!
}

/** Offset of the line break that ends the line, or the end of the text. */
export function lineEnd(source: Source, offset: number): number {
  const next = source.text.indexOf('\n', offset)
  if (next === -1) return source.text.length
  return next > offset && source.text[next - 1] === '\r' ? next - 1 : next
}

/** Offset after the line break that ends the line. */
function nextLine(source: Source, offset: number): number {
  const next = source.text.indexOf('\n', offset)
  return next === -1 ? source.text.length : next + 1
}

export function columnOf(source: Source, offset: number): number {
  const start = lineStart(source, offset)
  // A byte order mark stands before the first column.
  return offset - start - (start === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : 0)
}

export function lineBreakOf(source: Source): string {
  return /\r\n/.test(source.text) ? '\r\n' : '\n'
}

/** Offset after the `:` of a pair; undefined for a key in `{ }` that has none. */
export function colonEnd(source: Source, pair: KeyedPair): number | undefined {
  const after = /^(?:\s|#[^\n]*\n)*:/.exec(source.text.slice(pair.key.range![1], pair.key.range![1] + 2000))
  return after ? pair.key.range![1] + after[0].length : undefined
}

/** True where the node has characters of its own in the text. */
export function isWritten(node: Node | null | undefined): node is Node {
  return node?.range !== undefined && node.range !== null && node.range[1] > node.range[0]
}

export function isBlockScalar(node: Node | null | undefined): node is Scalar {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED')
}

/** Offset after the last character of a node's content, the line break after it not included. */
export function contentEnd(source: Source, node: Node): number {
  if (isBlockScalar(node)) return blockScalarEnd(source, node)
  if ((isMap(node) || isSeq(node)) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1)
    if (isMap(node)) return pairContentEnd(source, last as KeyedPair)
    return isWritten(last as Node)
      ? contentEnd(source, last as Node)
      : dashOf(source, node as YAMLSeq, node.items.length - 1) + 1
  }
  return node.range![1]
}

export function pairContentEnd(source: Source, pair: KeyedPair): number {
  if (isWritten(pair.value)) return contentEnd(source, pair.value)
  return colonEnd(source, pair) ?? pair.key.range![1]
}

/** True where the node ends in a block that keeps its trailing line breaks (`|+`): a blank line after it would be content. */
export function keepsBlankLines(source: Source, node: Node | null | undefined): boolean {
  if (isBlockScalar(node)) return /^[|>]\d?\+/.test(source.text.slice(node.range![0], node.range![0] + 3))
  if (isMap(node) && !node.flow) return keepsBlankLines(source, (node.items.at(-1) as KeyedPair | undefined)?.value)
  return isSeq(node) && !node.flow ? keepsBlankLines(source, node.items.at(-1) as Node | undefined) : false
}

/** Length of the blank lines from the beginning of a line on. */
export function blankLinesAt(source: Source, offset: number): number {
  return /^(?:[ \t]*\r?\n)*/.exec(source.text.slice(offset, offset + 10_000))![0].length
}

function blockScalarEnd(source: Source, node: Scalar): number {
  const [start, end] = node.range!
  const text = source.text.slice(start, end)
  const header = /^[|>][^\n]*/.exec(text)?.[0] ?? ''
  if (keepsBlankLines(source, node)) return start + text.replace(/\r?\n$/, '').length
  const body = text.slice(header.length)
  if (body.trim() === '') return start + header.trimEnd().length
  // Blank lines after the content belong to nobody; blanks beyond the indent are content.
  const indent = /(?:^|\n)( *)[^\s]/.exec(body)?.[1]?.length ?? 0
  return end - new RegExp(`(?:\\r?\\n {0,${indent}})*$`).exec(body)![0].length
}

/** Offset of the `-` of an item of a block list. */
export function dashOf(source: Source, seq: YAMLSeq, index: number): number {
  const first = seq.range![0]
  const column = first - lineStart(source, first)
  if (index === 0) return first
  const item = seq.items[index] as Node | null
  let line = lineOf(source.lines, item?.range ? Math.max(first, item.range[0] - 1) : first)
  for (; line > 0; line--) {
    const at = source.lines.starts[line]! + column
    if (
      source.text[at] === '-' &&
      /\s|^$/.test(source.text[at + 1] ?? '') &&
      source.text.slice(source.lines.starts[line]!, at).trim() === ''
    )
      return at
  }
  return first
}

/** The lines of a block pair or list item: from its own comments above to the line break after its last line. */
export interface Block {
  readonly start: number
  readonly end: number
  /** True where it begins behind a `-` and so cannot be cut out as whole lines. */
  readonly compact: boolean
}

export function blockOfPair(source: Source, map: YAMLMap, index: number): Block {
  const pair = map.items[index] as KeyedPair
  return blockOf(source, pair.key.range![0], pairContentEnd(source, pair), columnOf(source, map.range![0]))
}

export function blockOfItem(source: Source, seq: YAMLSeq, index: number): Block {
  const dash = dashOf(source, seq, index)
  const item = seq.items[index] as Node | null
  const end = isWritten(item) ? contentEnd(source, item) : dash + 1
  return blockOf(source, dash, end, columnOf(source, seq.range![0]))
}

function blockOf(source: Source, head: number, content: number, indent: number): Block {
  const { text } = source
  const first = lineStart(source, head)
  const compact = /[^\s\ufeff?&!]/.test(text.slice(first, head).replace(/[&!]\S*/g, ''))
  let start = compact ? head : first
  while (!compact && start > 0) {
    const above = lineStart(source, start - 1)
    if (!new RegExp(`^\\ufeff? {${indent}}#`).test(text.slice(above, start))) break
    start = above
  }
  let end = nextLine(source, content)
  // Comments that are indented deeper than the key speak of what is under it.
  for (let at = end; at < text.length; at = nextLine(source, at)) {
    const line = text.slice(at, lineEnd(source, at))
    if (line.trim() === '') continue
    const comment = /^( *)#/.exec(line)
    if (!comment || comment[1]!.length <= indent) break
    end = nextLine(source, at)
  }
  return { start, end, compact }
}

/** From and to of each entry of a `{ }` or `[ ]`, without the separators. */
export function flowEntries(
  source: Source,
  collection: YAMLMap | YAMLSeq,
): readonly { readonly start: number; readonly end: number }[] {
  let at = collection.range![0] + 1
  return collection.items.map((entry, index) => {
    if (index > 0) at = skipBlank(source, at, true)
    const start = skipBlank(source, at, false)
    const end = isMap(collection)
      ? pairContentEnd(source, entry as KeyedPair)
      : isWritten(entry as Node)
        ? contentEnd(source, entry as Node)
        : start
    at = end
    return { start, end }
  })
}

/** Skips blanks, line breaks and comments, and with `comma` also everything up to and with the next comma. */
function skipBlank(source: Source, from: number, comma: boolean): number {
  let at = from
  for (;;) {
    const blank = /^(?:\s+|#[^\n]*)/.exec(source.text.slice(at, at + 10_000))
    if (blank && blank[0].length > 0) at += blank[0].length
    else if (comma && source.text[at] === ',') return at + 1
    else return at
  }
}
