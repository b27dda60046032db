import { isSeq, type YAMLMap, type YAMLSeq } from 'yaml'
import type { PipelineDocument } from './document.ts'
import { type EditSession, edit } from './edit-session.ts'
import { type NewTask, putTask, unknownTask } from './edit-task.ts'
import type { KeyedPair } from './geometry.ts'
import type { TextPatch } from './patch.ts'
import type { Json } from './pipeline.ts'
import type { Problem, Result } from './problem.ts'
import { listOf, neededId, recordOf } from './reading.ts'
import { isRecord, type Path, placeAt } from './source.ts'
import { removeEntries } from './splice.ts'
import { shortestPath, taskGraph } from './task-graph.ts'
import { fieldsOfKind } from './task-schema.ts'

/** The cycle that a dependency of `to` on `from` would close, its first task repeated at the end; null where none. */
export function wouldCloseCycle(document: PipelineDocument, from: string, to: string): string[] | null {
  if (!document.pipeline) return null
  const path = shortestPath(taskGraph(document.pipeline.tasks).downstreams, to, from)
  return path === null ? null : [...path, to]
}

/** Lets `to` need `from`. Refused where that closes a cycle. */
export function connect(document: PipelineDocument, from: string, to: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const missing = [from, to].find((id) => session.valueAt(['tasks', id]) === undefined)
    if (missing !== undefined) return unknownTask(missing)
    const cycle = wouldCloseCycle(document, from, to)
    if (cycle) return cycleProblem(cycle)
    addNeed(session, to, from)
    return undefined
  })
}

export function cycleProblem(cycle: readonly string[]): Problem {
  return {
    code: 'CYCLE',
    severity: 'error',
    message: `This dependency would close a cycle: ${cycle.join(' → ')}.`,
    hint: 'Remove another dependency of the cycle first.',
  }
}

function needsOf(session: EditSession, id: string): readonly Json[] {
  return listOf(recordOf(session.valueAt(['tasks', id])).needs)
}

function addNeed(session: EditSession, id: string, need: Json): void {
  const needs = needsOf(session, id)
  if (needs.some((other) => neededId(other) === neededId(need))) return
  session.set(['tasks', id, 'needs'], [...needs, need], { order: fieldsOfKind('noop') })
}

/** Takes `from` out of the needs of `to`. */
export function disconnect(document: PipelineDocument, from: string, to: string): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const indexes = needsOf(session, to).flatMap((need, index) => (neededId(need) === from ? [index] : []))
    if (indexes.length > 0) removeNeeds(session, new Map([[to, indexes]]))
    return undefined
  })
}

/** Removes needs of many tasks in one pass; `indexes`: by task. */
function removeNeeds(session: EditSession, indexes: ReadonlyMap<string, readonly number[]>): void {
  const patches: TextPatch[] = []
  const inherited: string[] = []
  for (const [id, gone] of indexes) {
    const place = placeAt(session.source, ['tasks', id, 'needs'])
    const seq = place?.value
    const owner = placeAt(session.source, ['tasks', id])?.value as YAMLMap
    if (!place || place.inherited || !isSeq(seq)) inherited.push(id)
    else if (gone.length < seq.items.length) patches.push(...removeEntries(session.source, seq as YAMLSeq, gone))
    else if (owner.items.length > 1) {
      const at = (owner.items as KeyedPair[]).findIndex((pair) => pair.key === place.key)
      patches.push(...removeEntries(session.source, owner, [at]))
    } else inherited.push(id)
  }
  session.apply(patches)
  for (const id of inherited) {
    const gone = new Set(indexes.get(id))
    const rest = needsOf(session, id).filter((_, index) => !gone.has(index))
    if (rest.length > 0) session.set(['tasks', id, 'needs'], rest)
    else session.remove(['tasks', id, 'needs'])
  }
}

/** Gives many tasks other needs: in one pass those whose list can be written in its place. */
function setNeeds(session: EditSession, needs: ReadonlyMap<string, readonly Json[]>): void {
  const inPlace: (readonly [Path, Json])[] = []
  const others: string[] = []
  for (const [id, list] of needs) {
    const path = ['tasks', id, 'needs']
    const place = placeAt(session.source, path)
    const own = place && !place.inherited && isSeq(place.value) ? place.value : null
    if (own?.items.length === list.length) {
      inPlace.push(...list.map((need, index) => [[...path, index], need] as const))
    } else if (own?.flow && !session.source.text.slice(own.range![0], own.range![1]).includes('\n')) {
      inPlace.push([path, list])
    } else others.push(id)
  }
  session.setEach(inPlace)
  for (const id of others) session.set(['tasks', id, 'needs'], needs.get(id)!)
}

