import { appErrorOf } from '#shared/contract/call-error.ts'
import type { DocumentContent } from '#shared/contract/data.ts'
import { api } from './client.ts'
import { noticeDiskChange } from './diskChanges.ts'
import {
  addDocument,
  changeDocument,
  documentOf,
  isEdited,
  newDocument,
  type OpenDocument,
  putDocument,
  showDocument,
  takeDiskText,
  useDocuments,
} from './documents.ts'
import { attempt, notify, notifyError } from './notices.ts'
import { workspaceRoot } from './workspace.ts'

/** Opening, saving and recovering documents: where the documents store meets the disk. */

/** Opens a file in a tab, or shows the tab that has it. False where it could not be read; the person was told. */
export async function openFile(path: string): Promise<boolean> {
  if (documentOf(path)) {
    showDocument(path)
    return true
  }
  const content = await attempt(`Open ${path}`, () => api().documents.read({ workspace: workspaceRoot(), path }))
  if (!content) return false
  putDocument(documentFrom(content))
  return true
}

/** Opens a tab behind the others without showing it; nothing where it is open or cannot be read. */
export async function openBehind(path: string): Promise<void> {
  if (documentOf(path)) return
  const content = await attempt(`Open ${path}`, () => api().documents.read({ workspace: workspaceRoot(), path }))
  if (content && !documentOf(path)) addDocument(documentFrom(content))
}

function documentFrom(content: DocumentContent): OpenDocument {
  const recovery = content.recovery && content.recovery.text !== content.text ? content.recovery : null
  return newDocument(content.path, content.text, {
    version: content.version,
    readOnly: content.readOnly,
    recovery: recovery && { text: recovery.text, savedAt: recovery.savedAt },
  })
}

/**
 * True once the text is on disk. Where the file changed on disk meanwhile the document gets a `conflict` and the person
 * is asked; `force` writes over it.
 */
export async function saveDocument(path: string, options: { readonly force?: boolean } = {}): Promise<boolean> {
  const document = documentOf(path)
  if (!document || document.saving) return false
  if (document.asRun) {
    notify({
      tone: 'warning',
      title: 'This is the pipeline as it was when the run began.',
      where: document.path,
      next: `Open ${document.asRun.file} to run or save it, or save this under another name.`,
    })
    return false
  }
  if (!isEdited(document) && !document.gone && !options.force) return true
  const { text } = document
  changeDocument(path, (current) => ({ ...current, saving: true }))
  try {
    const { version } = await api().documents.write({
      workspace: workspaceRoot(),
      path,
      text,
      baseVersion: document.gone ? null : document.version,
      ...(options.force ? { force: true } : {}),
    })
    changeDocument(path, (current) => ({
      ...current,
      savedText: text,
      version,
      saving: false,
      conflict: null,
      gone: false,
      recovery: null,
    }))
    return true
  } catch (error) {
    changeDocument(path, (current) => ({ ...current, saving: false }))
    if (appErrorOf(error)?.code === 'FILE_CHANGED_ON_DISK') await noticeDiskChange(path)
    else notifyError(error, `Save ${path}`)
    return false
  }
}

/** Writes a text to a path that is not open yet and opens it. False where a file is there already, or it failed. */
export async function createFile(path: string, text: string): Promise<boolean> {
  const written = await attempt(`Save ${path}`, () =>
    api().documents.write({ workspace: workspaceRoot(), path, text, baseVersion: null }),
  )
  if (!written) return false
  putDocument(newDocument(path, text, { version: written.version, readOnly: false, recovery: null }))
  return true
}

/** The shown document under a new path, in a tab of its own. */
export async function saveDocumentAs(path: string, newPath: string): Promise<boolean> {
  const document = documentOf(path)
  return document ? createFile(newPath, document.text) : false
}

/** Takes or throws away the unsaved work of an earlier session. */
export async function answerRecovery(path: string, take: boolean): Promise<void> {
  const document = documentOf(path)
  if (!document?.recovery) return
  const { text } = document.recovery
  changeDocument(path, (current) => ({ ...current, recovery: null }))
  if (take) restoreText(path, text)
  else await discardRecovery(path)
}

function restoreText(path: string, text: string): void {
  const document = documentOf(path)
  if (!document) return
  const { savedText, version, beforeDisk } = document
  takeDiskText(path, { text, version: version ?? '' })
  changeDocument(path, (current) => ({ ...current, savedText, version, beforeDisk }))
}

export async function discardRecovery(path: string): Promise<void> {
  await attempt('Discard the recovery copy', () =>
    api().documents.discardRecovery({ workspace: workspaceRoot(), path }),
  )
}

const RECOVERY_DELAY_MS = 1_000

/** Keeps recovery copies of edited documents. Returns the way to stop. */
export function followFiles(): () => void {
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const stopKeeping = useDocuments.subscribe((state, before) => {
    for (const document of state.open) {
      const old = before.open.find((other) => other.path === document.path)
      if (!old || old.text === document.text || !isEdited(document)) continue
      clearTimeout(timers.get(document.path))
      timers.set(
        document.path,
        setTimeout(() => void keepRecovery(document.path), RECOVERY_DELAY_MS),
      )
    }
  })
  return () => {
    stopKeeping()
    for (const timer of timers.values()) clearTimeout(timer)
  }
}

async function keepRecovery(path: string): Promise<void> {
  const document = documentOf(path)
  if (!document || document.readOnly || !isEdited(document)) return
  const { text, version } = document
  await attempt(`Keep a recovery copy of ${path}`, () =>
    api().documents.saveRecovery({ workspace: workspaceRoot(), path, text, baseVersion: version }),
  )
}
