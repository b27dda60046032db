import type { WorkspaceInfo } from '#shared/contract/data.ts'
import { moveDocument, useDocuments } from '../state/documents.ts'
import { openBehind } from '../state/files.ts'
import { useWorkspace } from '../state/workspace.ts'

/** The open tabs and their order outlast the window, for each workspace. */

const keyOf = (root: string) => `dagwright.tabs.${root}`

/** The workspace whose tabs are written down; another one still has to open those of its last time. */
let keptOf: string | null = null

/** Opens the tabs of the last time behind the one that is shown, in their order; from now on they are kept. */
export async function openKeptTabs({ root, pipelines, plans }: WorkspaceInfo): Promise<void> {
  keptOf = null
  const there = new Set([...pipelines.map((pipeline) => pipeline.path), ...plans])
  const before = keptTabs(root).filter((path) => there.has(path))
  for (const path of before) {
    await openBehind(path)
    if (useWorkspace.getState().info?.root !== root) return
  }
  for (const [index, path] of before.entries()) moveDocument(path, index)
  keptOf = root
  keep()
}

function keptTabs(root: string): readonly string[] {
  try {
    const paths: unknown = JSON.parse(localStorage.getItem(keyOf(root)) ?? '[]')
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}

function keep(): void {
  const root = useWorkspace.getState().info?.root
  if (root === undefined || root !== keptOf) return
  const files = useDocuments.getState().open.filter((document) => document.asRun === null)
  localStorage.setItem(keyOf(root), JSON.stringify(files.map((document) => document.path)))
}

/** Returns the way to stop. */
export function followTabs(): () => void {
  return useDocuments.subscribe(({ open }, before) => {
    const same = open.length === before.open.length && open.every(({ path }, at) => path === before.open[at]?.path)
    if (!same) keep()
  })
}
