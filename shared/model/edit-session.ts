import { isAlias, isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml'
import type { PipelineDocument } from './document.ts'
import { columnOf, type KeyedPair } from './geometry.ts'
import { equal } from './parameter-type.ts'
import { applyPatches, composePatches, type TextPatch, tightPatches } from './patch.ts'
import type { Json } from './pipeline.ts'
import { failure, type Problem, type Result, success } from './problem.ts'
import { dereference, isRecord, type Path, pairIn, placeAt, type Source } from './source.ts'
import { rereadSource } from './source-parts.ts'
import {
  emptyCollection,
  insertItems,
  insertPair,
  removeEntries,
  replaceItem,
  replaceValue,
  replaceWritten,
  type SpliceOptions,
} from './splice.ts'
import { blockLines, flowText } from './yaml-text.ts'

/**
 * One edit in the making: a series of small splices, each on the text that the one before left. Values are changed
 * where they stand; a value that stands behind an alias or merge key is overridden at the place the path names.
 */
export interface EditSession {
  /** The text as it is by now. */
  readonly source: Source
  /** Value at a path, aliases and merge keys followed. */
  valueAt(path: Path): Json | undefined
  apply(patches: readonly TextPatch[]): void
  /** Sets a value; makes the maps on the way. Maps and lists are changed entry by entry. */
  set(path: Path, value: Json, options?: SpliceOptions): void
  /** Sets many values in one pass, each written as a whole. None may lie in another, and a map of new ones has entries. */
  setEach(values: readonly (readonly [path: Path, value: Json])[]): void
  /** Takes an entry out; what held it goes too when it is left empty, but for `tasks` and the tasks themselves. */
  remove(path: Path): void
  /** Takes several entries of one map or list out at once. */
  removeMany(path: Path, steps: readonly (string | number)[]): void
}

/** Runs an edit. Gives the patches for the document's text, or why the edit is refused. The work itself may refuse. */
export function edit(
  document: PipelineDocument,
  work: (session: EditSession) => Problem | undefined,
): Result<readonly TextPatch[]> {
  if (!document.editable) {
    return failure({
      code: 'NOT_EDITABLE',
      severity: 'error',
      message: 'The canvas cannot be edited while the text has a syntax error.',
      hint: 'Correct the text in the YAML view first.',
    })
  }
  const session = new Session(document.source)
  const refusal = work(session)
  if (refusal) return failure(refusal)
  if (session.source.sound) return success(tightPatches(document.text, session.patches))
  return failure({
    code: 'EDIT_NOT_POSSIBLE',
    severity: 'error',
    message: 'This edit cannot be written into the text as it stands.',
    hint: 'Make the change in the YAML view.',
  })
}

class Session implements EditSession {
  source: Source
  patches: readonly TextPatch[] = []
  readonly #before: string

  constructor(source: Source) {
    this.source = source
    this.#before = source.text
  }

  apply(patches: readonly TextPatch[]): void {
    const sorted = [...patches].sort((a, b) => a.start - b.start)
    if (sorted.length === 0 || !this.source.sound) return
    this.patches = composePatches(this.#before, this.patches, sorted)
    this.source = rereadSource(applyPatches(this.source.text, sorted), this.source)
  }

  valueAt(path: Path): Json | undefined {
    let value: Json | undefined = this.source.value
    for (const step of path) {
      if (Array.isArray(value)) value = value[Number(step)]
      else if (isRecord(value) && Object.hasOwn(value, step)) value = value[step]
      else return undefined
    }
    return value
  }

  set(path: Path, value: Json, options: SpliceOptions = {}): void {
    const old = this.valueAt(path)
    if (equal(old, value) && old !== undefined) return
    const place = placeAt(this.source, path)
    const own = place && !place.inherited ? place.value : null
    if (isRecord(old) && isRecord(value) && isMap(own) && shareKey(old, value))
      this.#setEntries(path, old, value, options)
    else if (Array.isArray(old) && Array.isArray(value) && isSeq(own) && old.length > 0 && value.length > 0) {
      this.#setItems(path, old, value, options)
    } else this.apply(setPatches(this.source, path, value, options))
  }

  #setEntries(
    path: Path,
    old: { readonly [key: string]: Json },
    value: { readonly [key: string]: Json },
    options: SpliceOptions,
  ): void {
    const { order: _, ...inner } = options
    const gone = Object.keys(old).filter((key) => !Object.hasOwn(value, key))
    this.removeMany(path, gone)
    for (const key of Object.keys(value)) this.set([...path, key], value[key]!, inner)
  }

  /** Keeps what both lists begin and end with. */
  #setItems(path: Path, old: readonly Json[], value: readonly Json[], options: SpliceOptions): void {
    const shorter = Math.min(old.length, value.length)
    let head = 0
    while (head < shorter && equal(old[head], value[head])) head++
    let tail = 0
    while (tail < shorter - head && equal(old[old.length - 1 - tail], value[value.length - 1 - tail])) tail++
    const both = Math.min(old.length, value.length) - tail
    for (let index = head; index < both; index++) this.set([...path, index], value[index]!, options)
    const surplus = Array.from({ length: Math.max(0, old.length - tail - both) }, (_, at) => both + at)
    this.removeMany(path, surplus)
    if (value.length <= old.length) return
    const seq = placeAt(this.source, path)?.value
    if (isSeq(seq))
      this.apply([insertItems(this.source, seq as YAMLSeq, both - 1, value.slice(both, value.length - tail))])
  }

  setEach(values: readonly (readonly [path: Path, value: Json])[]): void {
    const changed = values.filter(([path, value]) => !equal(this.valueAt(path), value))
    this.apply(changed.flatMap(([path, value]) => setPatches(this.source, path, value, {})))
  }

  remove(path: Path): void {
    const last = path.at(-1)
    if (last !== undefined) this.removeMany(path.slice(0, -1), [last])
  }

  removeMany(path: Path, steps: readonly (string | number)[]): void {
    const present = steps.filter((step) => this.valueAt([...path, step]) !== undefined)
    if (present.length === 0) return
    const place = placeAt(this.source, path)
    const container = place && !place.inherited ? place.value : null
    if (isSeq(container)) this.#removeFrom(path, container as YAMLSeq, present.map(Number))
    else if (isMap(container)) this.#removeKeys(path, container, present.map(String))
    else this.#unset(path, present)
  }

  #removeKeys(path: Path, map: YAMLMap, keys: readonly string[]): void {
    const gone = new Set(keys)
    const indexes = (map.items as KeyedPair[]).flatMap((pair, index) =>
      gone.has(String(pair.key.value)) ? [index] : [],
    )
    if (indexes.length > 0) this.#removeFrom(path, map, indexes)
    // What a merge key still brings in can only be set aside.
    this.#unset(
      path,
      keys.filter((key) => this.valueAt([...path, key]) != null),
    )
  }

  #unset(path: Path, keys: readonly (string | number)[]): void {
    for (const key of keys) this.apply(setPatches(this.source, [...path, key], null, {}))
  }

  #removeFrom(path: Path, container: YAMLMap | YAMLSeq, indexes: readonly number[]): void {
    if (indexes.length < container.items.length) {
      this.apply(removeEntries(this.source, container, indexes))
      return
    }
    const last = path.at(-1)
    const mustStay =
      path.length === 0 || (path[0] === 'tasks' && path.length <= 2) || (path[0] === 'groups' && path[2] === 'tasks')
    if (last === undefined) return
    if (!mustStay) {
      this.remove(path)
      return
    }
    const owner = placeAt(this.source, path.slice(0, -1))?.value
    const patch = isMap(owner) ? emptyCollection(this.source, owner, String(last)) : undefined
    if (patch) this.apply([patch])
  }
}

