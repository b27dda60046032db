import { applyPatches, invertPatches, type TextPatch } from '#shared/model/patch.ts'

/**
 * The undo stack of one document: text patches with labels. Pure; the documents store owns an instance per open tab.
 */

export { applyPatches, type TextPatch }

export interface Edit {
  /** What was done, for "Undo rename": sentence case, no full stop. */
  readonly label: string
  /** Successive edits with the same key become one step: within `MERGE_WINDOW_MS`, or whenever with `pauses`. */
  readonly mergeKey: string | null
  readonly pauses?: boolean
  /** Milliseconds on the caller's clock. */
  readonly at: number
  readonly forward: readonly TextPatch[]
  readonly backward: readonly TextPatch[]
}

export interface History {
  readonly done: readonly Edit[]
  readonly undone: readonly Edit[]
}

export const NO_HISTORY: History = { done: [], undone: [] }

const MERGE_WINDOW_MS = 1_000
/** Enough for a day of work; a stack without an end would keep every pasted megabyte. */
const MOST_EDITS = 1_000

/** One patch from `before` to `after` that leaves their equal beginning and end alone; null where nothing differs. */
export function differencePatch(before: string, after: string): TextPatch | null {
  if (before === after) return null
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
  let tail = 0
  while (
    tail < shorter - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++
  }
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) }
}

/** Records an edit made to `before`, by patches in any order that do not overlap; what was undone can't be done again after it. */
export function recordEdit(
  history: History,
  before: string,
  patches: readonly TextPatch[],
  facts: Omit<Edit, 'forward' | 'backward'>,
): History {
  const forward = inOrder(patches)
  const edit: Edit = { ...facts, forward, backward: invertPatches(before, forward) }
  const last = history.done.at(-1)
  if (last && history.undone.length === 0 && merges(last, edit)) {
    return { done: [...history.done.slice(0, -1), mergeEdits(before, last, edit)], undone: [] }
  }
  return { done: [...history.done, edit].slice(-MOST_EDITS), undone: [] }
}

/** The text before the last edit and the history that follows; null where there is nothing to undo. */
export function undoEdit(history: History, text: string): { text: string; history: History; edit: Edit } | null {
  const edit = history.done.at(-1)
  if (!edit) return null
  return {
    text: applyPatches(text, edit.backward),
    history: { done: history.done.slice(0, -1), undone: [...history.undone, edit] },
    edit,
  }
}

/** As `undoEdit`, forwards. */
export function redoEdit(history: History, text: string): { text: string; history: History; edit: Edit } | null {
  const edit = history.undone.at(-1)
  if (!edit) return null
  return {
    text: applyPatches(text, edit.forward),
    history: { done: [...history.done, edit], undone: history.undone.slice(0, -1) },
    edit,
  }
}

function merges(last: Edit, edit: Edit): boolean {
  if (last.mergeKey === null || last.mergeKey !== edit.mergeKey) return false
  return edit.pauses === true || edit.at - last.at <= MERGE_WINDOW_MS
}

function mergeEdits(before: string, last: Edit, edit: Edit): Edit {
  const first = applyPatches(before, last.backward)
  const patch = differencePatch(first, applyPatches(before, edit.forward))
  const patches = patch ? [patch] : []
  return { ...edit, forward: patches, backward: invertPatches(first, patches) }
}

function inOrder(patches: readonly TextPatch[]): readonly TextPatch[] {
  return [...patches].sort((a, b) => a.start - b.start || a.end - b.end)
}
