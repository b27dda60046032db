import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceAround,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceAround,
  ArrowDownFromLine,
  ArrowDownUp,
  ArrowUpToLine,
  Combine,
  Copy,
  FoldVertical,
  Group,
  Link2Off,
  type LucideIcon,
  Network,
  Pencil,
  Pin,
  PinOff,
  Play,
  Plus,
  Replace,
  ScrollText,
  StickyNote,
  Trash2,
  Undo2,
  UnfoldVertical,
  Ungroup,
} from 'lucide-react'
import { selectionBetween } from '#shared/scheduler/selection.ts'
import { markItems } from '../runs/mark-menu.ts'
import { runBetweenLabel } from '../runs/part-text.ts'
import { canvasViewOf, startRenaming, toggleCollapsed } from '../state/canvasView.ts'
import { activeDocument } from '../state/documents.ts'
import { editPin, pinOf, pinRunOutputs, runToPinFrom, unpin, usePins } from '../state/pins.ts'
import { openRunDialog, useRuns } from '../state/runs.ts'
import { edgeEnds, selectOnly, selectTask, useSelection } from '../state/selection.ts'
import { removedTask } from '../state/versions.ts'
import { showInspector, showLog } from '../state/view.ts'
import type { MenuItem } from '../ui/menuItem.ts'
import {
  addNoteAt,
  besideTask,
  bringBack,
  deleteSelection,
  disconnectTasks,
  groupSelection,
  layOut,
  selectAll,
  selectReach,
  ungroup,
} from './actions.ts'
import type { Alignment } from './arrange.ts'
import { arrangeSelection, countArranged } from './arranging.ts'
import { copySelection, duplicateSelection, pasteAt } from './clipboard.ts'
import { controls } from './controls.ts'
import { type Point, tasksOfGroup } from './geometry.ts'
import { groupNodeId, nodeKind, noteNodeId } from './nodeId.ts'
import { openQuickPalette } from './quickPalette.ts'

export type MenuTarget =
  | { readonly type: 'canvas'; readonly at: Point }
  | { readonly type: 'node'; readonly id: string }
  | { readonly type: 'edge'; readonly id: string }
  | { readonly type: 'selection' }

/** The entries for what was clicked. A right click on something not selected selects it first, as everywhere. */
export function menuItems(target: MenuTarget): readonly MenuItem[] {
  if (target.type === 'canvas') return canvasItems(target.at)
  if (target.type === 'edge') return edgeItems(target.id)
  if (target.type === 'selection') return selectionItems()
  const { kind, id } = nodeKind(target.id)
  if (kind === 'groups') return groupItems(id)
  if (kind === 'notes') return noteItems(id)
  if (removedTask(id)) {
    return [{ id: 'back', label: 'Bring back', icon: Undo2, onSelect: () => bringBack(id) }]
  }
  const { tasks } = useSelection.getState()
  return tasks.size > 1 && tasks.has(id) ? selectionItems() : taskItems(id)
}

const separator = (id: string): MenuItem => ({ type: 'separator', id })

