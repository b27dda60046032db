import { documentOf, dropDocument, isEdited } from '../state/documents.ts'
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
