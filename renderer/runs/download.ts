import { api } from '../state/client.ts'
import { attempt, notify } from '../state/notices.ts'
import { useWorkspace } from '../state/workspace.ts'

/** Text, or bytes as base64. */
export interface FileContent {
  readonly content: string
  readonly encoding: 'utf8' | 'base64'
}

export function saveText(name: string, text: string): Promise<void> {
  return saveFile(name, { content: text, encoding: 'utf8' })
}

/** Asks where to (desktop) or downloads (web). The person is told what came of it. */
export async function saveFile(name: string, file: FileContent): Promise<void> {
  // What file systems refuse in names.
  const suggested = name.replace(/[\\/:*?"<>|]/g, '_')
  if (useWorkspace.getState().app?.capabilities.nativeDialogs === true) {
    const saved = await attempt('Save the file', () => api().shell.pickSaveFile({ suggested, ...file }))
    if (saved?.path) notify({ tone: 'success', title: 'Saved', where: saved.path })
    return
  }
  const url = URL.createObjectURL(blobOf(file))
  const link = Object.assign(document.createElement('a'), { href: url, download: suggested })
  link.click()
  // The download has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

function blobOf({ content, encoding }: FileContent): Blob {
  if (encoding === 'utf8') return new Blob([content], { type: 'text/plain;charset=utf-8' })
  return new Blob([Uint8Array.from(atob(content), (character) => character.charCodeAt(0))])
}
