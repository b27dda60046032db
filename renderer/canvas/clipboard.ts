import { stringify } from 'yaml'
import type { PipelineDocument } from '#shared/model/document.ts'
import { addGroup } from '#shared/model/edit-group.ts'
import { addTask, newTaskId } from '#shared/model/edit-task.ts'
import { isId } from '#shared/model/id.ts'
import { type Json, type Pipeline, TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { listOf, neededId, textsOf } from '#shared/model/reading.ts'
import { renamedFields } from '#shared/model/renamed-fields.ts'
import { readSource } from '#shared/model/source.ts'
import { activeDocument } from '../state/documents.ts'
import { notify } from '../state/notices.ts'
import { selectOnly, useSelection } from '../state/selection.ts'
import { currentPositions, deleteSelection, placing } from './actions.ts'
import { type EditStep, perform } from './editing.ts'
import { boundsOf, type Point, snapped, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'

/**
 * Copy and paste go over the system's clipboard as YAML: the `tasks`, `groups` and `canvas` of a pipeline file. So they work
 * between pipelines and windows, and into any text editor.
 */

type Fields = { readonly [key: string]: Json }

export interface Fragment {
  /** In file order, fields as the file writes them. */
  readonly tasks: readonly { readonly id: string; readonly fields: Fields; readonly at: Point | null }[]
  readonly groups: readonly CopiedGroup[]
}

interface CopiedGroup {
  readonly id: string
  readonly fields: Fields
  /** Ids of tasks and groups. */
  readonly members: readonly string[]
}

/** The named tasks of a document as YAML, with the groups that hold nothing else. */
export function fragmentText(
  document: PipelineDocument,
  ids: ReadonlySet<string>,
  positions: ReadonlyMap<string, Point>,
): string {
  const written = recordOf(recordOf(document.source.value)?.tasks) ?? {}
  const names = Object.keys(written).filter((id) => ids.has(id))
  const tasks = new Map(names.map((id) => [id, written[id] ?? {}]))
  const canvas = new Map(names.flatMap((id) => (positions.has(id) ? [[id, positions.get(id)]] : [])))
  const groups = wholeGroups(recordOf(recordOf(document.source.value)?.groups) ?? {}, ids)
  return stringify(
    new Map<string, unknown>([
      ['tasks', tasks],
      ...(groups.size > 0 ? ([['groups', groups]] as const) : []),
      ['canvas', canvas],
    ]),
    { flowCollectionPadding: false, collectionStyle: 'any', lineWidth: 0 },
  )
}

/** Reads what `fragmentText` wrote, or any YAML with `tasks`; null where the text is something else. */
export function readFragment(text: string): Fragment | null {
  const source = readSource(text)
  const file = source.sound ? recordOf(source.value) : null
  const tasks = recordOf(file?.tasks)
  if (!tasks) return null
  const canvas = recordOf(file?.canvas)
  const read = Object.keys(tasks).flatMap((id) => {
    const fields = recordOf(tasks[id])
    return fields && kindOf(fields) ? [{ id, fields, at: pointOf(canvas?.[id]) }] : []
  })
  const groups = Object.entries(recordOf(file?.groups) ?? {}).flatMap(([id, value]): CopiedGroup[] => {
    const { tasks: members, ...fields } = recordOf(value) ?? {}
    return [{ id, fields, members: textsOf(members) }]
  })
  return read.length > 0 ? { tasks: read, groups } : null
}

/** As the file writes them: the groups of which every task is among `ids`. A group that holds itself is not one. */
function wholeGroups(written: Fields, ids: ReadonlySet<string>): ReadonlyMap<string, Json> {
  const isWhole = (id: string, met: ReadonlySet<string>): boolean => {
    if (!Object.hasOwn(written, id)) return ids.has(id)
    const members = textsOf(recordOf(written[id])?.tasks)
    const inside = new Set(met).add(id)
    return members.length > 0 && members.every((member) => !inside.has(member) && isWhole(member, inside))
  }
  return new Map(Object.entries(written).filter(([id]) => isWhole(id, new Set())))
}

/** How far copies stand from what they would cover. */
const BESIDE = 40

function recordOf(value: Json | undefined): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
}

function kindOf(fields: Fields): TaskKind | undefined {
  return TASK_KINDS.find((kind) => kind === fields.kind)
}

function pointOf(value: Json | undefined): Point | null {
  if (!Array.isArray(value)) return null
  const [x, y] = value
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : null
}

export interface Pasted {
  readonly tasks: readonly PastedTask[]
  /** Inner ones first. */
  readonly groups: readonly CopiedGroup[]
}

export interface PastedTask {
  readonly id: string
  readonly kind: TaskKind
  readonly fields: Fields
  readonly needs: readonly Json[]
  readonly at: Point
}

/**
 * What pasting a fragment adds: ids made free, what the copies say of each other (needs, groups, expressions) said of
 * the copies, needs of tasks that the pipeline has kept, others dropped. `move` takes a place of the fragment to where
 * it goes.
 */
export function pasted(fragment: Fragment, pipeline: Pipeline, move: (at: Point) => Point): Pasted {
  const ids = freeIds(fragment, pipeline)
  const idNow = (id: string) => ids.get(id) ?? id
  const known = new Set([...pipeline.tasks, ...fragment.tasks].map((task) => idNow(task.id)))
  const tasks = fragment.tasks.map(({ id, fields, at }, index) => {
    const { kind: _, needs, ...others } = renamedFields(fields, ids)
    return {
      id: idNow(id),
      kind: kindOf(fields)!,
      fields: others,
      needs: listOf(needs).filter((need) => known.has(neededId(need) ?? '')),
      at: move(at ?? [0, index * (TASK_HEIGHT + 32)]),
    }
  })
  const groups = fragment.groups.flatMap(({ id, fields, members }): CopiedGroup[] => {
    const there = members.filter((member) => ids.has(member)).map(idNow)
    return there.length > 0 ? [{ id: idNow(id), fields, members: there }] : []
  })
  return { tasks, groups: innerFirst(groups) }
}

/** By id in the fragment: the id it gets. */
function freeIds(fragment: Fragment, pipeline: Pipeline): ReadonlyMap<string, string> {
  const ids = new Map<string, string>()
  let grown: Pipeline = pipeline
  for (const { id } of [...fragment.tasks, ...fragment.groups]) {
    const taken = [...grown.tasks, ...grown.groups].some((other) => other.id.toLowerCase() === id.toLowerCase())
    const free = !taken && isId(id) ? id : newTaskId(grown, id)
    ids.set(id, free)
    grown = { ...grown, groups: [...grown.groups, { id: free, name: free, tasks: [], color: null }] }
  }
  return ids
}

/** A group is made of things that are there: those it holds come before it. */
function innerFirst(groups: readonly CopiedGroup[]): readonly CopiedGroup[] {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const order = new Set<CopiedGroup>()
  const open = new Set<CopiedGroup>()
  const visit = (group: CopiedGroup) => {
    if (open.has(group)) return
    open.add(group)
    for (const member of group.members) {
      const inner = byId.get(member)
      if (inner) visit(inner)
    }
    order.add(group)
  }
  groups.forEach(visit)
  return [...order]
}

/** Moves all by the same way until none covers a task that is there. */
function clearOf(tasks: readonly PastedTask[], taken: ReadonlyMap<string, Point>): readonly PastedTask[] {
  const others = [...taken.values()]
  const covered = (shift: number) =>
    tasks.some(({ at: [x, y] }) =>
      others.some(
        ([otherX, otherY]) => Math.abs(otherX - x - shift) < TASK_WIDTH && Math.abs(otherY - y - shift) < TASK_HEIGHT,
      ),
    )
  let shift = 0
  while (covered(shift)) shift += BESIDE
  return tasks.map((task) => ({ ...task, at: [task.at[0] + shift, task.at[1] + shift] }))
}

function addPasted(wished: Pasted, label: string): void {
  const tasks = clearOf(wished.tasks, currentPositions())
  // Needs come after all tasks are there: the order of the fragment need not be that of the graph.
  const adding = tasks.map(
    ({ id, kind, fields, needs, at }): EditStep =>
      (document) =>
        addTask(document, { id, kind, fields, at, needs }),
  )
  const grouping = wished.groups.map(
    ({ id, fields: { name, color }, members }): EditStep =>
      (document) =>
        addGroup(document, {
          id,
          tasks: members,
          ...(typeof name === 'string' ? { name } : {}),
          ...(typeof color === 'string' ? { color } : {}),
        }),
  )
  const places = new Map(tasks.map(({ id, at }) => [id, at]))
  if (perform(label, [...adding, ...grouping, placing(places)])) selectOnly('tasks', places.keys())
}

function selectedText(): string | null {
  const document = activeDocument()
  const { tasks } = useSelection.getState()
  if (!document || tasks.size === 0) return null
  return fragmentText(document.document, tasks, currentPositions())
}

export async function copySelection(): Promise<boolean> {
  const text = selectedText()
  if (text === null) return false
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    notify({
      tone: 'warning',
      title: 'The browser did not allow copying.',
      next: 'Press Ctrl+C on the canvas instead.',
    })
    return false
  }
}