/**
 * Removes tasks with their places, group memberships and the needs that name them. `heal`: what needed a removed task
 * then needs what that task needed.
 */
export function removeTasks(
  document: PipelineDocument,
  ids: readonly string[],
  options: { readonly heal: boolean },
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const tasks = recordOf(session.valueAt(['tasks']))
    const gone = new Set(ids.filter((id) => Object.hasOwn(tasks, id)))
    const healed = options.heal ? healedNeeds(tasks, gone) : new Map<string, readonly Json[]>()
    const dropped = new Map<string, readonly number[]>()
    for (const id of Object.keys(tasks)) {
      if (gone.has(id)) continue
      const indexes = listOf(recordOf(tasks[id]).needs).flatMap((need, index) =>
        gone.has(neededId(need) ?? '') ? [index] : [],
      )
      if (indexes.length > 0 && !healed.has(id)) dropped.set(id, indexes)
    }
    removeNeeds(session, dropped)
    setNeeds(session, healed)
    leaveGroups(session, gone)
    leaveHandlers(session, gone)
    session.removeMany(['canvas'], [...gone])
    session.removeMany(['tasks'], [...gone])
    return undefined
  })
}

/** The new needs of every task that gets some in place of removed ones. A condition on the way down stays a condition. */
function healedNeeds(
  tasks: { readonly [id: string]: Json },
  gone: ReadonlySet<string>,
): ReadonlyMap<string, readonly Json[]> {
  const healed = new Map<string, readonly Json[]>()
  for (const id of Object.keys(tasks)) {
    const needs = listOf(recordOf(tasks[id]).needs)
    if (gone.has(id) || !needs.some((need) => gone.has(neededId(need) ?? ''))) continue
    const seen = new Set(needs.map(neededId).filter((need) => need !== undefined && !gone.has(need)))
    seen.add(id)
    let found = false
    const replacement = needs.flatMap((need) => {
      if (!gone.has(neededId(need) ?? '')) return [need]
      const upstream = survivingNeeds(tasks, gone, neededId(need)!).filter((task) => !seen.has(task))
      for (const task of upstream) seen.add(task)
      found ||= upstream.length > 0
      return upstream.map((task) => (isRecord(need) && need.when !== undefined ? { ...need, task } : task))
    })
    if (found) healed.set(id, replacement)
  }
  return healed
}

function survivingNeeds(
  tasks: { readonly [id: string]: Json },
  gone: ReadonlySet<string>,
  start: string,
): readonly string[] {
  const found = new Set<string>()
  const seen = new Set([start])
  const open = [start]
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    for (const need of listOf(recordOf(tasks[id]).needs)) {
      const upstream = neededId(need)
      if (upstream === undefined || seen.has(upstream) || !Object.hasOwn(tasks, upstream)) continue
      seen.add(upstream)
      if (gone.has(upstream)) open.push(upstream)
      else found.add(upstream)
    }
  }
  return [...found]
}

/** Takes tasks out of the groups they are in. */
export function leaveGroups(session: EditSession, ids: ReadonlySet<string>): void {
  const groups = recordOf(session.valueAt(['groups']))
  for (const group of Object.keys(groups)) {
    const members = listOf(recordOf(groups[group]).tasks)
    const gone = members.flatMap((member, index) => (typeof member === 'string' && ids.has(member) ? [index] : []))
    session.removeMany(['groups', group, 'tasks'], gone)
  }
}

function leaveHandlers(session: EditSession, ids: ReadonlySet<string>): void {
  for (const field of ['onSuccess', 'onFailure']) {
    const named = listOf(session.valueAt([field]))
    const left = named.filter((id) => typeof id !== 'string' || !ids.has(id))
    if (left.length === named.length) continue
    if (left.length === 0) session.remove([field])
    else session.set([field], left)
  }
}

/** Puts a new task between two connected ones: it needs `from`, and `to` needs it instead. */
export function insertTaskOnEdge(
  document: PipelineDocument,
  from: string,
  to: string,
  task: NewTask,
): Result<readonly TextPatch[]> {
  return edit(document, (session) => {
    const needs = needsOf(session, to)
    const index = needs.findIndex((need) => neededId(need) === from)
    if (session.valueAt(['tasks', from]) === undefined) return unknownTask(from)
    if (index === -1) return unknownTask(to)
    const old = needs[index]!
    const others = (task.needs ?? []).filter((need) => neededId(need) !== from)
    const refusal = putTask(session, { ...task, needs: [old, ...others] })
    if (refusal) return refusal
    session.set(['tasks', to, 'needs', index], task.id)
    return undefined
  })
}
