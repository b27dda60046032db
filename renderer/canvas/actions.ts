import { beyondDagre } from '#shared/graph/layout-engine.ts'
import { connect, disconnect, insertTaskOnEdge, removeTasks, wouldCloseCycle } from '#shared/model/edit-dependency.ts'
import { addGroup, removeGroup, setGroupField, setGroupTasks } from '#shared/model/edit-group.ts'
import { addNote, type NoteFields, removeNote, updateNote } from '#shared/model/edit-note.ts'
import { renameTask } from '#shared/model/edit-rename.ts'
import { replaceTask } from '#shared/model/edit-replace.ts'
import { restoreTask } from '#shared/model/edit-restore.ts'
import { addTask, changeTaskKind, moveTasks, type NewTask, newTaskId, setTaskField } from '#shared/model/edit-task.ts'
import { isId } from '#shared/model/id.ts'
import type { Pipeline, Task, TaskKind } from '#shared/model/pipeline.ts'
import { announceLayout, canvasViewOf, flashRefused, startRenaming } from '../state/canvasView.ts'
import { activeDocument, replaceText } from '../state/documents.ts'
import { notify } from '../state/notices.ts'
import { edgeEnds, selectOnly, selectTask, useSelection } from '../state/selection.ts'
import { useVersions } from '../state/versions.ts'
import { useView } from '../state/view.ts'
import { type EditStep, perform, tellOf } from './editing.ts'
import { freePlace, knownPositions, type Point, snapped, TASK_HEIGHT, TASK_WIDTH, tasksOfGroup } from './geometry.ts'
import { withJoinTold } from './joining.ts'
import { layoutTasks } from './layout.ts'
import { nodeKind, noteNodeId } from './nodeId.ts'

/** What a person does to the shown pipeline, from the canvas and from the outline: each one step of undo. */

/** Where all tasks of the shown pipeline are, the layout's unwritten places included. */
export function currentPositions(): ReadonlyMap<string, Point> {
  const document = activeDocument()
  return document?.pipeline ? knownPositions(document.pipeline, canvasViewOf(document.path).placed) : new Map()
}

/**
 * Writes places. With the first one that a person sets, those that the layout gave to the other tasks are written too:
 * else the next layout would move everything around it.
 */
export function placing(places: ReadonlyMap<string, Point>): EditStep {
  return (document) => moveTasks(document, new Map([...currentPositions(), ...places]))
}

export interface NewTaskLinks {
  /** The new task needs this one. */
  readonly from?: string
  /** This one needs the new task. */
  readonly to?: string
  /** Between the ends of this edge. */
  readonly edge?: string
}

/** Adds a task with its middle at a point, or at a free place near it. Returns its id; null where it was refused. */
export function addTaskAt(kind: TaskKind, point: Point, links: NewTaskLinks = {}): string | null {
  const pipeline = activeDocument()?.pipeline
  if (!pipeline) return null
  const id = newTaskId(pipeline, kind)
  const wish: Point = [snapped(point[0] - TASK_WIDTH / 2), snapped(point[1] - TASK_HEIGHT / 2)]
  const at = links.edge ? wish : freePlace(wish, currentPositions(), useView.getState().settings.layoutDirection)
  const steps: EditStep[] = [addingStep({ id, kind, at, ...(links.from ? { needs: [links.from] } : {}) }, links)]
  if (links.to) steps.push((document) => connect(document, id, links.to!))
  steps.push(placing(new Map([[id, at]])))
  if (!perform(`Add ${id}`, steps)) return null
  selectTask(id)
  return id
}

function addingStep(task: NewTask, links: NewTaskLinks): EditStep {
  if (!links.edge) return (document) => addTask(document, task)
  const { from, to } = edgeEnds(links.edge)
  return (document) => insertTaskOnEdge(document, from, to, task)
}