/** Places the copied tasks with their middle at a point; null: a little beside where they were. */
export async function pasteAt(at: Point | null): Promise<void> {
  let text: string
  try {
    text = await navigator.clipboard.readText()
  } catch {
    notify({
      tone: 'warning',
      title: 'The browser did not allow pasting.',
      next: 'Press Ctrl+V on the canvas instead.',
    })
    return
  }
  pasteText(text, at)
}

export function pasteText(text: string, at: Point | null): boolean {
  const pipeline = activeDocument()?.pipeline
  const fragment = readFragment(text)
  if (!pipeline) return false
  if (!fragment) {
    notify({
      tone: 'info',
      title: 'The clipboard holds no tasks.',
      next: 'Copy tasks from a canvas, or YAML with `tasks`.',
    })
    return false
  }
  const copies = pasted(fragment, pipeline, moveTo(fragment, at))
  const [first, ...others] = copies.tasks
  addPasted(copies, others.length === 0 ? `Paste ${first?.id}` : `Paste ${copies.tasks.length} tasks`)
  return true
}

function moveTo(fragment: Fragment, at: Point | null): (place: Point) => Point {
  const boxes = fragment.tasks.flatMap((task) =>
    task.at ? [{ x: task.at[0], y: task.at[1], width: TASK_WIDTH, height: TASK_HEIGHT }] : [],
  )
  const box = boundsOf(boxes)
  if (!box || !at) return ([x, y]) => [x + BESIDE, y + BESIDE]
  const dx = at[0] - box.x - box.width / 2
  const dy = at[1] - box.y - box.height / 2
  return ([x, y]) => [snapped(x + dx), snapped(y + dy)]
}