function shareKey(a: { readonly [key: string]: Json }, b: { readonly [key: string]: Json }): boolean {
  return Object.keys(a).some((key) => Object.hasOwn(b, key))
}

/** A value with the parts of `path` wrapped around it, over what `base` already has. */
function wrapped(base: Json | undefined, path: Path, value: Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (Array.isArray(base) && typeof step === 'number') {
    return base.map((item, index) => (index === step ? wrapped(item, rest, value) : item))
  }
  const copy: { [key: string]: Json } = Object.create(null)
  if (isRecord(base)) for (const key of Object.keys(base)) copy[key] = base[key]!
  copy[String(step)] = wrapped(isRecord(base) && Object.hasOwn(base, step) ? base[step] : undefined, rest, value)
  return copy
}

function setPatches(source: Source, path: Path, value: Json, options: SpliceOptions): readonly TextPatch[] {
  let container: Node | null = source.root
  let held: Json | undefined = source.value
  for (const [depth, step] of path.entries()) {
    const rest = path.slice(depth + 1)
    const patch = setStep({ source, container, held, options }, step, rest, value)
    if (patch) return [patch]
    container = placeAt(source, path.slice(0, depth + 1))?.value ?? null
    held = entryOf(held, step)
  }
  return []
}

interface Spot {
  readonly source: Source
  readonly container: Node | null
  /** What the container holds, merge keys applied. */
  readonly held: Json | undefined
  readonly options: SpliceOptions
}

function entryOf(held: Json | undefined, step: string | number): Json | undefined {
  if (Array.isArray(held)) return held[Number(step)]
  return isRecord(held) && Object.hasOwn(held, step) ? held[step] : undefined
}

/** The patch, if the value is set in this container; undefined where the way leads deeper. */
function setStep(spot: Spot, step: string | number, rest: Path, value: Json): TextPatch | undefined {
  const { source, container, options } = spot
  const before = entryOf(spot.held, step)
  if (isSeq(container)) {
    const index = Number(step)
    const item = container.items[index] as Node | null
    if (rest.length > 0 && (isMap(item) || isSeq(item))) return undefined
    return replaceItem(source, container as YAMLSeq, index, wrapped(before, rest, value), options)
  }
  if (!isMap(container)) return undefined
  const key = String(step)
  const pair = pairIn(container, key)
  if (!pair) return insertPair(source, container, key, wrapped(before, rest, value), options)
  if (rest.length === 0) return replaceValue(source, container, pair, value, options)
  if (isAlias(pair.value)) return overrideAlias(spot, container, pair, rest, value)
  if (isMap(pair.value) || isSeq(pair.value)) return undefined
  return replaceValue(source, container, pair, wrapped(undefined, rest, value), options)
}

/** `key: *base` becomes a map that merges `*base` and has the one value of its own. */
function overrideAlias(spot: Spot, map: YAMLMap, pair: KeyedPair, rest: Path, value: Json): TextPatch {
  const { source } = spot
  const base = entryOf(spot.held, String(pair.key.value))
  if (!isMap(dereference(source, pair.value))) return replaceValue(source, map, pair, wrapped(base, rest, value), {})
  const step = rest[0]!
  const override = wrapped(undefined, [step], wrapped(entryOf(base, step), rest.slice(1), value))
  const alias = source.text.slice(pair.value!.range![0], pair.value!.range![1])
  if (map.flow)
    return replaceWritten(source, pair, { type: 'inline', text: `{ <<: ${alias}, ${flowText(override).slice(2)}` })
  const indent = columnOf(source, map.range![0]) + 2
  const lines = [`${' '.repeat(indent)}<<: ${alias}`, ...blockLines(override, indent)]
  return replaceWritten(source, pair, { type: 'block', header: '', lines })
}