function taskItems(id: string): readonly MenuItem[] {
  const ran = (useRuns.getState().view?.tasks.get(id)?.instances ?? []).some((instance) => instance.attempts.length > 0)
  const only = (action: () => void) => () => {
    selectTask(id)
    action()
  }
  return [
    {
      id: 'from',
      label: 'Run from here',
      icon: ArrowDownFromLine,
      onSelect: () => openRunDialog({ selection: { from: [id] } }),
    },
    {
      id: 'upTo',
      label: 'Run up to here',
      icon: ArrowUpToLine,
      onSelect: () => openRunDialog({ selection: { upTo: [id] } }),
    },
    { id: 'only', label: 'Run only this', icon: Play, onSelect: () => openRunDialog({ selection: { only: [id] } }) },
    {
      id: 'log',
      label: 'Show the log',
      icon: ScrollText,
      disabled: !ran,
      onSelect: () => showLog({ task: id, index: null, attempt: null }),
    },
    ...marked(id),
    separator('pin'),
    ...pinItems(id),
    separator('edit'),
    { id: 'rename', label: 'Rename', icon: Pencil, shortcut: 'F2', onSelect: only(() => startRenaming(id)) },
    { id: 'duplicate', label: 'Duplicate', icon: Copy, shortcut: 'Mod+D', onSelect: only(duplicateSelection) },
    { id: 'copy', label: 'Copy', shortcut: 'Mod+C', onSelect: only(() => void copySelection()) },
    {
      id: 'after',
      label: 'Add a task after it',
      icon: Plus,
      onSelect: () => openQuickPalette({ at: besideTask(id), from: id }),
    },
    {
      id: 'replace',
      label: 'Replace with…',
      icon: Replace,
      onSelect: () => openQuickPalette({ at: null, replace: id }),
    },
    separator('select'),
    {
      type: 'submenu',
      id: 'selecting',
      label: 'Select',
      items: [
        { id: 'upstream', label: 'Everything it needs', onSelect: () => selectReach(id, 'upstream') },
        { id: 'downstream', label: 'Everything that needs it', onSelect: () => selectReach(id, 'downstream') },
      ],
    },
    { id: 'group', label: 'Group', icon: Group, shortcut: 'Mod+G', onSelect: only(groupSelection) },
    separator('delete'),
    { id: 'heal', label: 'Delete and join its neighbours', icon: Combine, onSelect: only(() => deleteSelection(true)) },
    {
      id: 'delete',
      label: 'Delete',
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      onSelect: only(() => deleteSelection(false)),
    },
  ]
}

function marked(id: string): readonly MenuItem[] {
  const items = markItems({ task: id, index: null })
  return items.length === 0 ? [] : [separator('mark'), ...items]
}

function pinItems(id: string): readonly MenuItem[] {
  const task = activeDocument()?.pipeline?.tasks.find((one) => one.id === id)
  if (task === undefined) return []
  const pin = pinOf(usePins.getState().byTask, task)
  const edit = () => {
    selectTask(id)
    showInspector('task')
    editPin(id)
  }
  return [
    {
      id: 'pin',
      label: useRuns.getState().chosen === null ? 'Pin outputs of the last run' : 'Pin outputs of this run',
      icon: Pin,
      disabled: runToPinFrom() === null,
      onSelect: () => void pinRunOutputs(id),
    },
    { id: 'editPin', label: pin === null ? 'Pin outputs by hand…' : 'Edit the pin…', onSelect: edit },
    ...(pin === null ? [] : [{ id: 'unpin', label: 'Unpin', icon: PinOff, onSelect: () => void unpin(pin) }]),
  ]
}

const ALIGNMENTS: readonly (readonly [how: Alignment, label: string, icon: LucideIcon])[] = [
  ['left', 'Left edges', AlignStartVertical],
  ['centre', 'Centres', AlignCenterVertical],
  ['right', 'Right edges', AlignEndVertical],
  ['top', 'Top edges', AlignStartHorizontal],
  ['middle', 'Middles', AlignCenterHorizontal],
  ['bottom', 'Bottom edges', AlignEndHorizontal],
]

function arrangeItems(): readonly MenuItem[] {
  const count = countArranged()
  return [
    {
      type: 'submenu',
      id: 'align',
      label: 'Align',
      items: ALIGNMENTS.map(([how, label, icon]) => ({
        id: how,
        label,
        icon,
        disabled: count < 2,
        onSelect: () => arrangeSelection(how),
      })),
    },
    {
      type: 'submenu',
      id: 'distribute',
      label: 'Distribute',
      items: (
        [
          ['horizontally', 'Horizontally', AlignHorizontalSpaceAround],
          ['vertically', 'Vertically', AlignVerticalSpaceAround],
        ] as const
      ).map(([how, label, icon]) => ({
        id: how,
        label,
        icon,
        disabled: count < 3,
        onSelect: () => arrangeSelection(how),
      })),
    },
  ]
}

