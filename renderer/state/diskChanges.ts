import { keepsBothSides } from '#shared/model/merged-entries.ts'
import { type MergeChoice, mergedText, mergeTexts } from '#shared/model/text-merge.ts'
import { api } from './client.ts'
import {
  changeDocument,
  countErrors,
  type DiskText,
  documentOf,
  isEdited,
  type OpenDocument,
  showDocument,
  takeDiskText,
} from './documents.ts'
import { attempt, notify } from './notices.ts'
import { compareWithVersion } from './versions.ts'
import { showChanges } from './view.ts'
import { onWorkspaceChange, workspaceRoot } from './workspace.ts'

/** What becomes of an open document when its file changes on disk by something else. */

/** Returns the way to stop. */
export function followDiskChanges(): () => void {
  return onWorkspaceChange((change) => {
    if (change.type === 'file') void takeFileChange(change.path, change.version)
  })
}

async function takeFileChange(path: string, version: string | null): Promise<void> {
  const document = documentOf(path)
  if (!document || document.asRun || document.saving || document.version === version) return
  if (version !== null) return noticeDiskChange(path)
  changeDocument(path, (current) => ({ ...current, gone: true }))
  notify({
    tone: 'warning',
    title: 'The file was deleted or moved.',
    where: path,
    next: 'Your text is still open here. Save to write the file anew.',
  })
}

/** Reads the file again: taken silently where nothing was edited, else merged; the person decides what both changed. */
export async function noticeDiskChange(path: string): Promise<void> {
  const content = await attempt(`Read ${path}`, () => api().documents.read({ workspace: workspaceRoot(), path }))
  const document = documentOf(path)
  if (!content || !document || content.version === document.version) return
  if (!isEdited(document) || content.text === document.text) takeDiskText(path, content)
  else mergeDisk(document, content)
}

function mergeDisk(document: OpenDocument, { text, version }: DiskText): void {
  const most = Math.max(countErrors(document, document.text), countErrors(document, text))
  // What was never saved has nothing in common with a file that appears in its place.
  const base = document.version === null ? '' : document.savedText
  const merge = mergeTexts(base, document.text, text, {
    isSound: (merged) => countErrors(document, merged) <= most,
    keepsBoth: keepsBothSides(base, document.text, text),
  })
  if (merge.conflicts.length > 0) {
    changeDocument(document.path, (current) => ({ ...current, conflict: { text, version, merge } }))
    return
  }
  const merged = mergedText(merge, [])
  takeDiskText(document.path, { text, version }, merged)
  tellOfMerge(document.path, countErrors(document, merged) > most)
}

function tellOfMerge(path: string, worse: boolean): void {
  notify({
    tone: worse ? 'warning' : 'info',
    title: worse
      ? 'The file changed on disk. Its changes are merged into yours, and together they have errors.'
      : 'The file changed on disk. Its changes are merged into yours.',
    where: path,
    next: worse
      ? 'The Problems panel lists them; undo takes the merge back.'
      : 'Save to keep both; undo takes it back.',
    action: { label: 'Show changes', run: () => showDiskChanges(path) },
  })
}

function showDiskChanges(path: string): void {
  showDocument(path)
  compareWithVersion('disk')
  showChanges('file')
}

/** The conflicts decided, in their order: one step of undo. */
export function answerConflicts(path: string, choices: readonly MergeChoice[]): void {
  const conflict = documentOf(path)?.conflict
  if (conflict) takeDiskText(path, conflict, mergedText(conflict.merge, choices))
}

/** All of the file, and nothing of mine; undo brings mine back. */
export function takeFile(path: string): void {
  const conflict = documentOf(path)?.conflict
  if (conflict) takeDiskText(path, conflict)
}

/** Later: the text stays unsaved, and saving asks again. */
export function postponeConflict(path: string): void {
  changeDocument(path, (document) => ({ ...document, conflict: null }))
}
