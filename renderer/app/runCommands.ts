import {
  ArrowDownFromLine,
  ArrowDownUp,
  ArrowUpToLine,
  FileDiff,
  FolderClock,
  GitCompareArrows,
  History,
  type LucideIcon,
  Pin,
  PinOff,
  Play,
  RotateCcw,
  RotateCw,
  SlidersHorizontal,
  Square,
  StepForward,
} from 'lucide-react'
import type { Selection } from '#shared/journal/event.ts'
import { hasErrors } from '#shared/model/document.ts'
import { selectionBetween } from '#shared/scheduler/selection.ts'
import { markItems } from '../runs/mark-menu.ts'
import { isUnfinished } from '../runs/unfinished.ts'
import { openAsRun } from '../state/asRun.ts'
import { compareWith, runBefore } from '../state/comparison.ts'
import { activeDocument } from '../state/documents.ts'
import { saveDocument } from '../state/files.ts'
import { notify } from '../state/notices.ts'
import { pinOf, pinRunOutputs, runToPinFrom, unpin, usePins } from '../state/pins.ts'
import { leaveReplay, stepReplay, toggleReplay } from '../state/replay.ts'
import { cancelRun, openRunDialog, resumeRun, runAgain, startRun, useRuns } from '../state/runs.ts'
import { useSelection } from '../state/selection.ts'
import { showBottom } from '../state/view.ts'
import type { MenuItem } from '../ui/menuItem.ts'
import type { Command } from './commands.ts'

const hasTasks = () => (activeDocument()?.pipeline?.tasks.length ?? 0) > 0
const chosen = () => useRuns.getState().summaries.find((summary) => summary.run === useRuns.getState().chosen) ?? null
const ended = () => {
  const summary = chosen()
  return summary !== null && !summary.live
}
const selectedTasks = () => [...useSelection.getState().tasks]
const lead = () => useSelection.getState().lead
const hasLead = () => lead() !== null
const between = () => selectionBetween(activeDocument()?.pipeline ?? { tasks: [] }, selectedTasks())
const leadPin = () => {
  const task = activeDocument()?.pipeline?.tasks.find(({ id }) => id === lead())
  return task === undefined ? null : pinOf(usePins.getState().byTask, task)
}

