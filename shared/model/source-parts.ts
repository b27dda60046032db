import { isMap, isScalar, isSeq, type Node, Pair, type Range, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { indexLines } from './line-index.ts'
import type { Json } from './pipeline.ts'
import { readPlainEntry } from './plain-entry.ts'
import { isMergeKey, isRecord, MAX_NODES, readSource, type Source } from './source.ts'
import { beginInReading, cutText, NEXT_KEY, type Piece, readingOf } from './text-pieces.ts'

type Entry = Pair<Scalar, Node | null>

/** A piece as it was read. Never changed: in another place of a text it is a copy. */
interface Part {
  readonly key: string
  /** Of the entry; null for the head of `tasks`. */
  readonly value: Json
  /** null where nobody has asked for it yet. */
  readonly tree: Tree | null
}

/** The syntax tree of a piece. */
interface Tree {
  /** Its ranges count in a text where the piece begins at `offset`. Of the head of `tasks` without the tasks. */
  readonly entry: Entry
  readonly offset: number
  /** Ends (of the content, of the node) of the maps that end with this piece, innermost first, from its begin. */
  readonly ends: readonly (readonly [number, number])[]
}

interface PlacedPart {
  readonly piece: Piece
  /** The text that it is read in. */
  readonly reading: string
  part: Part
}

/** null: the text of this source must be read as a whole. */
const partsOfSource = new WeakMap<Source, readonly PlacedPart[] | null>()

/**
 * As `readSource(text)`, in less time the more of the text stood in `previous`: entries of the top level and of `tasks`
 * whose text is the same are taken over, their values the same objects. Where an entry cannot be read by itself (an
 * alias, a mistake, a style that is rare), the whole text is read.
 */
export function rereadSource(text: string, previous: Source): Source {
  const known = partsOf(previous)
  const source = known && readParts(text, known)
  if (source) return source
  const whole = readSource(text)
  // While a person types, the text is often broken for a moment: what could be read before it can be read after it.
  if (!whole.sound) partsOfSource.set(whole, known)
  return whole
}

/**
 * As `readSource(text)`, an entry at a time where that can be: the tokens of a whole text take a hundred times its
 * memory at once, those of an entry are gone with it.
 */
export function readLargeSource(text: string): Source {
  return readParts(text, []) ?? readSource(text)
}

function partsOf(source: Source): readonly PlacedPart[] | null {
  let parts = partsOfSource.get(source)
  if (parts === undefined) {
    parts = isPlain(source) ? takeApart(source) : null
    partsOfSource.set(source, parts)
  }
  return parts
}

/** True where every entry means the same without the others. */
function isPlain(source: Source): boolean {
  return source.sound && source.problems.length === 0 && source.targets.size === 0
}

/** The parts of a text that was read as a whole; null where the cuts are not those of the syntax tree. */
function takeApart(source: Source): readonly PlacedPart[] | null {
  const { root, text, value } = source
  const pieces = cutText(text)
  if (!pieces || !isMap(root) || !isRecord(value)) return null
  const maps: YAMLMap[] = [root]
  const counts = [0, 0]
  const parts: PlacedPart[] = []
  for (const piece of pieces) {
    const depth = piece.level === 'task' ? 1 : 0
    const entry = entriesOf(maps[depth])[counts[depth]!++]
    if (!entry || !beginsAt(entry, piece.start + piece.indent)) return null
    const head = piece.level === 'head'
    if (head && !isBlockMap(entry.value)) return null
    if (head) maps[1] = entry.value as YAMLMap
    const holder = depth === 1 ? value.tasks : value
    const ended = maps
      .slice(0, depth + 1)
      .reverse()
      .slice(0, piece.ends)
    const tree: Tree = {
      entry: head ? withoutTasks(entry) : entry,
      offset: piece.start,
      ends: ended.map(({ range }) => [range![1] - piece.start, range![2] - piece.start]),
    }
    const key = String(entry.key.value)
    const part = { key, value: head || !isRecord(holder) ? null : holder[key]!, tree }
    parts.push({ piece, reading: readingOf(text, piece), part })
  }
  return maps.every((map, depth) => map.items.length === counts[depth]) ? parts : null
}

function entriesOf(map: YAMLMap | undefined): readonly Entry[] {
  return (map?.items ?? []) as Entry[]
}

function isBlockMap(node: Node | null | undefined): node is YAMLMap {
  return isMap(node) && node.flow !== true
}

/** False for a merge key, and for a key of a rare style: one that stands behind a `?` or is left out. */
function beginsAt({ key }: Entry, offset: number): boolean {
  return isScalar(key) && key.range![0] === offset && key.range![1] > offset && !isMergeKey(key)
}

function withoutTasks(head: Entry): Entry {
  return new Pair<Scalar, Node | null>(head.key, Object.assign(new YAMLMap(), head.value, { items: [] }))
}

/** The text put together of known parts, and of those that are new, each read by itself; null where that cannot be. */
function readParts(text: string, known: readonly PlacedPart[]): Source | null {
  // Every node but one takes a character, so a text this short has not too many.
  const pieces = text.length < MAX_NODES ? cutText(text) : null
  if (!pieces) return null
  const byReading = new Map(known.map(({ reading, part }) => [reading, part]))
  const parts: PlacedPart[] = []
  for (const piece of pieces) {
    const reading = readingOf(text, piece)
    const part = byReading.get(reading) ?? readPlain(text, piece) ?? readPart(piece, reading)
    if (!part) return null
    parts.push({ piece, reading, part })
  }
  const value = valueFrom(parts)
  if (!value) return null
  const source = sourceFrom(text, value, parts)
  partsOfSource.set(source, parts)
  return source
}

/** A plain piece; its tree can be read later. */
function readPlain(text: string, { level, start, end, indent }: Piece): Part | null {
  const plain = level === 'head' ? null : readPlainEntry(text.slice(start, end), indent)
  return plain && plain.key !== NEXT_KEY ? { ...plain, tree: null } : null
}

/** Reads a piece by itself; null where it is not one entry. */
function readPart(piece: Piece, reading: string): Part | null {
  const source = readSource(reading)
  if (!isPlain(source) || !isMap(source.root)) return null
  const offset = beginInReading(piece)
  const outer = entriesOf(source.root)[0]
  if (piece.level === 'task' && !isBlockMap(outer?.value)) return null
  const maps = piece.level === 'task' ? [outer!.value as YAMLMap, source.root] : [source.root]
  const entry = entriesOf(maps[0])[0]
  if (!entry || !beginsAt(entry, offset + piece.indent)) return null
  const head = piece.level === 'head'
  if (head && !(isBlockMap(entry.value) && entry.value.items.length === 1)) return null
  // The entry, and what stands for the one that follows.
  if (maps.some((map, depth) => map.items.length !== (depth === piece.ends && !head ? 2 : 1))) return null
  const values = recordIn(piece.level === 'task' ? recordIn(source.value).tasks : source.value)
  const key = String(entry.key.value)
  const ends = maps.slice(0, piece.ends).map(({ range }) => [range![1] - offset, range![2] - offset] as const)
  return {
    key,
    value: head ? null : values[key]!,
    tree: { entry: head ? withoutTasks(entry) : entry, offset, ends },
  }
}

function recordIn(value: Json | undefined): { readonly [key: string]: Json } {
  return isRecord(value) ? value : Object.create(null)
}

/** null where a key stands twice. */
function valueFrom(parts: readonly PlacedPart[]): Json | null {
  const top: { [key: string]: Json } = Object.create(null)
  const tasks: { [key: string]: Json } = Object.create(null)
  for (const { piece, part } of parts) {
    const holder = piece.level === 'task' ? tasks : top
    if (Object.hasOwn(holder, part.key)) return null
    holder[part.key] = piece.level === 'head' ? tasks : part.value
  }
  return top
}

function sourceFrom(text: string, value: Json, parts: readonly PlacedPart[]): Source {
  let root: Node | undefined
  return {
    text,
    lines: indexLines(text),
    // Moving all that stands behind a change takes its time, and few readers of a text look at its syntax tree.
    get root() {
      root ??= rootFrom(parts)
      return root
    },
    value,
    targets: new Map(),
    problems: [],
    sound: true,
  }
}

function rootFrom(parts: readonly PlacedPart[]): YAMLMap {
  const root = new YAMLMap()
  const maps = [root]
  for (const placed of parts) {
    const { piece } = placed
    const depth = piece.level === 'task' ? 1 : 0
    const map = maps[depth]!
    if (map.items.length === 0) map.range = [piece.start + piece.indent, 0, 0]
    const isLate = placed.part.tree === null
    const entry = isLate ? lateEntry(placed) : treeOf(placed).entry
    if (piece.level === 'head') {
      maps[1] = Object.assign(new YAMLMap(), entry.value, { items: [] })
      map.items.push(new Pair<Scalar, Node | null>(entry.key, maps[1]))
    } else map.items.push(entry)
    for (let level = 0; level < piece.ends; level++) {
      const ended = maps[depth - level]!
      const from = ended.range![0]
      const range = (): Range => {
        const [content, node] = treeOf(placed).ends[level]!
        return [from, piece.start + content, piece.start + node]
      }
      if (isLate) late(ended, 'range', range)
      else ended.range = range()
    }
  }
  return root
}

/** Its ranges count in the text that it is placed in. */
function treeOf(placed: PlacedPart): Tree {
  const { piece, reading, part } = placed
  // What is plain the reader of YAML can read.
  const tree = part.tree ?? readPart(piece, reading)!.tree!
  if (part.tree === tree && tree.offset === piece.start) return tree
  const by = piece.start - tree.offset
  const own = { ...tree, entry: movedEntry(tree.entry, by), offset: piece.start }
  placed.part = { ...part, tree: own }
  return own
}

/** The entry of a plain part: what its key has to say is read when somebody asks for it. */
function lateEntry(placed: PlacedPart): Entry {
  const { key } = placed.part
  const { start, indent } = placed.piece
  const end = start + indent + key.length
  const scalar = Object.assign(new Scalar(key), { range: [start + indent, end, end], source: key, type: Scalar.PLAIN })
  return late(new Pair<Scalar, Node | null>(scalar), 'value', () => treeOf(placed).entry.value)
}

/** The property is read when somebody asks for it. */
function late<T extends object, K extends keyof T>(holder: T, name: K, get: () => T[K]): T {
  return Object.defineProperty(holder, name, { configurable: true, enumerable: true, get })
}

function movedEntry(entry: Entry, by: number): Entry {
  return new Pair(moved(entry.key, by), entry.value === null ? null : moved(entry.value, by))
}

/** A copy whose ranges lie `by` characters further on. */
function moved<N extends Node>(node: N, by: number): N {
  const [start, content, end] = node.range!
  const range = [start + by, content + by, end + by]
  const copy = isMap(node)
    ? Object.assign(new YAMLMap(), node, {
        range,
        items: (node.items as Entry[]).map((entry) => movedEntry(entry, by)),
      })
    : isSeq(node)
      ? Object.assign(new YAMLSeq(), node, { range, items: (node.items as Node[]).map((item) => moved(item, by)) })
      : Object.assign(new Scalar(null), node, { range })
  return copy as unknown as N
}