function selectionItems(): readonly MenuItem[] {
  const tasks = [...useSelection.getState().tasks]
  const between = selectionBetween(activeDocument()?.pipeline ?? { tasks: [] }, tasks)
  return [
    ...(between === null
      ? []
      : [
          {
            id: 'between',
            label: runBetweenLabel(between),
            icon: ArrowDownUp,
            onSelect: () => openRunDialog({ selection: between }),
          },
        ]),
    {
      id: 'only',
      label: 'Run the selected tasks',
      icon: Play,
      onSelect: () => openRunDialog({ selection: { only: tasks } }),
    },
    separator('edit'),
    { id: 'duplicate', label: 'Duplicate', icon: Copy, shortcut: 'Mod+D', onSelect: duplicateSelection },
    { id: 'copy', label: 'Copy', shortcut: 'Mod+C', onSelect: () => void copySelection() },
    { id: 'group', label: 'Group', icon: Group, shortcut: 'Mod+G', onSelect: groupSelection },
    {
      id: 'layout',
      label: 'Lay out the selection',
      icon: Network,
      shortcut: 'Mod+Shift+L',
      onSelect: () => void layOut('selection'),
    },
    ...arrangeItems(),
    separator('delete'),
    { id: 'heal', label: 'Delete and join their neighbours', icon: Combine, onSelect: () => deleteSelection(true) },
    {
      id: 'delete',
      label: 'Delete',
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      onSelect: () => deleteSelection(false),
    },
  ]
}

function edgeItems(id: string): readonly MenuItem[] {
  const { from, to } = edgeEnds(id)
  return [
    {
      id: 'insert',
      label: 'Insert a task here',
      icon: Plus,
      onSelect: () => openQuickPalette({ at: controls()?.edgeMiddle(id) ?? null, edge: id }),
    },
    { id: 'from', label: `Select ${from}`, onSelect: () => selectTask(from) },
    { id: 'to', label: `Select ${to}`, onSelect: () => selectTask(to) },
    separator('delete'),
    { id: 'delete', label: 'Disconnect', icon: Link2Off, danger: true, onSelect: () => disconnectTasks(from, to) },
  ]
}

function groupItems(id: string): readonly MenuItem[] {
  const path = activeDocument()?.path
  const collapsed = path !== undefined && canvasViewOf(path).collapsed.has(id)
  const members = () => tasksOfGroup(activeDocument()?.pipeline?.groups ?? [], id)
  const select = (action: () => void) => () => {
    selectOnly('groups', [id])
    action()
  }
  return [
    {
      id: 'collapse',
      label: collapsed ? 'Expand' : 'Collapse to one card',
      icon: collapsed ? UnfoldVertical : FoldVertical,
      onSelect: () => path && toggleCollapsed(path, id),
    },
    {
      id: 'rename',
      label: 'Rename',
      icon: Pencil,
      shortcut: 'F2',
      onSelect: select(() => startRenaming(groupNodeId(id))),
    },
    { id: 'tasks', label: 'Select its tasks', onSelect: () => selectOnly('tasks', members()) },
    separator('ungroup'),
    {
      id: 'ungroup',
      label: 'Ungroup',
      icon: Ungroup,
      shortcut: 'Mod+Shift+G',
      onSelect: select(() => ungroup(id)),
    },
  ]
}

function noteItems(id: string): readonly MenuItem[] {
  const remove = () => {
    selectOnly('notes', [id])
    deleteSelection(false)
  }
  const write = () => {
    selectOnly('notes', [id])
    startRenaming(noteNodeId(id))
  }
  return [
    { id: 'write', label: 'Edit the note', icon: Pencil, shortcut: 'Enter', onSelect: write },
    separator('delete'),
    { id: 'delete', label: 'Delete the note', icon: Trash2, shortcut: 'Delete', danger: true, onSelect: remove },
  ]
}

function canvasItems(at: Point): readonly MenuItem[] {
  return [
    { id: 'add', label: 'Add a task', icon: Plus, shortcut: 'Tab', onSelect: () => openQuickPalette({ at }) },
    { id: 'note', label: 'Add a note', icon: StickyNote, onSelect: () => addNoteAt(at) },
    { id: 'paste', label: 'Paste', shortcut: 'Mod+V', onSelect: () => void pasteAt(at) },
    separator('all'),
    { id: 'select', label: 'Select all', shortcut: 'Mod+A', onSelect: selectAll },
    { id: 'layout', label: 'Lay out all tasks', icon: Network, shortcut: 'Mod+L', onSelect: () => void layOut('all') },
    { id: 'fit', label: 'Zoom to fit', shortcut: 'Shift+1', onSelect: () => controls()?.fit() },
  ]
}
