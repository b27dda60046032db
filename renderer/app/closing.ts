import { documentOf, dropDocument, isEdited, showDocument, useDocuments } from '../state/documents.ts'
import { discardRecovery, saveDocument } from '../state/files.ts'
import { askToSave } from './question.ts'

/** Closes a tab; unsaved work is asked about. False where it stays open. */
export async function closeDocument(path: string): Promise<boolean> {
  const document = documentOf(path)
  if (!document) return true
  if (isEdited(document)) {
    const answer = await askToSave(path)
    if (answer === 'stay') return false
    if (answer === 'save' && !(await saveDocument(path))) return false
    if (answer === 'discard') await discardRecovery(path)
  }
  dropDocument(path)
  return true
}

/** Closes several tabs; ends at the first that stays open. */
async function closeAll(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const document = documentOf(path)
    // What is asked about is seen.
    if (document && isEdited(document)) showDocument(path)
    if (!(await closeDocument(path))) return
  }
}

export function otherTabs(path: string): readonly string[] {
  return tabs().filter((other) => other !== path)
}

export function tabsRightOf(path: string): readonly string[] {
  return tabs().slice(tabs().indexOf(path) + 1)
}

function tabs(): readonly string[] {
  return useDocuments.getState().open.map((document) => document.path)
}

export async function closeOthers(path: string): Promise<void> {
  await closeAll(otherTabs(path))
  showDocument(path)
}

export async function closeRight(path: string): Promise<void> {
  await closeAll(tabsRightOf(path))
}
