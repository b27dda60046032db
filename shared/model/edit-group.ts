import type { PipelineDocument } from './document.ts'
import { leaveGroups } from './edit-dependency.ts'
import { edit } from './edit-session.ts'
import { refuseId } from './edit-task.ts'
import type { TextPatch } from './patch.ts'
import type { Json } from './pipeline.ts'
import type { Problem, Result } from './problem.ts'
import { recordOf, textsOf } from './reading.ts'
import { PIPELINE_FIELDS } from './schema.ts'
import type { Path } from './source.ts'

export interface NewGroup {
  readonly id: string
  readonly name?: string
  /** Ids of tasks and groups; they leave the groups they were in. */
  readonly tasks: readonly string[]
  readonly color?: string
}

const GROUP_FIELDS = ['name', 'tasks', 'color']

function unknownGroup(id: string): Problem {
  return {
    code: 'UNKNOWN_GROUP',
    severity: 'error',
    message: `There is no group with the id \`${id}\`.`,
    hint: 'It may have been removed or renamed in the text.',
  }
}

export function addGroup(document: PipelineDocument, group: NewGroup): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const refusal = refuseId(session, group.id)
    if (refusal) return refusal
    leaveGroups(session, new Set(group.tasks))
    const fields: { [key: string]: Json } = {
      ...(group.name === undefined ? {} : { name: group.name }),
      tasks: [...new Set(group.tasks)],
      ...(group.color === undefined ? {} : { color: group.color }),
    }
    if (Object.keys(recordOf(session.valueAt(['groups']))).length > 0) session.set(['groups', group.id], fields)
    else {
      const groups: { [key: string]: Json } = Object.create(null)
      groups[group.id] = fields
      session.set(['groups'], groups, { prefer: 'block', order: PIPELINE_FIELDS })
    }
    return undefined
  })
}

/** Removes a group; what was in it moves to the group that held it, if one did. */
export function removeGroup(document: PipelineDocument, id: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const groups = recordOf(session.valueAt(['groups']))
    if (!Object.hasOwn(groups, id)) return unknownGroup(id)
    const members = textsOf(recordOf(groups[id]).tasks).filter((member) => member !== id)
    for (const holder of Object.keys(groups)) {
      const held = textsOf(recordOf(groups[holder]).tasks)
      if (holder === id || !held.includes(id)) continue
      session.set(
        ['groups', holder, 'tasks'],
        [...new Set(held.flatMap((member) => (member === id ? members : [member])))],
      )
    }
    session.remove(['groups', id])
    return undefined
  })
}

/** Sets which tasks and groups are in a group; they leave the groups they were in. */
export function setGroupTasks(
  document: PipelineDocument,
  id: string,
  tasks: readonly string[],
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const group = session.valueAt(['groups', id])
    if (group === undefined) return unknownGroup(id)
    const stay = new Set(textsOf(recordOf(group).tasks))
    leaveGroups(session, new Set(tasks.filter((task) => !stay.has(task))))
    session.set(['groups', id, 'tasks'], [...new Set(tasks)], { order: GROUP_FIELDS })
    return undefined
  })
}

/** Sets a field of a group, such as its name (`undefined` takes it out). */
export function setGroupField(
  document: PipelineDocument,
  id: string,
  path: Path,
  value: Json | undefined,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    if (session.valueAt(['groups', id]) === undefined) return unknownGroup(id)
    if (value === undefined) session.remove(['groups', id, ...path])
    else session.set(['groups', id, ...path], value, { order: GROUP_FIELDS })
    return undefined
  })
}
