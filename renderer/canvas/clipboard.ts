import { stringify } from 'yaml'
import type { PipelineDocument } from '#shared/model/document.ts'
import { addTask, newTaskId } from '#shared/model/edit-task.ts'
import { isId } from '#shared/model/id.ts'
import { type Json, type Pipeline, TASK_KINDS, type TaskKind } from '#shared/model/pipeline.ts'
import { readSource } from '#shared/model/source.ts'
import { activeDocument } from '../state/documents.ts'
import { notify } from '../state/notices.ts'
import { selectOnly, useSelection } from '../state/selection.ts'
import { currentPositions, deleteSelection, placing } from './actions.ts'
import { type EditStep, perform } from './editing.ts'
import { boundsOf, type Point, snapped, TASK_HEIGHT, TASK_WIDTH } from './geometry.ts'

/**
 * Copy and paste go over the system's clipboard as YAML: the `tasks` and `canvas` of a pipeline file. So they work
 * between pipelines and windows, and into any text editor.
 */

type Fields = { readonly [key: string]: Json }

export interface Fragment {
  /** In file order, fields as the file writes them. */
  readonly tasks: readonly { readonly id: string; readonly fields: Fields; readonly at: Point | null }[]
}

/** The named tasks of a document as YAML. */
export function fragmentText(
  document: PipelineDocument,
  ids: ReadonlySet<string>,
  positions: ReadonlyMap<string, Point>,
): string {
  const written = recordOf(recordOf(document.source.value)?.tasks) ?? {}
  const names = Object.keys(written).filter((id) => ids.has(id))
  const tasks = new Map(names.map((id) => [id, written[id] ?? {}]))
  const canvas = new Map(names.flatMap((id) => (positions.has(id) ? [[id, positions.get(id)]] : [])))
  return stringify(
    new Map<string, unknown>([
      ['tasks', tasks],
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
  return read.length > 0 ? { tasks: read } : null
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
  readonly id: string
  readonly kind: TaskKind
  readonly fields: Fields
  readonly needs: readonly Json[]
  readonly at: Point
}

/**
 * What pasting a fragment adds: ids made free, needs inside the fragment pointing at the copies, needs of tasks that
 * the pipeline has kept, others dropped. `move` takes a place of the fragment to where it goes.
 */
export function pastedTasks(fragment: Fragment, pipeline: Pipeline, move: (at: Point) => Point): readonly Pasted[] {
  const renamed = new Map<string, string>()
  let grown: Pipeline = pipeline
  for (const { id } of fragment.tasks) {
    const taken = [...grown.tasks, ...grown.groups].some((other) => other.id.toLowerCase() === id.toLowerCase())
    const free = !taken && isId(id) ? id : newTaskId(grown, id)
    renamed.set(id, free)
    grown = { ...grown, groups: [...grown.groups, { id: free, name: free, tasks: [], color: null }] }
  }
  const known = new Set(pipeline.tasks.map((task) => task.id))
  return fragment.tasks.map(({ id, fields, at }, index) => {
    const { kind: _, needs, ...others } = fields
    return {
      id: renamed.get(id)!,
      kind: kindOf(fields)!,
      fields: others,
      needs: (Array.isArray(needs) ? needs : []).flatMap((need) => keptNeed(need, renamed, known)),
      at: move(at ?? [0, index * (TASK_HEIGHT + 32)]),
    }
  })
}

function keptNeed(need: Json, renamed: ReadonlyMap<string, string>, known: ReadonlySet<string>): readonly Json[] {
  const record = recordOf(need)
  const task = record ? record.task : need
  if (typeof task !== 'string') return []
  const target = renamed.get(task) ?? (known.has(task) ? task : null)
  if (target === null) return []
  return [record ? { ...record, task: target } : target]
}

/** Moves all by the same way until none covers a task that is there. */
function clearOf(pasted: readonly Pasted[], taken: ReadonlyMap<string, Point>): readonly Pasted[] {
  const others = [...taken.values()]
  const covered = (shift: number) =>
    pasted.some(({ at: [x, y] }) =>
      others.some(
        ([otherX, otherY]) => Math.abs(otherX - x - shift) < TASK_WIDTH && Math.abs(otherY - y - shift) < TASK_HEIGHT,
      ),
    )
  let shift = 0
  while (covered(shift)) shift += BESIDE
  return pasted.map((task) => ({ ...task, at: [task.at[0] + shift, task.at[1] + shift] }))
}

function addPasted(wished: readonly Pasted[], label: string): void {
  const pasted = clearOf(wished, currentPositions())
  // Needs come after all tasks are there: the order of the fragment need not be that of the graph.
  const adding = pasted.map(
    ({ id, kind, fields, needs, at }): EditStep =>
      (document) =>
        addTask(document, { id, kind, fields, at, needs }),
  )
  const places = new Map(pasted.map(({ id, at }) => [id, at]))
  if (perform(label, [...adding, placing(places)])) selectOnly('tasks', places.keys())
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
  const pasted = pastedTasks(fragment, pipeline, moveTo(fragment, at))
  addPasted(pasted, pasted.length === 1 ? `Paste ${pasted[0]!.id}` : `Paste ${pasted.length} tasks`)
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
  const pasted = pastedTasks(fragment, pipeline, ([x, y]) => [x + BESIDE, y + TASK_HEIGHT + BESIDE])
  addPasted(pasted, pasted.length === 1 ? `Duplicate ${fragment.tasks[0]!.id}` : `Duplicate ${pasted.length} tasks`)
}

/** Answers the system's copy, cut and paste while the focus is on the canvas. Returns the way to stop. */
export function listenForClipboard(pasteWhere: () => Point | null): () => void {
  const onCanvas = () => {
    const focused = document.activeElement
    return focused === document.body || focused?.closest('[data-canvas]') !== null
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
