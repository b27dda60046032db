import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml'
import { type Mention, mentionsIn } from '../expression/check.ts'
import type { PipelineDocument } from './document.ts'
import { type EditSession, edit } from './edit-session.ts'
import { refuseId, unknownTask } from './edit-task.ts'
import type { KeyedPair } from './geometry.ts'
import { ID_RULE, idFrom, isId } from './id.ts'
import type { TextPatch } from './patch.ts'
import type { Problem, Result } from './problem.ts'
import { recordOf, textsOf } from './reading.ts'
import { offsetInText } from './scalar-offset.ts'
import { type Path, placeAt } from './source.ts'
import { fieldsOfKind } from './task-schema.ts'
import { keyText, scalarText } from './yaml-text.ts'

/**
 * Gives a task another id. Everything that refers to it follows: needs, groups, canvas, `onSuccess`, `onFailure`, `forEach.each`, `branch` and the
 * expressions, those by their syntax trees. The old id is kept in `aliases`, so that the task's history follows too.
 */
export function renameTask(document: PipelineDocument, id: string, newId: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    if (session.valueAt(['tasks', id]) === undefined) return unknownTask(id)
    if (id === newId) return undefined
    const refusal = refuseId(session, newId, id)
    if (refusal) return refusal
    rewrite({ session, root: 'tasks', id, newId, patches: [], rewrites: [] }, renameReferences)
    const aliases = textsOf(recordOf(session.valueAt(['tasks', newId])).aliases)
    const kept = [...aliases.filter((alias) => alias !== newId && alias !== id), id]
    session.set(['tasks', newId, 'aliases'], kept, { order: fieldsOfKind('noop') })
    return undefined
  })
}

/**
 * Gives a parameter another name. The expressions that use it follow, by their syntax trees; its value, place and
 * comments stay. Earlier runs keep the old name.
 */
export function renameParameter(
  document: PipelineDocument,
  name: string,
  newName: string,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    if (name === newName && placeAt(session.source, ['params', name])) return undefined
    const refusal = refuseName(session, 'params', name, newName)
    if (refusal) return refusal
    rewrite({ session, root: 'params', id: name, newId: newName, patches: [], rewrites: [] }, (rename) => {
      renameKey(rename, 'params')
      for (const task of Object.keys(recordOf(session.valueAt(['tasks'])))) renameInTask(rename, task)
      for (const map of ['defaults', 'env']) {
        renameInTexts(rename, placeAt(session.source, [map])?.value ?? null, [map], false)
      }
      return rename.patches
    })
    return undefined
  })
}

/** Gives a pool of the file another name. The tasks that use it follow, and `defaults`; its slots, place and comments stay. */
export function renamePool(document: PipelineDocument, name: string, newName: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    if (name === newName && placeAt(session.source, ['pools', name])) return undefined
    const refusal = refuseName(session, 'pools', name, newName)
    if (refusal) return refusal
    const rename: Renaming = { session, id: name, newId: newName, patches: [] }
    renameKey(rename, 'pools')
    const tasks = Object.keys(recordOf(session.valueAt(['tasks'])))
    for (const holder of [['defaults'], ...tasks.map((task) => ['tasks', task])]) {
      renameScalar(rename, [...holder, 'pool'])
      renameScalar(rename, [...holder, 'pool', 'name'])
    }
    session.apply(rename.patches)
    return undefined
  })
}

const NAMED = {
  params: { word: 'parameter', unknown: 'UNKNOWN_PARAMETER', advice: '; any text can stand in `description`' },
  pools: { word: 'pool', unknown: 'UNKNOWN_POOL', advice: '' },
} as const

function refuseName(session: EditSession, map: keyof typeof NAMED, name: string, newName: string): Problem | undefined {
  const refusal = (code: string, message: string, hint: string): Problem => ({ code, severity: 'error', message, hint })
  const { word, unknown, advice } = NAMED[map]
  const place = placeAt(session.source, [map, name])
  if (!place) {
    return refusal(unknown, `There is no ${word} \`${name}\`.`, 'It may have been renamed or removed.')
  }
  if (place.inherited) {
    return refusal(
      'EDIT_NOT_POSSIBLE',
      `The ${word} \`${name}\` stands elsewhere in the file, behind an alias.`,
      'Rename it in the YAML view.',
    )
  }
  if (!isId(newName)) {
    return refusal(
      'BAD_ID',
      `\`${newName.slice(0, 80)}\` cannot be the name of a ${word}: it ${ID_RULE}.`,
      `\`${idFrom(newName)}\` could${advice}.`,
    )
  }
  if (session.valueAt([map, newName]) === undefined) return undefined
  return refusal('SAME_ID', `There is already a ${word} \`${newName}\`.`, 'Choose another name.')
}

interface Renaming {
  readonly session: EditSession
  readonly id: string
  readonly newId: string
  readonly patches: TextPatch[]
}

interface Rename extends Renaming {
  readonly root: 'tasks' | 'params'
  /** Texts that must be written anew, because the file writes them with escapes or folded. */
  readonly rewrites: { readonly path: Path; readonly value: string }[]
}

/** Applies what `collect` finds: first the texts that must be written anew, then the patches. */
function rewrite(rename: Rename, collect: (rename: Rename) => readonly TextPatch[]): void {
  const { session, rewrites } = rename
  const patches = collect(rename)
  for (const { path, value } of rewrites) session.set(path, value)
  // The rewritten texts may have moved what the patches speak of: they are made anew.
  session.apply(rewrites.length === 0 ? patches : collect({ ...rename, patches: [], rewrites: [] }))
}

