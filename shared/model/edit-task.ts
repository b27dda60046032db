import type { PipelineDocument } from './document.ts'
import { type EditSession, edit } from './edit-session.ts'
import { freeId, ID_RULE, idFrom, isId } from './id.ts'
import { modelOf } from './kinds/registry.ts'
import type { TextPatch } from './patch.ts'
import { type Json, type Pipeline, TASK_KINDS, type TaskKind } from './pipeline.ts'
import type { Problem, Result } from './problem.ts'
import { recordOf } from './reading.ts'
import { PIPELINE_FIELDS } from './schema.ts'
import type { Path } from './source.ts'
import { codeFieldOf, fieldsOfKind } from './task-schema.ts'

export interface NewTask {
  readonly id: string
  readonly kind: TaskKind
  readonly name?: string
  /** Further fields as the file writes them. Without its code a task gets a line to begin with. */
  readonly fields?: Readonly<Record<string, Json>>
  /** Place on the canvas. */
  readonly at?: readonly [x: number, y: number]
  readonly needs?: readonly Json[]
}

/** An id that no task or group has yet: `base` made valid, with a number where it is taken. */
export function newTaskId(pipeline: Pipeline, base: string): string {
  return freeId(
    idFrom(base),
    [...pipeline.tasks, ...pipeline.groups].map((item) => item.id),
  )
}

export function addTask(document: PipelineDocument, task: NewTask): Result<readonly TextPatch[]> {
  return edit(document, (session) => putTask(session, task))
}

/** Adds a task behind the others. Refused where its id cannot be used. */
export function putTask(session: EditSession, task: NewTask): Problem | undefined {
  const refusal = refuseId(session, task.id)
  if (refusal) return refusal
  const fields: { [key: string]: Json } = Object.create(null)
  const code = codeFieldOf(task.kind)
  const given: Readonly<Record<string, Json | undefined>> = {
    ...(code === undefined ? {} : { [code]: modelOf(task.kind).firstCode }),
    ...task.fields,
    name: task.name ?? task.fields?.name,
    kind: task.kind,
    needs: task.needs && task.needs.length > 0 ? task.needs : task.fields?.needs,
  }
  for (const key of new Set([...fieldsOfKind(task.kind), ...Object.keys(given)])) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined
    if (value !== undefined) fields[key] = value
  }
  if (Object.keys(recordOf(session.valueAt(['tasks']))).length === 0) {
    const tasks: { [key: string]: Json } = Object.create(null)
    tasks[task.id] = fields
    session.set(['tasks'], tasks, { prefer: 'block', levels: 2, order: PIPELINE_FIELDS })
  } else session.set(['tasks', task.id], fields, { prefer: 'block' })
  if (task.at) placeTasks(session, new Map([[task.id, task.at]]))
  return undefined
}

/** Why a task or group cannot get this id. `except`: the id it has now. */
export function refuseId(session: EditSession, id: string, except?: string): Problem | undefined {
  if (!isId(id)) {
    return {
      code: 'BAD_ID',
      severity: 'error',
      message: `\`${id.slice(0, 80)}\` cannot be the id of a task: it ${ID_RULE}.`,
      hint: `\`${idFrom(id)}\` could; any text can stand in \`name\`.`,
    }
  }
  const taken = [
    ...Object.keys(recordOf(session.valueAt(['tasks']))),
    ...Object.keys(recordOf(session.valueAt(['groups']))),
  ]
  const same = taken.find((other) => other !== except && other.toLowerCase() === id.toLowerCase())
  if (same === undefined) return undefined
  return {
    code: 'SAME_ID',
    severity: 'error',
    message: `There is already a task or group with the id \`${same}\`.`,
    hint: `\`${freeId(id, taken)}\` is free.`,
  }
}

export function unknownTask(id: string): Problem {
  return {
    code: 'UNKNOWN_TASK',
    severity: 'error',
    message: `There is no task with the id \`${id}\`.`,
    hint: 'It may have been removed or renamed in the text.',
  }
}

/** Sets a field of a task (`undefined` takes it out): `setTaskField(document, 'a', ['retries', 'limit'], 3)`. */
export function setTaskField(
  document: PipelineDocument,
  id: string,
  path: Path,
  value: Json | undefined,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const fields = session.valueAt(['tasks', id])
    if (fields === undefined) return unknownTask(id)
    if (value === undefined) session.remove(['tasks', id, ...path])
    else {
      const kind = TASK_KINDS.find((name) => name === recordOf(fields).kind)
      const code = kind !== undefined && path.length === 1 && path[0] === codeFieldOf(kind) && kind !== 'http'
      session.set(['tasks', id, ...path], value, { code, ...(kind ? { order: fieldsOfKind(kind) } : {}) })
    }
    return undefined
  })
}

/** Gives a task another kind. Its code moves to the new kind's field; fields the new kind does not have go. */
export function changeTaskKind(document: PipelineDocument, id: string, kind: TaskKind): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const path = ['tasks', id]
    const fields = session.valueAt(path)
    if (fields === undefined) return unknownTask(id)
    const old = recordOf(fields)
    const oldKind = TASK_KINDS.find((name) => name === old.kind)
    const oldCode = oldKind === undefined ? undefined : codeFieldOf(oldKind)
    const code = codeFieldOf(kind)
    const allowed = fieldsOfKind(kind)
    session.set([...path, 'kind'], kind, { order: allowed })
    if (code !== undefined && code !== oldCode) {
      const body = oldCode === undefined || kind === 'http' || oldKind === 'http' ? undefined : old[oldCode]
      session.set([...path, code], body ?? modelOf(kind).firstCode, { code: kind !== 'http', order: allowed })
    }
    session.removeMany(
      path,
      Object.keys(old).filter((key) => !allowed.includes(key)),
    )
    return undefined
  })
}

/** Sets a field of the pipeline itself (`undefined` takes it out): `setPipelineField(document, ['name'], 'Flights')`. */
export function setPipelineField(
  document: PipelineDocument,
  path: Path,
  value: Json | undefined,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    if (value === undefined) session.remove(path)
    else if (session.valueAt(path.slice(0, 1)) !== undefined) session.set(path, value)
    // Defaults mostly become several: a line for each.
    else session.set(path, value, { order: PIPELINE_FIELDS, ...(path[0] === 'defaults' ? { prefer: 'block' } : {}) })
    return undefined
  })
}

/** Writes places on the canvas, in whole pixels. Ids that name no task are left out. */
export function moveTasks(
  document: PipelineDocument,
  places: ReadonlyMap<string, readonly [x: number, y: number]>,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const tasks = recordOf(session.valueAt(['tasks']))
    placeTasks(session, new Map([...places].filter(([id]) => Object.hasOwn(tasks, id))))
    return undefined
  })
}

export function placeTasks(session: EditSession, places: ReadonlyMap<string, readonly [x: number, y: number]>): void {
  const written = recordOf(session.valueAt(['canvas']))
  const rounded = new Map([...places].map(([id, [x, y]]) => [id, [Math.round(x), Math.round(y)] as const]))
  if (Object.keys(written).length > 0) {
    session.setEach([...rounded].map(([id, place]) => [['canvas', id], place]))
    return
  }
  const canvas: { [key: string]: Json } = Object.create(null)
  for (const [id, place] of rounded) canvas[id] = place
  if (rounded.size > 0) session.set(['canvas'], canvas, { prefer: 'block', order: PIPELINE_FIELDS })
}