export const runCommands: readonly Command[] = [
  {
    id: 'run.start',
    title: 'Run',
    group: 'Run',
    icon: Play,
    shortcuts: ['Mod+Enter'],
    scope: 'everywhere',
    when: hasTasks,
    run: () => void start(),
  },
  {
    id: 'run.withParameters',
    title: 'Run with parameters…',
    words: 'preview dry run plan slots logical date fail fast pins cache',
    group: 'Run',
    icon: SlidersHorizontal,
    shortcuts: ['Mod+Shift+Enter'],
    scope: 'everywhere',
    when: hasTasks,
    run: () => openRunDialog(),
  },
  partCommand('run.fromHere', 'Run from the selected task', ArrowDownFromLine, hasLead, () => ({
    from: [lead() ?? ''],
  })),
  partCommand('run.upToHere', 'Run up to the selected task', ArrowUpToLine, hasLead, () => ({ upTo: [lead() ?? ''] })),
  partCommand(
    'run.between',
    'Run from the first to the last selected task',
    ArrowDownUp,
    () => between() !== null,
    () => between() ?? {},
  ),
  partCommand(
    'run.selected',
    'Run only the selected tasks',
    Play,
    () => selectedTasks().length > 0,
    () => ({ only: selectedTasks() }),
  ),
  {
    id: 'run.cancel',
    title: 'Cancel the run',
    group: 'Run',
    icon: Square,
    when: () => useRuns.getState().live,
    run: () => {
      const { chosen: run, whole } = useRuns.getState()
      if (run) void cancelRun(run, whole?.cancelling ?? false)
    },
  },
  {
    id: 'run.again',
    title: 'Run again with the same parameters',
    group: 'Run',
    icon: RotateCw,
    when: ended,
    run: () => void again('all'),
  },
  {
    id: 'run.failed',
    title: 'Rerun failed tasks',
    words: 'retry again',
    icon: RotateCcw,
    group: 'Run',
    when: () => {
      const summary = chosen()
      return summary !== null && isUnfinished(summary)
    },
    run: () => void again('failed'),
  },
  {
    id: 'run.asRun',
    title: 'Open the pipeline as it was in this run',
    group: 'Run',
    icon: FolderClock,
    when: () => useRuns.getState().chosen !== null,
    run: () => void openAsRun(useRuns.getState().chosen ?? ''),
  },
  {
    id: 'run.replay',
    title: 'Replay the run, or pause it',
    group: 'Run',
    icon: History,
    when: () => useRuns.getState().whole !== null,
    run: () => {
      showBottom('timeline')
      toggleReplay()
    },
  },
  {
    id: 'run.replayNext',
    title: 'Replay: to the next event',
    group: 'Run',
    when: () => useRuns.getState().replayAt !== null,
    run: () => stepReplay(1),
  },
  {
    id: 'run.replayBefore',
    title: 'Replay: to the event before',
    group: 'Run',
    when: () => useRuns.getState().whole !== null,
    run: () => stepReplay(-1),
  },
  {
    id: 'run.replayEnd',
    title: 'Replay: back to the end',
    group: 'Run',
    when: () => useRuns.getState().replayAt !== null,
    run: leaveReplay,
  },
  {
    id: 'run.changes',
    title: 'What changed since the last success',
    words: 'changes why failed',
    group: 'Run',
    icon: FileDiff,
    when: () => useRuns.getState().chosen !== null,
    run: () => showBottom('changes'),
  },
  {
    id: 'run.compare',
    title: 'Compare the run with the one before',
    group: 'Run',
    icon: GitCompareArrows,
    when: () => ended() && runBefore(useRuns.getState().chosen ?? '') !== null,
    run: () => {
      const run = useRuns.getState().chosen ?? ''
      const before = runBefore(run)
      if (before !== null) void compareWith(before, run)
    },
  },
  {
    id: 'run.pin',
    title: "Pin the selected task's outputs of the run",
    group: 'Run',
    icon: Pin,
    when: () => hasLead() && runToPinFrom() !== null,
    run: () => void pinRunOutputs(lead() ?? ''),
  },
  {
    id: 'run.unpin',
    title: 'Unpin the selected task',
    group: 'Run',
    icon: PinOff,
    when: () => leadPin() !== null,
    run: () => {
      const pin = leadPin()
      if (pin !== null) void unpin(pin)
    },
  },
  ...markCommands(),
  {
    id: 'run.resume',
    title: 'Resume the interrupted run',
    group: 'Run',
    icon: StepForward,
    when: () => chosen()?.state === 'interrupted',
    run: () => void resumeRun(useRuns.getState().chosen ?? ''),
  },
]

/** As in the menu of a task: for the selected one, in the chosen run. */
function markCommands(): readonly Command[] {
  const titles = {
    markSuccess: 'Mark the selected task a success',
    markFailed: 'Mark the selected task failed',
    clear: 'Clear the selected task with its downstream',
    clearOnly: 'Clear only the selected task',
  }
  const item = (id: string) => {
    const items = markItems({ task: lead() ?? '', index: null })
    return items.find((one): one is Extract<MenuItem, { label: string; onSelect: () => void }> => one.id === id)
  }
  return Object.entries(titles).map(([id, title]) => ({
    id: `run.${id}`,
    title,
    group: 'Run',
    when: () => item(id) !== undefined && item(id)?.disabled !== true,
    run: () => item(id)?.onSelect(),
  }))
}

function partCommand(
  id: string,
  title: string,
  icon: LucideIcon,
  when: () => boolean,
  selection: () => Selection,
): Command {
  return { id, title, group: 'Run', icon, when, run: () => openRunDialog({ selection: selection() }) }
}

/** At once where there is nothing to ask; else the form, filled with the last values. */
async function start(): Promise<void> {
  const document = activeDocument()
  if (!document?.pipeline) return
  if (document.pipeline.params.size > 0) {
    openRunDialog()
    return
  }
  if (hasErrors(document.document)) {
    showBottom('problems')
    notify({
      tone: 'warning',
      title: 'The pipeline has errors and cannot run.',
      where: document.path,
      next: 'The Problems panel lists them.',
    })
    return
  }
  if (await saveDocument(document.path)) await startRun({ path: document.path, params: {} })
}

async function again(which: 'all' | 'failed'): Promise<void> {
  const run = useRuns.getState().chosen
  const path = chosen()?.file
  if (!run || (path && activeDocument()?.path === path && !(await saveDocument(path)))) return
  await runAgain(run, which)
}