function renameReferences(rename: Rename): readonly TextPatch[] {
  const { session } = rename
  for (const map of ['tasks', 'canvas']) renameKey(rename, map)
  const groups = recordOf(session.valueAt(['groups']))
  for (const group of Object.keys(groups)) renameInList(rename, ['groups', group, 'tasks'])
  return redirected(rename)
}

function redirected(rename: Rename): readonly TextPatch[] {
  const { session } = rename
  for (const handlers of ['onSuccess', 'onFailure']) renameInList(rename, [handlers])
  for (const task of Object.keys(recordOf(session.valueAt(['tasks'])))) {
    const path = ['tasks', task]
    renameInList(rename, [...path, 'needs'])
    renameScalar(rename, [...path, 'forEach', 'each'])
    renameScalar(rename, [...path, 'branch'])
    renameInTask(rename, task)
  }
  renameInTexts(rename, placeAt(session.source, ['defaults'])?.value ?? null, ['defaults'], false)
  return rename.patches
}

/** Lets everything that speaks of a task speak of another one: needs, handlers, `forEach.each`, `branch`, expressions. */
export function redirectReferences(session: EditSession, id: string, newId: string): void {
  rewrite({ session, root: 'tasks', id, newId, patches: [], rewrites: [] }, redirected)
}

function renameInTask(rename: Rename, task: string): void {
  const { session } = rename
  const path = ['tasks', task]
  const place = placeAt(session.source, path)
  const http = recordOf(session.valueAt(path)).kind === 'http'
  if (place && !place.inherited) renameInTexts(rename, place.value, path, http)
}

function renameKey({ session, id, newId, patches }: Renaming, map: string): void {
  const place = placeAt(session.source, [map, id])
  if (!place?.key?.range || place.inherited) return
  patches.push({ start: place.key.range[0], end: place.key.range[1], text: keyText(newId) })
}

function renameInList(rename: Rename, path: Path): void {
  const list = placeAt(rename.session.source, path)
  if (!list || list.inherited || !isSeq(list.value)) return
  list.value.items.forEach((item, index) => {
    renameScalar(rename, [...path, index])
    if (isMap(item)) renameScalar(rename, [...path, index, 'task'])
  })
}

/** A value that is nothing but the id. */
function renameScalar({ session, id, newId, patches }: Renaming, path: Path): void {
  const place = placeAt(session.source, path)
  if (!place || place.inherited || !isScalar(place.value) || place.value.value !== id) return
  const [start, end] = place.value.range!
  patches.push({ start, end, text: scalarText(newId, true) })
}

/** Fields for people, in which nothing is evaluated. */
export const PROSE: readonly string[] = ['name', 'docs', 'owner', 'tags']

/** Every text under a node that may hold expressions. */
function renameInTexts(rename: Rename, node: Node | null, path: Path, http: boolean): void {
  if (node === null || isAlias(node)) return
  if (isScalar(node)) {
    const bare = http && path.length === 4 && path[2] === 'outputs'
    renameMentions(rename, node, path, bare)
  } else if (isMap(node)) {
    for (const pair of node.items as KeyedPair[]) {
      const key = String(pair.key.value)
      const prose = path[0] !== 'env' && path.length <= 2 && PROSE.includes(key)
      if (!prose) renameInTexts(rename, pair.value, [...path, key], http)
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      renameInTexts(rename, item as Node | null, [...path, index], http)
    })
  }
}

function renameMentions(rename: Rename, node: Scalar, path: Path, bare: boolean): void {
  const { session, root, id, patches, rewrites } = rename
  const text = node.value
  if (typeof text !== 'string' || !text.includes(id)) return
  const texts = root === 'tasks' && path.at(-1) === 'branch'
  const mentions = mentionsIn(text, root, { bare, texts }).filter((mention) => mention.id === id)
  if (mentions.length === 0) return
  const quote = node.type === 'QUOTE_DOUBLE' ? "'" : '"'
  const changes = mentions.map((mention) => ({ mention, text: writtenMention(rename.newId, mention, quote) }))
  let value = text
  for (const { mention, text: written } of [...changes].reverse()) {
    value = value.slice(0, mention.start) + written + value.slice(mention.end)
  }
  const placed = changes.flatMap(({ mention, text: written }) => {
    const start = offsetInText(session.source, node, mention.start)
    const end = offsetInText(session.source, node, mention.end)
    return start === undefined || end === undefined ? [] : [{ start, end, text: written }]
  })
  // A plain scalar may need quotes now: brackets end it inside `{ }`.
  const fits = node.type !== 'PLAIN' || value.includes('[') === text.includes('[')
  if (fits && placed.length === changes.length) patches.push(...placed)
  else rewrites.push({ path, value })
}

/** Words of CEL that cannot stand behind a dot. */
const RESERVED =
  /^(?:in|as|break|const|continue|else|false|for|function|if|import|let|loop|namespace|null|package|return|true|var|void|while)$/

/** How an expression names a task or parameter in place of a mention of another. `quote`: where it needs quotes. */
export function writtenMention(newId: string, mention: Mention, quote: string): string {
  const literal = `${quote}${newId}${quote}`
  if (mention.form === 'text') return literal
  if (mention.form === 'bracket') return `[${literal}]`
  return /^[A-Za-z_]\w*$/.test(newId) && !RESERVED.test(newId) ? `.${newId}` : `[${literal}]`
}