/** Lets `to` need `from`. A link that would close a cycle is refused and the cycle shown. */
export function connectTasks(from: string, to: string): boolean {
  const document = activeDocument()
  if (!document) return false
  const cycle = wouldCloseCycle(document.document, from, to)
  if (cycle) {
    const around = [from, ...cycle.slice(0, -1)]
    flashRefused(around)
    notify({
      tone: 'warning',
      title: from === to ? `${from} cannot need itself.` : `This link would close a cycle: ${around.join(' → ')}`,
      next: 'A pipeline must not lead back to where it came from. Remove one of these links first.',
      code: 'CYCLE',
    })
    return false
  }
  return withJoinTold(() => perform(`Connect ${from} to ${to}`, [(current) => connect(current, from, to)]))
}

export function disconnectTasks(from: string, to: string): boolean {
  return perform(`Disconnect ${from} from ${to}`, [(document) => disconnect(document, from, to)])
}

/** Puts a task that has no links between the ends of an edge. */
export function insertOnEdge(task: string, edge: string, at: Point | undefined): boolean {
  const { from, to } = edgeEnds(edge)
  return perform(`Insert ${task} between ${from} and ${to}`, [
    (document) => disconnect(document, from, to),
    (document) => connect(document, from, task),
    (document) => connect(document, task, to),
    ...(at ? [placing(new Map([[task, at]]))] : []),
  ])
}

/** New places of nodes of the canvas, by node id. `named`: what it is called in the undo stack. */
export function moveNodes(moved: ReadonlyMap<string, Point>, named?: string): void {
  const places = new Map<string, Point>()
  const notes: (readonly [string, Point])[] = []
  for (const [nodeId, at] of moved) {
    const { kind, id } = nodeKind(nodeId)
    if (kind === 'tasks') places.set(id, at)
    if (kind === 'notes') notes.push([id, at])
  }
  const count = places.size + notes.length
  if (count === 0) return
  const label =
    named ??
    (count > 1 ? `Move ${count} things` : places.size === 1 ? `Move ${[...places.keys()][0]}` : 'Move the note')
  perform(label, [
    ...(places.size > 0 ? [placing(places)] : []),
    ...notes.map(
      ([id, at]): EditStep =>
        (document) =>
          updateNote(document, id, { at }),
    ),
  ])
}

/** Moves what is selected by a step; presses of a key held down are one step of undo. */
export function nudgeSelection(dx: number, dy: number): void {
  const { tasks, notes, groups } = useSelection.getState()
  const pipeline = activeDocument()?.pipeline
  if (!pipeline || tasks.size + notes.size + groups.size === 0) return
  const positions = currentPositions()
  const places = new Map<string, Point>()
  const inGroups = [...groups].flatMap((group) => tasksOfGroup(pipeline.groups, group))
  for (const id of new Set([...tasks, ...inGroups])) {
    const at = positions.get(id)
    if (at) places.set(id, [at[0] + dx, at[1] + dy])
  }
  const moved = pipeline.notes.filter((note) => notes.has(note.id))
  perform(
    'Move the selection',
    [
      ...(places.size > 0 ? [placing(places)] : []),
      ...moved.map(
        ({ id, at }): EditStep =>
          (document) =>
            updateNote(document, id, { at: [at[0] + dx, at[1] + dy] }),
      ),
    ],
    { mergeKey: `nudge ${[...tasks, ...groups, ...notes].join(' ')}` },
  )
}

/** Where the middle of a task goes that is added behind one; null: that has no place yet. */
export function besideTask(id: string): Point | null {
  const at = currentPositions().get(id)
  return at ? [at[0] + TASK_WIDTH * 1.85, at[1] + TASK_HEIGHT / 2] : null
}

/** No note gets smaller. Canvas pixels. */
export const LEAST_NOTE: readonly [width: number, height: number] = [120, 48]

