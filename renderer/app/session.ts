import { documentOf, dropAllDocuments, isEdited, useDocuments } from '../state/documents.ts'
import { openFile, saveDocument } from '../state/files.ts'
import { chooseRun, loadRuns, useRuns } from '../state/runs.ts'
import { useView } from '../state/view.ts'
import { openWorkspace, useWorkspace } from '../state/workspace.ts'
import { openKeptTabs } from './keptTabs.ts'
import { askToSave } from './question.ts'

/** What happens between the stores when a workspace is opened or another pipeline is shown. */

/** After a workspace was opened: its runs, and the pipeline asked for or else its first one. */
export async function showFirstPipeline(file: string | null): Promise<void> {
  const root = useWorkspace.getState().info?.root
  await loadRuns()
  const { info } = useWorkspace.getState()
  if (!info || info.root !== root) return
  const path = file ?? rememberedFile(info.root) ?? info.pipelines[0]?.path ?? info.plans[0]
  const listed = info.pipelines.some((pipeline) => pipeline.path === path) || info.plans.some((plan) => plan === path)
  if (path && (file !== null || listed)) await openFile(path)
  await openKeptTabs(info)
}

/** Opens a folder or a pipeline file. What is unsaved is asked about first, if it means leaving the workspace. */
export async function openPath(path: string): Promise<void> {
  const before = useWorkspace.getState().info?.root
  if (before && !isInside(path, before) && !(await saveAllOrDiscard())) return
  const opened = await openWorkspace(path)
  if (!opened) return
  if (useWorkspace.getState().info?.root === before) {
    if (opened.file) await openFile(opened.file)
    return
  }
  dropAllDocuments()
  await chooseRun(null)
  await showFirstPipeline(opened.file)
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`) || path.startsWith(`${root}\\`)
}

/** Asks about every unsaved document. False where the person wants to stay. */
export async function saveAllOrDiscard(): Promise<boolean> {
  for (const { path } of useDocuments.getState().open.filter(isEdited)) {
    const answer = await askToSave(path)
    if (answer === 'stay') return false
    if (answer === 'save' && !(await saveDocument(path))) return false
  }
  return true
}

const fileKey = (root: string) => `dagwright.file.${root}`

function rememberedFile(root: string): string | null {
  return localStorage.getItem(fileKey(root))
}

/** The run chosen for each open pipeline, so that going back to a tab shows what it showed. */
const chosenFor = new Map<string, string | null>()

/** Chooses the run that paints a pipeline when it is shown: the one chosen before, else a live one, else the latest. */
export function followChosenRun(): () => void {
  let shown: string | null = null
  return useDocuments.subscribe(({ active }) => {
    if (active === shown) return
    if (shown !== null) chosenFor.set(shown, useRuns.getState().chosen)
    shown = active
    const root = useWorkspace.getState().info?.root
    if (active !== null && root && !documentOf(active)?.asRun) localStorage.setItem(fileKey(root), active)
    const asRun = active === null ? null : (documentOf(active)?.asRun?.run ?? null)
    const run = active === null ? null : (asRun ?? chosenFor.get(active) ?? latestRunOf(active))
    if (run !== null) useView.setState({ lens: asRun !== null || isLive(run) ? 'state' : 'critical' })
    void chooseRun(run)
  })
}

/** What a run that goes on is doing comes before where an ended one spent its time. */
function isLive(run: string): boolean {
  return useRuns.getState().summaries.some((summary) => summary.run === run && summary.live)
}

function latestRunOf(path: string): string | null {
  const id = documentOf(path)?.pipeline?.id
  const own = useRuns.getState().summaries.filter((summary) => summary.file === path || summary.pipeline === id)
  return (own.find((summary) => summary.live) ?? own[0])?.run ?? null
}
