import { api } from '../state/client.ts'
import { newDocument, putDocument, useDocuments } from '../state/documents.ts'
import { openFile } from '../state/files.ts'
import { attempt, notify } from '../state/notices.ts'
import { useWorkspace, workspaceRoot } from '../state/workspace.ts'

const PIPELINE = /\.ya?ml$/i
const ENDING = /(?:\.dag)?\.ya?ml$/i

/**
 * Opens pipeline files that are dropped on the window. A page is not told where a file lies: what is not in the
 * workspace opens as a new file of it, unsaved. Returns the way to stop.
 */
export function listenForDroppedFiles(): () => void {
  const over = (event: DragEvent) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
    // Left alone the browser would leave the app to show the file.
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  }
  const drop = (event: DragEvent) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    void openDropped([...event.dataTransfer.files])
  }
  window.addEventListener('dragover', over)
  window.addEventListener('drop', drop)
  return () => {
    window.removeEventListener('dragover', over)
    window.removeEventListener('drop', drop)
  }
}

async function openDropped(files: readonly File[]): Promise<void> {
  if (!useWorkspace.getState().info) {
    notify({ tone: 'info', title: 'Open a folder first.', next: 'Then drop the file again: it opens in that folder.' })
    return
  }
  for (const file of files) {
    if (PIPELINE.test(file.name)) await openOne(file)
    else notify({ tone: 'warning', title: `${file.name} is no pipeline file.`, next: 'Drop a .dag.yaml file.' })
  }
}

async function openOne(file: File): Promise<void> {
  const text = await attempt(`Read ${file.name}`, () => file.text())
  const { info } = useWorkspace.getState()
  if (text === undefined || !info) return
  const known = info.pipelines.find(({ path }) => path === file.name || path.endsWith(`/${file.name}`))
  if (known && (await isOnDisk(known.path, text))) {
    await openFile(known.path)
    return
  }
  const taken = [...info.pipelines, ...useDocuments.getState().open].map((pipeline) => pipeline.path)
  const path = freePath(file.name, new Set(taken))
  putDocument(newDocument(path, text, { version: null, readOnly: false, recovery: null }))
  notify({ tone: 'info', title: `${file.name} is open as a new file.`, next: 'Save it to keep it in this folder.' })
}

/** Whether the file of the workspace is the one that was dropped, as far as can be told. */
async function isOnDisk(path: string, text: string): Promise<boolean> {
  const content = await attempt(`Read ${path}`, () => api().documents.read({ workspace: workspaceRoot(), path }))
  return content?.text === text
}

/** A file that is there is not written over. */
function freePath(name: string, taken: ReadonlySet<string>): string {
  const base = name.replace(ENDING, '')
  for (let number = 1; ; number++) {
    const path = `${base}${number === 1 ? '' : `_${number}`}.dag.yaml`
    if (!taken.has(path)) return path
  }
}
