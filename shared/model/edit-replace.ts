import type { PipelineDocument } from './document.ts'
import { parseDocument } from './document.ts'
import { cycleProblem, leaveGroups } from './edit-dependency.ts'
import { redirectReferences } from './edit-rename.ts'
import { type EditSession, edit } from './edit-session.ts'
import { placeTasks, unknownTask } from './edit-task.ts'
import type { TextPatch } from './patch.ts'
import type { Json, Task } from './pipeline.ts'
import type { Problem, Result } from './problem.ts'
import { listOf, neededId, recordOf, textsOf } from './reading.ts'
import { findCycles, taskGraph } from './task-graph.ts'
import { fieldsOfKind } from './task-schema.ts'

/**
 * Puts another task of the pipeline in place of one, which goes: it stands where that stood and in its group, needs what
 * that needed beside its own, and whatever spoke of the old task speaks of it. Refused where that closes a cycle.
 */
export function replaceTask(document: PipelineDocument, id: string, by: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const missing = [id, by].find((task) => session.valueAt(['tasks', task]) === undefined)
    if (missing !== undefined) return unknownTask(missing)
    if (id === by) return undefined
    const needs = unitedNeeds(session, id, by)
    const place = document.pipeline?.canvas.get(id)
    takeGroup(session, id, by)
    session.remove(['tasks', id])
    session.remove(['canvas', id])
    dropDoubles(session, id, by)
    redirectReferences(session, id, by)
    if (needs.length > 0) session.set(['tasks', by, 'needs'], needs, { order: fieldsOfKind('noop') })
    else session.remove(['tasks', by, 'needs'])
    if (place) placeTasks(session, new Map([[by, place]]))
    return newCycle(document, session)
  })
}

function unitedNeeds(session: EditSession, id: string, by: string): readonly Json[] {
  const met = new Set<string | undefined>([id, by])
  return [by, id]
    .flatMap((task) => listOf(recordOf(session.valueAt(['tasks', task])).needs))
    .filter((need) => !met.has(neededId(need)) && met.add(neededId(need)))
}

function takeGroup(session: EditSession, id: string, by: string): void {
  const groups = recordOf(session.valueAt(['groups']))
  const group = Object.keys(groups).find((name) => textsOf(recordOf(groups[name]).tasks).includes(id))
  if (group === undefined) return
  leaveGroups(session, new Set([by]))
  const members = textsOf(recordOf(session.valueAt(['groups', group])).tasks)
  session.set(
    ['groups', group, 'tasks'],
    members.map((member) => (member === id ? by : member)),
  )
}

/** Where a list names both tasks, the old one goes: else it would name the new one twice. */
function dropDoubles(session: EditSession, id: string, by: string): void {
  const tasks = Object.keys(recordOf(session.valueAt(['tasks'])))
  for (const path of [['onSuccess'], ['onFailure'], ...tasks.map((task) => ['tasks', task, 'needs'])]) {
    const named = listOf(session.valueAt(path)).map(neededId)
    if (named.includes(by))
      session.removeMany(
        path,
        named.flatMap((other, index) => (other === id ? [index] : [])),
      )
  }
}

function newCycle({ pipeline: before }: PipelineDocument, session: EditSession): Problem | undefined {
  const { pipeline } = parseDocument(session.source.text)
  const cyclesOf = (tasks: readonly Task[] = []) => findCycles(taskGraph(tasks))
  const [cycle] = cyclesOf(pipeline?.tasks)
  return cycle && cyclesOf(before?.tasks).length === 0 ? cycleProblem(cycle) : undefined
}
