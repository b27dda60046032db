import { deleteSelection } from '../canvas/actions.ts'
import { openQuickPalette } from '../canvas/quickPalette.ts'
import { changeSelection, selectOnly, selectTask, useSelection } from '../state/selection.ts'
import { showInspector } from '../state/view.ts'
import { focusWhenDrawn } from './focusing.ts'
import type { OutlineRow } from './outlineRows.ts'
import { askAboutTasks } from './taskQuestion.ts'

/** What the outline lets its keys do. */
export interface OutlineActions {
  /** Index of the present row. */
  readonly at: number
  readonly last: number
  readonly closed: ReadonlySet<string>
  /** `extend`: what is selected stays selected. */
  readonly go: (index: number, extend?: boolean) => void
  readonly toParent: () => void
  readonly toggle: (group: string) => void
  readonly rename: (key: string) => void
  readonly openMenu: () => void
}

/** How many rows PageUp and PageDown go. */
const PAGE = 10

/** What a key does at a row. True where it meant something. */
export function outlineKey(
  event: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  row: OutlineRow,
  actions: OutlineActions,
): boolean {
  const { go, at, last, openMenu } = actions
  const { key, shiftKey } = event
  if (key === 'ArrowDown') go(at + 1, shiftKey)
  else if (key === 'ArrowUp') go(at - 1, shiftKey)
  else if (key === 'PageDown') go(at + PAGE)
  else if (key === 'PageUp') go(at - PAGE)
  else if (key === 'Home') go(0)
  else if (key === 'End') go(last)
  else if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) openMenu()
  else if (key === 'Delete' || key === 'Backspace') deleteRow(row, shiftKey)
  else if (key === 'F2' && row.type !== 'note') actions.rename(row.key)
  else return row.type === 'group' ? groupKey(key, row.group.id, actions) : memberKey(key, row, actions)
  return true
}

/** The row, or with it all that is selected. */
function deleteRow(row: OutlineRow, heal: boolean): void {
  const { tasks, groups, notes } = useSelection.getState()
  if (row.type === 'task' && !tasks.has(row.task.id)) selectTask(row.task.id)
  if (row.type === 'group' && !groups.has(row.group.id)) selectOnly('groups', [row.group.id])
  if (row.type === 'note' && !notes.has(row.note.id)) selectOnly('notes', [row.note.id])
  deleteSelection(heal)
}

function groupKey(key: string, group: string, { closed, toggle, toParent }: OutlineActions): boolean {
  const open = !closed.has(group)
  if (key === 'Enter' || (key === 'ArrowRight' && !open) || (key === 'ArrowLeft' && open)) toggle(group)
  else if (key === 'ArrowLeft') toParent()
  else return false
  return true
}

function memberKey(key: string, row: OutlineRow, { at, go, toParent }: OutlineActions): boolean {
  if (key === 'ArrowLeft') toParent()
  else if (key === 'Enter') {
    go(at)
    showInspector('task')
    focusInspector()
  } else return row.type === 'task' && taskKey(key.toLowerCase(), row.task.id)
  return true
}

function taskKey(key: string, task: string): boolean {
  const { tasks } = useSelection.getState()
  if (key === 'a') openQuickPalette({ at: null, from: task })
  else if (key === 'l') askAboutTasks('link', [task])
  else if (key === 'u') askAboutTasks('unlink', [task])
  else if (key === 'g') askAboutTasks('group', tasks.has(task) ? tasks : [task])
  else if (key === ' ') changeSelection('tasks', new Map([[task, !tasks.has(task)]]))
  else return false
  return true
}

export function focusInspector(): void {
  const inPanel = '[data-part="inspector"] [role="tabpanel"]'
  focusWhenDrawn(`${inPanel} :is(input, textarea):enabled`, `${inPanel} button:enabled`)
}