/** Copies of the selected tasks beside them, with their incoming links. */
export function duplicateSelection(): void {
  const text = selectedText()
  const pipeline = activeDocument()?.pipeline
  const fragment = text === null ? null : readFragment(text)
  if (!fragment || !pipeline) return
  const copies = pasted(fragment, pipeline, ([x, y]) => [x + BESIDE, y + TASK_HEIGHT + BESIDE])
  const { length } = copies.tasks
  addPasted(copies, length === 1 ? `Duplicate ${fragment.tasks[0]!.id}` : `Duplicate ${length} tasks`)
}

/** Answers the system's copy, cut and paste while the focus is on the canvas or in the outline. Returns the way to stop. */
export function listenForClipboard(pasteWhere: () => Point | null): () => void {
  const onCanvas = () => {
    const focused = document.activeElement
    return focused === document.body || focused?.closest('[data-canvas], [role="treegrid"]') !== null
  }
  const typing = () => document.activeElement?.matches('input, textarea, [contenteditable="true"]') ?? false
  const put = (event: ClipboardEvent) => {
    const text = onCanvas() && !typing() ? selectedText() : null
    if (text === null) return
    event.clipboardData?.setData('text/plain', text)
    event.preventDefault()
    if (event.type === 'cut') deleteSelection(false)
  }
  const take = (event: ClipboardEvent) => {
    if (!onCanvas() || typing()) return
    event.preventDefault()
    pasteText(event.clipboardData?.getData('text/plain') ?? '', pasteWhere())
  }
  document.addEventListener('copy', put)
  document.addEventListener('cut', put)
  document.addEventListener('paste', take)
  return () => {
    document.removeEventListener('copy', put)
    document.removeEventListener('cut', put)
    document.removeEventListener('paste', take)
  }
}
