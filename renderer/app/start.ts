import { followBadges } from '../canvas/badges.ts'
import { listenForClipboard } from '../canvas/clipboard.ts'
import { controls } from '../canvas/controls.ts'
import type { Point } from '../canvas/geometry.ts'
import { followLensWords } from '../canvas/lensWords.ts'
import type { Connection } from '../rpc/client.ts'
import { followAnalysis } from '../state/analysis.ts'
import { followComparison } from '../state/comparison.ts'
import { followDiskChanges } from '../state/diskChanges.ts'
import { activeDocument, isEdited, useDocuments } from '../state/documents.ts'
import { followFiles } from '../state/files.ts'
import { followNextRun } from '../state/nextRun.ts'
import { followObjectives } from '../state/objectives.ts'
import { followPins } from '../state/pins.ts'
import { followPipelineHistory } from '../state/pipelineHistory.ts'
import { followRemovals } from '../state/removedRun.ts'
import { followRuns } from '../state/runs.ts'
import { followSloReport } from '../state/sloReport.ts'
import { followVersions } from '../state/versions.ts'
import { followSystemTheme, loadSettings } from '../state/view.ts'
import { followWhatIf } from '../state/whatIf.ts'
import { loadAppInfo, loadRecent, openInitialWorkspace, useWorkspace } from '../state/workspace.ts'
import { registerAllCommands } from './allCommands.ts'
import { listenForKeys } from './commands.ts'
import { listenForDroppedFiles } from './droppedFiles.ts'
import { followTabs } from './keptTabs.ts'
import { followChosenRun, showFirstPipeline } from './session.ts'
import { followShell } from './shell.ts'

let begun = false

/** Starts everything that lives as long as the window. Returns the way to stop listening. */
export function startApp(status: Connection['status']): () => void {
  const stops = [
    listenForKeys(),
    listenForClipboard(pointerOnCanvas),
    followFiles(),
    followDiskChanges(),
    followRemovals(),
    followRuns(),
    followObjectives(),
    followChosenRun(),
    followTabs(),
    followAnalysis(),
    followNextRun(),
    followPipelineHistory(),
    followComparison(),
    followVersions(),
    followWhatIf(),
    followLensWords(),
    followBadges(),
    followSloReport(),
    followPins(),
    guardUnsaved(),
    listenForDroppedFiles(),
    followTitle(),
  ]
  if (!begun) {
    begun = true
    registerAllCommands()
    followSystemTheme()
    void begin()
  }
  void status
  return () => {
    for (const stop of stops) stop()
  }
}

/** Where a paste goes: under the pointer if it is over the canvas. */
function pointerOnCanvas(): Point | null {
  const canvas = controls()
  const pointer = canvas?.pointer()
  return canvas && pointer ? canvas.toCanvas(pointer) : null
}

async function begin(): Promise<void> {
  await Promise.all([loadAppInfo(), loadSettings()])
  void followShell()
  void loadRecent()
  const opened = await openInitialWorkspace()
  if (opened) await showFirstPipeline(opened.file)
}

/** A browser asks before the tab with unsaved work closes; the desktop has its own question. */
function guardUnsaved(): () => void {
  const beforeUnload = (event: BeforeUnloadEvent) => {
    const { app } = useWorkspace.getState()
    if (app?.host !== 'desktop' && useDocuments.getState().open.some(isEdited)) event.preventDefault()
  }
  window.addEventListener('beforeunload', beforeUnload)
  return () => window.removeEventListener('beforeunload', beforeUnload)
}

function followTitle(): () => void {
  const show = () => {
    const document = activeDocument()
    const workspace = useWorkspace.getState().info?.name
    const parts = [document && `${isEdited(document) ? '● ' : ''}${document.path}`, workspace, 'Dagwright']
    const title = parts.filter(Boolean).join(' – ')
    if (window.document.title !== title) window.document.title = title
  }
  show()
  const stops = [useDocuments.subscribe(show), useWorkspace.subscribe(show)]
  return () => {
    for (const stop of stops) stop()
  }
}