/** Makes the selected notes larger or smaller; presses of a key held down are one step of undo. */
export function resizeNotes(dx: number, dy: number): void {
  const { notes } = useSelection.getState()
  const steps = (activeDocument()?.pipeline?.notes ?? [])
    .filter((note) => notes.has(note.id))
    .map(({ id, size: [width, height] }): EditStep => {
      const size = [Math.max(LEAST_NOTE[0], width + dx), Math.max(LEAST_NOTE[1], height + dy)] as const
      return (document) => updateNote(document, id, { size })
    })
  if (steps.length > 0) perform('Resize the note', steps, { mergeKey: `resize ${[...notes].join(' ')}` })
}

/** Deletes what is selected. `heal`: what needed a deleted task then needs what that task needed. */
export function deleteSelection(heal: boolean): void {
  const { tasks, edges, notes, groups } = useSelection.getState()
  const steps: EditStep[] = [...edges]
    .map(edgeEnds)
    .filter(({ from, to }) => !tasks.has(from) && !tasks.has(to))
    .map(
      ({ from, to }) =>
        (document) =>
          disconnect(document, from, to),
    )
  if (tasks.size > 0) steps.push((document) => removeTasks(document, [...tasks], { heal }))
  for (const id of groups) steps.push((document) => removeGroup(document, id))
  for (const id of notes) steps.push((document) => removeNote(document, id))
  if (steps.length === 0) return
  const count = tasks.size + edges.size + notes.size + groups.size
  perform(count === 1 ? `Delete ${[...tasks][0] ?? 'the selection'}` : `Delete ${count} things`, steps)
}

/** Puts a task that the diff lens draws back as the earlier version had it. */
export function bringBack(id: string): void {
  const document = activeDocument()
  const { found } = useVersions.getState()
  if (!document || !found || found.path !== document.path) return
  const restored = restoreTask(found.earlier, document.document, id)
  if (restored.ok && replaceText(restored.value, { label: `Bring back ${id}`, mergeKey: null })) selectTask(id)
  if (!restored.ok) tellOf(restored.problems)
}

/** Gives a task another kind; its links stay. */
export function changeKind(id: string, kind: TaskKind): boolean {
  return perform(`Make ${id} a ${kind} task`, [(document) => changeTaskKind(document, id, kind)])
}

/** Puts another task in the place of one, which goes; see `replaceTask`. */
export function replaceWith(id: string, by: string): boolean {
  const replaced = perform(`Replace ${id} with ${by}`, [(document) => replaceTask(document, id, by)])
  if (replaced) selectTask(by)
  return replaced
}

/** What F2 changes: the name where the task has one of its own, else its id, by which everything refers to it. */
export function renameShown(task: Task, text: string): boolean {
  const named = task.name !== task.id
  if (named || !isId(text)) {
    return perform(`Rename ${task.name}`, [(document) => setTaskField(document, task.id, ['name'], text)])
  }
  return renameTaskId(task.id, text)
}

/** Gives a task another id; needs, groups, canvas and expressions follow. */
export function renameTaskId(from: string, to: string): boolean {
  const renamed = perform(`Rename ${from} to ${to}`, [(document) => renameTask(document, from, to)])
  if (renamed) selectTask(to)
  return renamed
}

/** Puts the selected tasks and groups into a new group, and selects it. */
export function groupSelection(): void {
  const pipeline = activeDocument()?.pipeline
  const { tasks, groups } = useSelection.getState()
  if (!pipeline || tasks.size + groups.size === 0) return
  const inGroups = new Set([...groups].flatMap((group) => tasksOfGroup(pipeline.groups, group)))
  groupTasks([...groups, ...[...tasks].filter((task) => !inGroups.has(task))])
}

/** Puts tasks and groups into a new group, and selects it. */
export function groupTasks(members: readonly string[]): void {
  const pipeline = activeDocument()?.pipeline
  if (!pipeline) return
  const id = newTaskId(pipeline, 'group')
  if (perform('Group', [(document) => addGroup(document, { id, name: 'New group', tasks: members })])) {
    selectOnly('groups', [id])
  }
}

