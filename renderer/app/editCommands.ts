import {
  ClipboardPaste,
  Copy,
  CopyPlus,
  Group,
  Pencil,
  Redo2,
  Scissors,
  Search,
  Trash2,
  Undo2,
  Ungroup,
} from 'lucide-react'
import { bringBack, deleteSelection, groupSelection, selectAll, ungroup } from '../canvas/actions.ts'
import { copySelection, duplicateSelection, pasteAt } from '../canvas/clipboard.ts'
import { currentNode } from '../canvas/selecting.ts'
import { startRenaming } from '../state/canvasView.ts'
import { activeDocument, redo, undo } from '../state/documents.ts'
import { useSelection } from '../state/selection.ts'
import { removedTask } from '../state/versions.ts'
import { showSide } from '../state/view.ts'
import type { Command } from './commands.ts'

const editable = () => activeDocument()?.pipeline != null
const hasTasks = () => useSelection.getState().tasks.size > 0
const hasAny = () => {
  const { tasks, edges, notes, groups } = useSelection.getState()
  return tasks.size + edges.size + notes.size + groups.size > 0
}

export const editCommands: readonly Command[] = [
  {
    id: 'edit.undo',
    title: 'Undo',
    group: 'Edit',
    icon: Undo2,
    shortcuts: ['Mod+Z'],
    when: () => (activeDocument()?.history.done.length ?? 0) > 0,
    run: undo,
  },
  {
    id: 'edit.redo',
    title: 'Redo',
    group: 'Edit',
    icon: Redo2,
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    when: () => (activeDocument()?.history.undone.length ?? 0) > 0,
    run: redo,
  },
  // The keys of these three are the system's copy, cut and paste events: see clipboard.ts.
  { id: 'edit.cut', title: 'Cut', group: 'Edit', icon: Scissors, when: hasTasks, run: () => void cut() },
  { id: 'edit.copy', title: 'Copy', group: 'Edit', icon: Copy, when: hasTasks, run: () => void copySelection() },
  {
    id: 'edit.paste',
    title: 'Paste',
    group: 'Edit',
    icon: ClipboardPaste,
    when: editable,
    run: () => void pasteAt(null),
  },
  {
    id: 'edit.duplicate',
    title: 'Duplicate',
    group: 'Edit',
    icon: CopyPlus,
    shortcuts: ['Mod+D'],
    when: hasTasks,
    run: duplicateSelection,
  },
  {
    id: 'edit.delete',
    title: 'Delete',
    group: 'Edit',
    icon: Trash2,
    shortcuts: ['Delete', 'Backspace'],
    scope: 'canvas',
    when: hasAny,
    run: () => deleteSelection(false),
  },
  {
    id: 'edit.deleteAndHeal',
    title: 'Delete and join the neighbours',
    group: 'Edit',
    shortcuts: ['Shift+Delete', 'Shift+Backspace'],
    scope: 'canvas',
    when: hasTasks,
    run: () => deleteSelection(true),
  },
  {
    id: 'edit.rename',
    title: 'Rename',
    group: 'Edit',
    icon: Pencil,
    shortcuts: ['F2'],
    scope: 'canvas',
    when: () => currentNode() !== null,
    run: () => startRenaming(currentNode()),
  },
  {
    id: 'edit.bringBack',
    title: 'Bring back the removed task',
    group: 'Edit',
    icon: Undo2,
    when: () => removedTask(useSelection.getState().lead) !== null,
    run: () => bringBack(useSelection.getState().lead ?? ''),
  },
  {
    id: 'edit.selectAll',
    title: 'Select all',
    group: 'Edit',
    shortcuts: ['Mod+A'],
    scope: 'canvas',
    when: editable,
    run: selectAll,
  },
  {
    id: 'edit.group',
    title: 'Group',
    group: 'Edit',
    icon: Group,
    shortcuts: ['Mod+G'],
    when: () => hasTasks() || useSelection.getState().groups.size > 0,
    run: groupSelection,
  },
  {
    id: 'edit.ungroup',
    title: 'Ungroup',
    group: 'Edit',
    icon: Ungroup,
    shortcuts: ['Mod+Shift+G'],
    when: () => useSelection.getState().groups.size > 0,
    run: () => {
      for (const id of useSelection.getState().groups) ungroup(id)
    },
  },
  {
    id: 'edit.find',
    title: 'Find tasks',
    group: 'Edit',
    icon: Search,
    shortcuts: ['Mod+F'],
    when: editable,
    run: () => showSide('search'),
  },
]

async function cut(): Promise<void> {
  if (await copySelection()) deleteSelection(false)
}
