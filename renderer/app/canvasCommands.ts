import { Link2, Link2Off, Maximize, Network, Plus, Replace, StickyNote, ZoomIn, ZoomOut } from 'lucide-react'
import { LAYOUT_ENGINES, MOST_DAGRE_TASKS } from '#shared/graph/layout-engine.ts'
import {
  addNoteAt,
  besideTask,
  layOut,
  neighboursOf,
  nudgeSelection,
  resizeNotes,
  selectReach,
} from '../canvas/actions.ts'
import { type Arrangement, arrangeSelection, countArranged } from '../canvas/arranging.ts'
import { controls } from '../canvas/controls.ts'
import { GRID } from '../canvas/geometry.ts'
import { nodeKind } from '../canvas/nodeId.ts'
import { openQuickPalette, openQuickPaletteAtPointer } from '../canvas/quickPalette.ts'
import { currentNode, selectNode } from '../canvas/selecting.ts'
import type { Direction } from '../canvas/walk.ts'
import { startRenaming, toggleCollapsed } from '../state/canvasView.ts'
import { activeDocument } from '../state/documents.ts'
import { clearSelection, selectOnly, useSelection } from '../state/selection.ts'
import { changeSettings, showInspector, useView } from '../state/view.ts'
import type { Command } from './commands.ts'
import { focusInspector } from './outlineKeys.ts'
import { askAboutTasks } from './taskQuestion.ts'

const drawn = () => controls() !== null
const lead = () => useSelection.getState().lead
const hasLead = () => lead() !== null
const selected = () => {
  const { tasks, notes, groups } = useSelection.getState()
  return tasks.size + notes.size + groups.size > 0
}
/** Id of the group around the current task or group; undefined: there is none. */
const groupAround = () => {
  const node = currentNode()
  const member = node === null ? '' : nodeKind(node).id
  return activeDocument()?.pipeline?.groups.find((group) => group.tasks.includes(member))?.id
}

const hasAny = () => {
  const { tasks, edges, notes, groups } = useSelection.getState()
  return tasks.size + edges.size + notes.size + groups.size > 0
}
const hasLinks = () => {
  const pipeline = activeDocument()?.pipeline
  const id = lead()
  if (!pipeline || id === null) return false
  return (['upstream', 'downstream'] as const).some((which) => neighboursOf(pipeline, id, which).length > 0)
}

const ARROWS: readonly (readonly [key: string, direction: Direction, dx: number, dy: number])[] = [
  ['ArrowLeft', 'left', -1, 0],
  ['ArrowRight', 'right', 1, 0],
  ['ArrowUp', 'up', 0, -1],
  ['ArrowDown', 'down', 0, 1],
]

const WHERE: Readonly<Record<Direction, string>> = {
  left: 'on the left',
  right: 'on the right',
  up: 'above',
  down: 'below',
}

const SIZES: Readonly<Record<Direction, string>> = {
  left: 'narrower',
  right: 'wider',
  up: 'lower',
  down: 'higher',
}

const ARRANGEMENTS: readonly (readonly [how: Arrangement, title: string])[] = [
  ['left', 'Align left edges'],
  ['centre', 'Align centres'],
  ['right', 'Align right edges'],
  ['top', 'Align top edges'],
  ['middle', 'Align middles'],
  ['bottom', 'Align bottom edges'],
  ['horizontally', 'Distribute horizontally'],
  ['vertically', 'Distribute vertically'],
]

