import { isAlias, isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import {
  blankLinesAt,
  blockOfItem,
  blockOfPair,
  colonEnd,
  columnOf,
  contentEnd,
  dashOf,
  flowEntries,
  isBlockScalar,
  isWritten,
  type KeyedPair,
  keepsBlankLines,
  lineBreakOf,
  lineEnd,
  pairContentEnd,
} from './geometry.ts'
import type { TextPatch } from './patch.ts'
import type { Json } from './pipeline.ts'
import { pairIn, type Source } from './source.ts'
import { flowText, headedLines, itemLines, keyText, type WrittenValue, writeValue } from './yaml-text.ts'

/** The smallest changes of a text: one entry of one map or list put in, taken out or given another value. */
export interface SpliceOptions {
  readonly code?: boolean
  readonly prefer?: 'flow' | 'block'
  readonly levels?: number
  /** Keys in the order in which they are best read; a new key goes after the last one that comes before it here. */
  readonly order?: readonly string[]
}

/** Gives a pair another value. What stands around it, its comment included, stays. */
export function replaceValue(
  source: Source,
  map: YAMLMap,
  pair: KeyedPair,
  value: Json,
  options: SpliceOptions,
): TextPatch {
  const old = pair.value
  const prefer = options.prefer ?? styleOf(old)
  const indent = columnOf(source, map.range![0]) + 2
  const written = writeValue(value, { ...options, ...(prefer ? { prefer } : {}), inFlow: map.flow === true, indent })
  return replaceWritten(source, pair, written)
}

function styleOf(node: Node | null): 'flow' | 'block' | undefined {
  if (!isMap(node) && !isSeq(node)) return undefined
  return node.flow ? 'flow' : 'block'
}

/** Puts written text behind a key in place of what stands there. */
export function replaceWritten(source: Source, pair: KeyedPair, written: WrittenValue): TextPatch {
  const { text } = source
  const old = pair.value
  const colon = colonEnd(source, pair)
  if (colon === undefined) {
    const end = pair.key.range![1]
    return { start: end, end, text: `: ${written.type === 'inline' ? written.text : ''}` }
  }
  const end = isWritten(old) ? contentEnd(source, old) : colon
  const inlineOld = isWritten(old) && !isBlockScalar(old) && !text.slice(colon, old.range![0]).includes('\n')
  if (written.type === 'inline' && inlineOld && !text.slice(old.range![0], end).includes('\n')) {
    return { start: old.range![0], end, text: written.text }
  }
  return { start: colon, ...aroundComment(source, old, colon, end, inlineOld, written) }
}

/** A comment behind the key or the header of a block stays on that line. `mark`: where the `:` or `-` before the value ends. */
function aroundComment(
  source: Source,
  old: Node | null,
  mark: number,
  end: number,
  inlineOld: boolean,
  written: WrittenValue,
): { readonly end: number; readonly text: string } {
  const { text } = source
  const eol = lineBreakOf(source)
  const props = anchorOf(old)
  const commentAt =
    isBlockScalar(old) || !isWritten(old) ? (isBlockScalar(old) ? old.range![0] : mark) : inlineOld ? end : mark
  const comment = /^[^\n#'"]*?([ \t]+#[^\r\n]*)/.exec(text.slice(commentAt, lineEnd(source, commentAt)))?.[1]
  const tail = comment ?? ''
  // A comment behind the last line of several goes with it: it would become part of a block.
  const trailing = isWritten(old) && !isBlockScalar(old) && /^[ \t]+#/.test(text.slice(end, lineEnd(source, end)))
  const reach = trailing || (comment !== undefined && commentAt === end) ? lineEnd(source, end) : end
  if (written.type === 'inline') return { end: reach, text: `${props} ${written.text}${tail}` }
  const header = written.header === '' ? '' : ` ${written.header}`
  const body = written.lines.map((line) => eol + line).join('')
  if (written.lines.at(-1) !== '')
    return { end: reach, text: `${props}${header}${tail}${body}${lastBreak(source, reach)}` }
  // A block that keeps its trailing lines must not take in the blank lines that stood after it.
  const blank = trailingBlank(source, reach)
  return { end: reach + blank, text: `${props}${header}${tail}${body}${lastBreak(source, reach + blank)}` }
}

/** Length of the blank lines after the line that ends here, but for the last line break. */
function trailingBlank(source: Source, end: number): number {
  return /^(?:\r?\n[ \t]*(?=\r?\n|$))*/.exec(source.text.slice(end, end + 10_000))![0].length
}

function lastBreak(source: Source, end: number): string {
  return end >= source.text.length ? lineBreakOf(source) : ''
}

function anchorOf(node: Node | null): string {
  return node && !isAlias(node) && node.anchor !== undefined ? ` &${node.anchor}` : ''
}

/** Puts a new key into a map. */
export function insertPair(source: Source, map: YAMLMap, key: string, value: Json, options: SpliceOptions): TextPatch {
  const indent = columnOf(source, map.range![0])
  if (map.flow) return insertFlow(source, map, map.items.length, `${keyText(key)}: ${flowText(value)}`)
  const written = writeValue(value, { ...options, inFlow: false, indent: indent + 2 })
  const after = placeFor(map, key, options.order)
  const lines = headedLines(`${' '.repeat(indent)}${keyText(key)}:`, written)
  return insertLines(source, map, after, lines)
}

/** Index of the pair after which a key is best put. */
function placeFor(map: YAMLMap, key: string, order: readonly string[] | undefined): number {
  const rank = order?.indexOf(key) ?? -1
  if (!order || rank === -1) return map.items.length - 1
  let after = -1
  ;(map.items as KeyedPair[]).forEach((pair, index) => {
    const other = order.indexOf(String(pair.key.value))
    if (other !== -1 && other < rank) after = index
  })
  return after === -1 ? map.items.length - 1 : after
}

/** Puts lines behind an entry of a block map or list, with a blank line before them where the entries have one. */
export function insertLines(
  source: Source,
  collection: YAMLMap | YAMLSeq,
  after: number,
  lines: readonly string[],
): TextPatch {
  const eol = lineBreakOf(source)
  const { end } = blockAt(source, collection, after)
  const spaced =
    after > 0 && after === collection.items.length - 1 && blankBefore(source, blockAt(source, collection, after).start)
  const all = spaced && !keepsBlankLines(source, nodeAt(collection, after)) ? ['', ...lines] : lines
  // Lines that end in kept line breaks must not take in the blank lines that stand here.
  const blank = lines.at(-1) === '' ? blankLinesAt(source, end) : 0
  const broken = end === 0 || source.text[end - 1] === '\n'
  const text = all.map((line) => line + eol).join('')
  return { start: end, end: end + blank, text: broken ? text : eol + text.slice(0, -eol.length) }
}

function nodeAt(collection: YAMLMap | YAMLSeq, index: number): Node | null {
  return isMap(collection) ? (collection.items[index] as KeyedPair).value : (collection.items[index] as Node | null)
}

function blockAt(source: Source, collection: YAMLMap | YAMLSeq, index: number) {
  return isMap(collection) ? blockOfPair(source, collection, index) : blockOfItem(source, collection as YAMLSeq, index)
}

function blankBefore(source: Source, start: number): boolean {
  return /\n[ \t]*\r?\n$/.test(source.text.slice(Math.max(0, start - 200), start))
}

function insertFlow(source: Source, collection: YAMLMap | YAMLSeq, at: number, text: string): TextPatch {
  const entries = flowEntries(source, collection)
  const before = entries[at - 1]
  if (before) return { start: before.end, end: before.end, text: `, ${text}` }
  const next = entries[at]
  if (next) return { start: next.start, end: next.start, text: `${text}, ` }
  const start = collection.range![0] + 1
  const padding = isMap(collection) ? ' ' : ''
  return { start, end: collection.range![1] - 1, text: `${padding}${text}${padding}` }
}

/** Puts items behind the item with index `after` (-1: before the first). The list must have items. */
export function insertItems(source: Source, seq: YAMLSeq, after: number, values: readonly Json[]): TextPatch {
  if (seq.flow) return insertFlow(source, seq, after + 1, values.map(flowText).join(', '))
  const indent = columnOf(source, seq.range![0])
  const lines = values.flatMap((value) => itemLines(value, indent))
  if (after >= 0) return insertLines(source, seq, after, lines)
  const eol = lineBreakOf(source)
  const { start, compact } = blockOfItem(source, seq, 0)
  const text = lines.map((line) => line + eol).join('')
  return compact ? { start, end: start, text: text.trimStart() + ' '.repeat(indent) } : { start, end: start, text }
}

/** Gives an item of a list another value. */
export function replaceItem(
  source: Source,
  seq: YAMLSeq,
  index: number,
  value: Json,
  options: SpliceOptions,
): TextPatch {
  const item = seq.items[index] as Node | null
  const indent = columnOf(source, seq.range![0])
  if (seq.flow) {
    const entry = flowEntries(source, seq)[index]!
    return { ...entry, text: flowText(value) }
  }
  const dash = dashOf(source, seq, index) + 1
  const end = isWritten(item) ? contentEnd(source, item) : dash
  const inlineOld = isWritten(item) && !isBlockScalar(item) && !source.text.slice(dash, item.range![0]).includes('\n')
  const written = writeValue(value, { ...options, inFlow: false, indent: indent + 2 })
  return { start: dash, ...aroundComment(source, item, dash, end, inlineOld, written) }
}

/** Takes entries out of a map or list, with their comments. At least one must stay: else its owner must go. */
export function removeEntries(
  source: Source,
  collection: YAMLMap | YAMLSeq,
  indexes: readonly number[],
): readonly TextPatch[] {
  const gone = new Set(indexes)
  if (gone.size === 0) return []
  return collection.flow ? removeFlow(source, collection, gone) : removeBlock(source, collection, gone)
}

function removeFlow(source: Source, collection: YAMLMap | YAMLSeq, gone: ReadonlySet<number>): readonly TextPatch[] {
  const entries = flowEntries(source, collection)
  const patches: TextPatch[] = []
  for (let from = 0; from < entries.length; from++) {
    if (!gone.has(from)) continue
    let to = from
    while (gone.has(to + 1)) to++
    const next = entries[to + 1]
    const before = entries[from - 1]
    if (next) patches.push({ start: entries[from]!.start, end: next.start, text: '' })
    else if (before) patches.push({ start: before.end, end: entries[to]!.end, text: '' })
    else patches.push({ start: collection.range![0] + 1, end: collection.range![1] - 1, text: '' })
    from = to
  }
  return patches
}

function removeBlock(source: Source, collection: YAMLMap | YAMLSeq, gone: ReadonlySet<number>): readonly TextPatch[] {
  const patches: TextPatch[] = []
  let kept = 0
  let keptBlanks = false
  for (let index = 0; index < collection.items.length; index++) {
    const block = blockAt(source, collection, index)
    if (!gone.has(index)) {
      kept = block.end
      keptBlanks = keepsBlankLines(source, nodeAt(collection, index))
      continue
    }
    if (block.compact) {
      let next = index + 1
      while (gone.has(next)) next++
      if (next >= collection.items.length) continue
      patches.push({ start: block.start, end: headOf(source, collection, next), text: '' })
      index = next - 1
      continue
    }
    const start = Math.max(kept, withBlankBefore(source, block.start, block.end))
    const end = keptBlanks ? block.end + blankLinesAt(source, block.end) : block.end
    const last = patches.at(-1)
    if (last && last.end >= start) patches[patches.length - 1] = { start: last.start, end, text: '' }
    else patches.push({ start, end, text: '' })
  }
  return patches
}

function headOf(source: Source, collection: YAMLMap | YAMLSeq, index: number): number {
  return isMap(collection)
    ? (collection.items[index] as KeyedPair).key.range![0]
    : dashOf(source, collection as YAMLSeq, index)
}

/** Of the blank lines around what goes, those above go too where others stay below. */
function withBlankBefore(source: Source, start: number, end: number): number {
  const below = source.text.slice(end, end + 200)
  if (below !== '' && !/^[ \t]*\r?\n/.test(below)) return start
  const above = /(?:^|\n)((?:[ \t]*\r?\n)+)$/.exec(source.text.slice(Math.max(0, start - 1000), start))
  return above ? start - above[1]!.length : start
}

/** Empties a map or list that has to stay. */
export function emptyCollection(source: Source, map: YAMLMap, key: string): TextPatch | undefined {
  const pair = pairIn(map, key)
  if (!pair) return undefined
  const start = colonEnd(source, pair)
  if (start === undefined) return undefined
  return { start, end: pairContentEnd(source, pair), text: isSeq(pair.value) ? ' []' : ' {}' }
}