/** Puts tasks into a group; null: out of theirs. */
export function moveToGroup(tasks: readonly string[], group: string | null): void {
  const pipeline = activeDocument()?.pipeline
  if (!pipeline) return
  const moving = new Set(tasks)
  const steps = pipeline.groups.flatMap((other): EditStep[] => {
    const rest = other.tasks.filter((member) => !moving.has(member))
    if (other.id === group) return [(document) => setGroupTasks(document, other.id, [...rest, ...tasks])]
    if (rest.length === other.tasks.length) return []
    return [(document) => setGroupTasks(document, other.id, rest)]
  })
  const what = tasks.length === 1 ? tasks[0] : `${tasks.length} tasks`
  perform(group === null ? `Take ${what} out of its group` : `Move ${what} to ${group}`, steps)
}

export function renameGroup(id: string, name: string): boolean {
  return perform(`Rename ${id}`, [(document) => setGroupField(document, id, ['name'], name)])
}

export function ungroup(id: string): void {
  perform('Ungroup', [(document) => removeGroup(document, id)])
}

const NOTE_SIZE: readonly [number, number] = [240, 120]

/** Adds an empty note, selected and open to be written. */
export function addNoteAt(at: Point): void {
  const before = new Set(activeDocument()?.pipeline?.notes.map(({ id }) => id))
  const added = perform('Add a note', [
    (document) => addNote(document, { text: '', at: [snapped(at[0]), snapped(at[1])], size: NOTE_SIZE }),
  ])
  const note = added && activeDocument()?.pipeline?.notes.find(({ id }) => !before.has(id))
  if (!note) return
  selectOnly('notes', [note.id])
  startRenaming(noteNodeId(note.id))
}

export function changeNote(id: string, change: Partial<NoteFields>): void {
  perform('Change the note', [(document) => updateNote(document, id, change)])
}

export function selectAll(): void {
  const pipeline = activeDocument()?.pipeline
  if (pipeline)
    selectOnly(
      'tasks',
      pipeline.tasks.map((task) => task.id),
    )
}

/** Selects a task and everything it needs, or everything that needs it. */
export function selectReach(id: string, which: 'upstream' | 'downstream'): void {
  const pipeline = activeDocument()?.pipeline
  if (!pipeline) return
  const met = new Set([id])
  const open = [id]
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    for (const next of neighboursOf(pipeline, task, which)) {
      if (met.has(next)) continue
      met.add(next)
      open.push(next)
    }
  }
  met.delete(id)
  selectOnly('tasks', [...met, id])
}

export function neighboursOf(pipeline: Pipeline, id: string, which: 'upstream' | 'downstream'): readonly string[] {
  if (which === 'upstream') {
    return pipeline.tasks.find((task) => task.id === id)?.needs.map((need) => need.task) ?? []
  }
  return pipeline.tasks.filter((task) => task.needs.some((need) => need.task === id)).map((task) => task.id)
}

/** Lays out all tasks, or the selected ones where there are several; one step of undo. */
export async function layOut(which: 'all' | 'selection'): Promise<void> {
  const document = activeDocument()
  if (!document?.pipeline || document.pipeline.tasks.length === 0) return
  const { tasks } = useSelection.getState()
  const { layoutDirection, layoutEngine } = useView.getState().settings
  const beyond =
    layoutEngine === 'dagre' ? beyondDagre(which === 'all' ? document.pipeline.tasks.length : tasks.size) : undefined
  if (beyond !== undefined) {
    notify({ tone: 'info', title: `${beyond} Dagwright's own layout is taken instead.`, where: document.path })
  }
  const positions = await layoutTasks(document.pipeline, layoutDirection, {
    positions: currentPositions(),
    engine: layoutEngine,
    ...(which === 'selection' ? { only: tasks } : {}),
  })
  if (positions === null || activeDocument()?.text !== document.text) return
  announceLayout()
  perform(which === 'all' ? 'Lay out' : 'Lay out the selection', [(current) => moveTasks(current, positions)])
}
