import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument as parseYaml,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { indexLines, type LineIndex, positionAt, rangeAt } from './line-index.ts'
import type { Json } from './pipeline.ts'
import type { Problem, TextRange } from './problem.ts'

/** Above this many UTF-16 units a file is refused unread. */
export const MAX_TEXT_LENGTH = 5 * 1024 * 1024
/** Above this many nodes, aliases written out, a file is refused: a small file can unfold into billions. */
export const MAX_NODES = 2_000_000

export type Path = readonly (string | number)[]

/** A YAML text, its syntax tree and what its values are. Holds no meaning: see document.ts. */
export interface Source {
  readonly text: string
  readonly lines: LineIndex
  readonly root: Node | null
  /** Maps have no prototype; the first of duplicate keys counts; merge keys are applied. */
  readonly value: Json
  /** What each alias stands for. */
  readonly targets: ReadonlyMap<Alias, Node>
  readonly problems: readonly Problem[]
  /** True where the syntax tree can be trusted. */
  readonly sound: boolean
}

/** Where a path leads. `inherited`: the value stands elsewhere, behind an alias or a merge key. */
export interface Place {
  readonly key: Scalar | null
  readonly value: Node | null
  readonly inherited: boolean
}

export function readSource(text: string): Source {
  const lines = indexLines(text)
  const unreadable = refuse(text, lines)
  if (unreadable) return unsound(text, lines, [unreadable])
  let document: Document.Parsed
  try {
    document = parseYaml(text, {
      version: '1.2',
      merge: false,
      stringKeys: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return unsound(text, lines, [tooDeep(lines)])
  }
  if (document.errors.some((error) => error.code === 'RESOURCE_EXHAUSTION'))
    return unsound(text, lines, [tooDeep(lines)])
  const problems: Problem[] = document.errors.slice(0, MOST_SYNTAX_ERRORS).map((error) => ({
    code: error.code === 'MULTIPLE_DOCS' ? 'SEVERAL_DOCUMENTS' : 'YAML_SYNTAX',
    severity: 'error',
    message:
      error.code === 'MULTIPLE_DOCS'
        ? 'A second document begins here.'
        : `The text is not valid YAML here: ${error.message.replace(/\.$/, '')}.`,
    hint: SYNTAX_HINTS.get(error.code) ?? 'Correct the text at this place; until then the canvas cannot be edited.',
    range: rangeAt(lines, error.pos[0], error.pos[1]),
  }))
  if (problems.length > 0) return unsound(text, lines, problems)
  return convert(text, lines, document.contents)
}

/** One missing bracket makes errors of everything after it. */
const MOST_SYNTAX_ERRORS = 20

const SYNTAX_HINTS: ReadonlyMap<string, string> = new Map([
  ['TAB_AS_INDENT', 'Indent with spaces; YAML does not allow tabs there.'],
  ['BAD_INDENT', 'Keys of one level must begin in the same column.'],
  ['MISSING_CHAR', 'A key needs a colon and a space after it; quotes and brackets must be closed.'],
  ['MULTIPLE_DOCS', 'A pipeline file holds one document: remove the second `---` and what follows.'],
  ['BAD_ALIAS', 'The name after `*` must be defined earlier with `&`. A text that begins with `*` needs quotes.'],
  ['BLOCK_AS_IMPLICIT_KEY', 'A text that contains `: ` needs quotes.'],
])

function refuse(text: string, lines: LineIndex): Problem | undefined {
  if (text.length > MAX_TEXT_LENGTH) {
    return {
      code: 'FILE_TOO_LARGE',
      severity: 'error',
      message: `The file is too large: ${(text.length / 1e6).toFixed(0)} million characters, where 5 million are allowed.`,
      hint: 'Move data and long code into files of their own and read them from the tasks.',
    }
  }
  const nul = text.indexOf('\0')
  if (nul === -1) return undefined
  return {
    code: 'FILE_NOT_TEXT',
    severity: 'error',
    message: 'The file is not text: it contains a zero character.',
    hint: 'Open a pipeline file in YAML (`*.dag.yaml`), saved as UTF-8.',
    range: rangeAt(lines, nul, nul + 1),
  }
}

function tooDeep(lines: LineIndex): Problem {
  return {
    code: 'NESTED_TOO_DEEPLY',
    severity: 'error',
    message: 'The text nests too deeply to be read.',
    hint: 'A pipeline needs fewer than ten levels; look for brackets that are never closed.',
    range: rangeAt(lines, 0, 0),
  }
}

function unsound(text: string, lines: LineIndex, problems: readonly Problem[]): Source {
  return { text, lines, root: null, value: null, targets: new Map(), problems, sound: false }
}

interface Conversion {
  readonly lines: LineIndex
  readonly anchors: Map<string, Node>
  readonly targets: Map<Alias, Node>
  readonly done: Map<Node, { readonly value: Json; readonly size: number }>
  readonly open: Set<Node>
  readonly problems: Problem[]
  fatal: boolean
}

function convert(text: string, lines: LineIndex, root: Node | null): Source {
  const state: Conversion = {
    lines,
    anchors: new Map(),
    targets: new Map(),
    done: new Map(),
    open: new Set(),
    problems: [],
    fatal: false,
  }
  try {
    const { value, size } = readValue(state, root)
    if (size > MAX_NODES && !state.fatal) {
      state.fatal = true
      state.problems.push({
        code: 'TOO_MANY_ALIASES',
        severity: 'error',
        message: `The aliases of this file unfold into more than ${MAX_NODES.toLocaleString('en')} values.`,
        hint: 'Write the values out, or use fewer aliases inside anchors.',
        range: rangeAt(lines, 0, 0),
      })
    }
    if (state.fatal) return unsound(text, lines, state.problems)
    return { text, lines, root, value, targets: state.targets, problems: state.problems, sound: true }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return unsound(text, lines, [tooDeep(lines)])
  }
}

type Sized = { readonly value: Json; readonly size: number }
const NOTHING: Sized = { value: null, size: 1 }

function readValue(state: Conversion, node: Node | null): Sized {
  if (node === null || node === undefined) return NOTHING
  if (isAlias(node)) return aliasValue(state, node)
  if (node.anchor !== undefined) state.anchors.set(node.anchor, node)
  if (isScalar(node)) {
    const sized = { value: scalarValue(state, node), size: 1 }
    if (node.anchor !== undefined) state.done.set(node, sized)
    return sized
  }
  state.open.add(node)
  const sized = isSeq(node) ? seqValue(state, node.items as Node[]) : mapValue(state, node as YAMLMap)
  state.open.delete(node)
  if (node.anchor !== undefined) state.done.set(node, sized)
  return sized
}

function scalarValue(state: Conversion, node: Scalar): Json {
  const value = node.value
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  state.problems.push({
    code: 'NOT_A_NUMBER',
    severity: 'error',
    message: `${node.source ?? 'This value'} is not a number that can be stored.`,
    hint: 'Write a finite number, or put the text into quotes.',
    range: rangeAt(state.lines, node.range![0], node.range![1]),
  })
  return null
}

function aliasValue(state: Conversion, node: Alias): Sized {
  const target = state.anchors.get(node.source)
  if (target === undefined || state.open.has(target)) {
    state.fatal = true
    state.problems.push({
      code: 'BAD_ALIAS',
      severity: 'error',
      message: `*${node.source} ${target ? 'stands inside the very value it names' : 'names nothing defined before it'}.`,
      hint: 'An alias can only repeat a value that ended before it.',
      range: rangeAt(state.lines, node.range![0], node.range![1]),
    })
    return NOTHING
  }
  state.targets.set(node, target)
  return state.done.get(target) ?? NOTHING
}

function seqValue(state: Conversion, items: readonly Node[]): Sized {
  const value: Json[] = []
  let size = 1
  for (const item of items) {
    const sized = readValue(state, item)
    value.push(sized.value)
    size += sized.size
  }
  return { value, size }
}

function mapValue(state: Conversion, map: YAMLMap): Sized {
  const value: Record<string, Json> = Object.create(null)
  const firsts = new Map<string, Scalar>()
  const merges: { readonly [key: string]: Json }[] = []
  let size = 1
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    const key = pair.key
    if (!isScalar(key)) continue
    const sized = readValue(state, pair.value)
    size += sized.size
    const name = String(key.value)
    const first = firsts.get(name)
    if (isMergeKey(key)) {
      for (const merged of Array.isArray(sized.value) ? sized.value : [sized.value]) {
        if (isRecord(merged)) merges.push(merged)
        else state.problems.push(badMerge(state, key))
      }
    } else if (first) state.problems.push(duplicateKey(state, name, first, key))
    else {
      firsts.set(name, key)
      value[name] = sized.value
    }
  }
  for (const merged of merges) {
    for (const name of Object.keys(merged)) if (!Object.hasOwn(value, name)) value[name] = merged[name]!
  }
  return { value, size }
}

export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function badMerge(state: Conversion, key: Scalar): Problem {
  return {
    code: 'BAD_MERGE',
    severity: 'error',
    message: '`<<` can only merge a map, or a list of maps.',
    hint: 'Name an anchored map, e.g. `<<: *base`.',
    range: rangeAt(state.lines, key.range![0], key.range![1]),
  }
}

function duplicateKey(state: Conversion, name: string, first: Scalar, second: Scalar): Problem {
  const firstLine = positionAt(state.lines, first.range![0]).line
  const secondLine = positionAt(state.lines, second.range![0]).line
  return {
    code: 'DUPLICATE_KEY',
    severity: 'error',
    message: `\`${name}\` stands twice in the same map: in line ${firstLine} and again in line ${secondLine}.`,
    hint: `Remove one of them, or give it another name. Until then line ${firstLine} counts.`,
    range: rangeAt(state.lines, second.range![0], second.range![1]),
  }
}

const pairIndexes = new WeakMap<YAMLMap, Map<string, Pair<Scalar, Node | null>>>()

/** The first pair of this key in the map itself, merge keys aside. */
export function pairIn(map: YAMLMap, key: string): Pair<Scalar, Node | null> | undefined {
  let index = pairIndexes.get(map)
  if (!index) {
    index = new Map()
    for (const pair of map.items as Pair<Scalar, Node | null>[]) {
      if (!isScalar(pair.key) || isMergeKey(pair.key)) continue
      const name = String(pair.key.value)
      if (!index.has(name)) index.set(name, pair)
    }
    pairIndexes.set(map, index)
  }
  return index.get(key)
}

/** The node itself, or what an alias stands for. */
export function dereference(source: Source, node: Node | null | undefined): Node | null {
  if (node === null || node === undefined) return null
  return isAlias(node) ? (source.targets.get(node) ?? null) : node
}

/** Follows keys and indexes through aliases and merge keys; undefined where nothing stands. */
export function placeAt(source: Source, path: Path): Place | undefined {
  let place: Place = { key: null, value: source.root, inherited: false }
  for (const step of path) {
    const container = dereference(source, place.value)
    const inherited = place.inherited || isAlias(place.value)
    if (isSeq(container) && typeof step === 'number') {
      if (step >= container.items.length) return undefined
      place = { key: null, value: (container.items[step] as Node | null) ?? null, inherited }
    } else if (isMap(container)) {
      const found = entryAt(source, container, String(step))
      if (!found) return undefined
      place = { ...found, inherited: inherited || found.inherited }
    } else return undefined
  }
  return place
}

function entryAt(source: Source, map: YAMLMap, key: string): Place | undefined {
  const own = pairIn(map, key)
  if (own) return { key: own.key, value: own.value, inherited: false }
  for (const pair of map.items as Pair<Scalar, Node | null>[]) {
    if (!isMergeKey(pair.key)) continue
    const merged = dereference(source, pair.value)
    const parents = isSeq(merged) ? merged.items.map((item) => dereference(source, item as Node)) : [merged]
    for (const parent of parents) {
      const found = isMap(parent) ? entryAt(source, parent, key) : undefined
      if (found) return { ...found, inherited: true }
    }
  }
  return undefined
}

/** The range of the value at a path: of the key for maps and lists, which would otherwise mark half the file. */
export function rangeOf(source: Source, path: Path): TextRange | undefined {
  const place = placeAt(source, path)
  if (!place) return undefined
  const node = place.value
  if (node?.range && (place.key === null || (isScalar(node) && node.range[1] > node.range[0]) || isAlias(node))) {
    return rangeAt(source.lines, node.range[0], node.range[1])
  }
  return keyRangeOf(source, path)
}

/** The range of the key at a path; of the value where it has none (an element of a list). */
export function keyRangeOf(source: Source, path: Path): TextRange | undefined {
  const place = placeAt(source, path)
  const node = place?.key ?? place?.value
  return node?.range ? rangeAt(source.lines, node.range[0], node.range[1]) : undefined
}

/** The range of the deepest part of the path that stands in the text. */
export function nearestRangeOf(source: Source, path: Path): TextRange {
  for (let length = path.length; length > 0; length--) {
    const range = length === path.length ? rangeOf(source, path) : keyRangeOf(source, path.slice(0, length))
    if (range) return range
  }
  return rangeAt(source.lines, 0, 0)
}