export const canvasCommands: readonly Command[] = [
  {
    id: 'canvas.add',
    title: 'Add a task',
    group: 'Canvas',
    icon: Plus,
    when: () => drawn() && activeDocument()?.frozen === false,
    run: () => openQuickPalette({ at: null }),
  },
  {
    id: 'canvas.addAtPointer',
    title: 'Add a task at the pointer',
    group: 'Canvas',
    shortcuts: ['Tab'],
    scope: 'canvas',
    keyOnly: true,
    when: () => document.activeElement?.matches('[data-canvas]') === true && activeDocument()?.frozen === false,
    run: openQuickPaletteAtPointer,
  },
  {
    id: 'canvas.addNote',
    title: 'Add a note',
    group: 'Canvas',
    icon: StickyNote,
    when: drawn,
    run: () => addNoteAt(controls()?.centre() ?? [0, 0]),
  },
  {
    id: 'canvas.layout',
    title: 'Lay out all tasks',
    group: 'Canvas',
    icon: Network,
    shortcuts: ['Mod+L'],
    when: drawn,
    run: () => void layOut('all'),
  },
  {
    id: 'canvas.layoutSelection',
    title: 'Lay out the selection',
    group: 'Canvas',
    shortcuts: ['Mod+Shift+L'],
    when: () => useSelection.getState().tasks.size > 1,
    run: () => void layOut('selection'),
  },
  ...LAYOUT_ENGINES.map(
    (engine): Command => ({
      id: `canvas.layoutEngine.${engine}`,
      title: `Layout engine: ${engine === 'dagre' ? `dagre (up to ${MOST_DAGRE_TASKS} tasks)` : 'Dagwright'}`,
      group: 'Canvas',
      when: () => useView.getState().settings.layoutEngine !== engine,
      run: () => void changeSettings({ layoutEngine: engine }),
    }),
  ),
  {
    id: 'canvas.open',
    title: 'Open what is selected: a task, a note, a group',
    group: 'Canvas',
    shortcuts: ['Enter'],
    scope: 'canvas',
    when: hasAny,
    run: openCurrent,
  },
  {
    id: 'canvas.selectGroup',
    title: 'Select the group around it',
    group: 'Canvas',
    shortcuts: ['Alt+ArrowUp'],
    scope: 'canvas',
    when: () => groupAround() !== undefined,
    run: () => selectOnly('groups', [groupAround() ?? '']),
  },
  {
    id: 'canvas.addAfter',
    title: 'Add a task after the selected one',
    group: 'Canvas',
    shortcuts: ['A'],
    scope: 'canvas',
    when: hasLead,
    run: () => openQuickPalette({ at: besideTask(lead() ?? ''), from: lead() ?? '' }),
  },
  {
    id: 'canvas.link',
    title: 'Link the task to…',
    group: 'Canvas',
    icon: Link2,
    shortcuts: ['L'],
    scope: 'canvas',
    when: hasLead,
    run: () => askAboutTasks('link', [lead() ?? '']),
  },
  {
    id: 'canvas.unlink',
    title: 'Remove a link of the task…',
    group: 'Canvas',
    icon: Link2Off,
    shortcuts: ['U'],
    scope: 'canvas',
    when: hasLinks,
    run: () => askAboutTasks('unlink', [lead() ?? '']),
  },
  {
    id: 'canvas.moveToGroup',
    title: 'Move to a group…',
    group: 'Canvas',
    shortcuts: ['G'],
    scope: 'canvas',
    when: hasLead,
    run: () => askAboutTasks('group', useSelection.getState().tasks),
  },
  {
    id: 'canvas.selectUpstream',
    title: 'Select everything the task needs',
    group: 'Canvas',
    when: hasLead,
    run: () => selectReach(lead() ?? '', 'upstream'),
  },
  {
    id: 'canvas.selectDownstream',
    title: 'Select everything that needs the task',
    group: 'Canvas',
    when: hasLead,
    run: () => selectReach(lead() ?? '', 'downstream'),
  },
  {
    id: 'canvas.clearSelection',
    title: 'Select nothing',
    group: 'Canvas',
    shortcuts: ['Escape'],
    scope: 'canvas',
    keyOnly: true,
    run: clearSelection,
  },
  ...ARRANGEMENTS.map(
    ([how, title]): Command => ({
      id: `canvas.arrange.${how}`,
      title,
      group: 'Canvas',
      when: () => countArranged() > (how === 'horizontally' || how === 'vertically' ? 2 : 1),
      run: () => arrangeSelection(how),
    }),
  ),
  {
    id: 'canvas.replace',
    title: 'Replace the task with…',
    group: 'Canvas',
    icon: Replace,
    when: hasLead,
    run: () => openQuickPalette({ at: null, replace: lead() ?? '' }),
  },
  ...walkCommands(),
  ...nudgeCommands(),
  ...resizeCommands(),
  {
    id: 'view.fit',
    title: 'Zoom to fit',
    group: 'Canvas',
    icon: Maximize,
    shortcuts: ['Shift+1'],
    when: drawn,
    run: () => controls()?.fit(),
  },
  {
    id: 'view.fitSelection',
    title: 'Zoom to the selection',
    group: 'Canvas',
    shortcuts: ['Shift+2'],
    when: () => drawn() && useSelection.getState().tasks.size > 0,
    run: () => controls()?.fit([...useSelection.getState().tasks]),
  },
  {
    id: 'view.actualSize',
    title: 'Show at 100 %',
    group: 'Canvas',
    shortcuts: ['0', 'Mod+0'],
    when: drawn,
    run: () => controls()?.zoomTo(1),
  },
  {
    id: 'view.zoomIn',
    title: 'Zoom in',
    group: 'Canvas',
    icon: ZoomIn,
    shortcuts: ['+', '=', 'Mod++', 'Mod+='],
    when: drawn,
    run: () => controls()?.zoomBy(1.25),
  },
  {
    id: 'view.zoomOut',
    title: 'Zoom out',
    group: 'Canvas',
    icon: ZoomOut,
    shortcuts: ['-', 'Mod+-'],
    when: drawn,
    run: () => controls()?.zoomBy(1 / 1.25),
  },
]

function walkCommands(): readonly Command[] {
  return ARROWS.map(([key, direction]) => ({
    id: `canvas.walk.${direction}`,
    title: `Go to what stands ${WHERE[direction]}`,
    group: 'Canvas',
    shortcuts: [key],
    scope: 'canvas',
    keyOnly: true,
    run: () => walk(direction),
  }))
}

function nudgeCommands(): readonly Command[] {
  return ARROWS.map(([key, direction, dx, dy]) => ({
    id: `canvas.move.${direction}`,
    title: `Move the selection ${direction}`,
    group: 'Canvas',
    shortcuts: [`Shift+${key}`],
    scope: 'canvas',
    keyOnly: true,
    when: selected,
    run: () => nudgeSelection(dx * GRID, dy * GRID),
  }))
}

function resizeCommands(): readonly Command[] {
  return ARROWS.map(([key, direction, dx, dy]) => ({
    id: `canvas.resize.${direction}`,
    title: `Make the note ${SIZES[direction]}`,
    group: 'Canvas',
    shortcuts: [`Mod+Shift+${key}`],
    scope: 'canvas',
    keyOnly: true,
    when: () => useSelection.getState().notes.size > 0,
    run: () => resizeNotes(dx * GRID, dy * GRID),
  }))
}

/** A task in the inspector; a note to be written; a group as one card, or as what is in it. */
function openCurrent(): void {
  const node = currentNode()
  const { kind, id } = nodeKind(node ?? '')
  const path = activeDocument()?.path
  if (node !== null && kind === 'notes') startRenaming(node)
  else if (path && kind === 'groups') toggleCollapsed(path, id)
  else {
    showInspector('task')
    focusInspector()
  }
}

/** Without a selection: to the first task of the file. */
function walk(direction: Direction): void {
  const next = controls()?.step(currentNode(), direction)
  if (next === null || next === undefined) return
  selectNode(next, false)
  controls()?.reveal(next)
}
