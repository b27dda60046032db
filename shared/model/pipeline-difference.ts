import { formatDuration } from './duration.ts'
import type { Group, Need, Note, Pipeline, Task } from './pipeline.ts'
import { type Steps, takeAll } from './steps.ts'

/**
 * What differs in meaning between two versions of one pipeline. Tasks are matched by id, renamed ones by the earlier ids
 * they keep, so that a rename is a change of the task and of nothing that refers to it.
 */
export interface PipelineDifference {
  /** In file order of the later version, then those that are gone. */
  readonly tasks: readonly TaskChange[]
  /** By the later version's ids where the task still is. In its file order, then those that are gone. */
  readonly edges: readonly EdgeChange[]
  /** Everything else but places: name, parameters, groups, texts of notes. */
  readonly pipeline: readonly FieldChange[]
  /** Ids of tasks that both have and that have another place on the canvas. */
  readonly moved: readonly string[]
}

export interface TaskChange {
  readonly task: string
  readonly change: 'added' | 'removed' | 'changed'
  /** Of a changed task. */
  readonly fields: readonly FieldChange[]
}

export interface FieldChange {
  readonly field: string
  /** null: it was (or is) not set. */
  readonly before: string | null
  readonly after: string | null
}

export interface EdgeChange {
  readonly from: string
  readonly to: string
  /** changed: it has another condition. */
  readonly change: 'added' | 'removed' | 'changed'
}

export function pipelineDifference(before: Pipeline, after: Pipeline): PipelineDifference {
  const later = laterIds(before, after)
  return {
    tasks: taskChanges(before, after),
    edges: edgeChanges(before, after, later),
    pipeline: fieldChanges(sharedFields(before, later), sharedFields(after)),
    moved: movedTasks(before, after, later),
  }
}

/** Places aside. */
export function isSameMeaning({ tasks, edges, pipeline }: PipelineDifference): boolean {
  return tasks.length + edges.length + pipeline.length === 0
}

/** By id in the earlier version: its id in the later one. What was removed is not in the map. */
export function laterIds(before: Pipeline, after: Pipeline): ReadonlyMap<string, string> {
  const free = new Set(before.tasks.map((task) => task.id))
  const later = new Map<string, string>()
  const take = (old: string | undefined, id: string) => {
    if (old === undefined) return
    free.delete(old)
    later.set(old, id)
  }
  // Same ids first: an alias must not take the task of one that is still there under its own id.
  for (const { id } of after.tasks) take(free.has(id) ? id : undefined, id)
  const matched = new Set(later.values())
  for (const { id, aliases } of after.tasks) {
    if (!matched.has(id))
      take(
        aliases.findLast((alias) => free.has(alias)),
        id,
      )
  }
  return later
}

const NOTHING: ReadonlySet<string> = new Set()

/** Fields that say which task it is, not what it is. */
const IDENTITY: ReadonlySet<string> = new Set(['id', 'aliases'])

/** Which tasks came, went or changed; a change of the fields in `ignored` is none. */
export function taskChanges(before: Pipeline, after: Pipeline, ignored: ReadonlySet<string> = NOTHING): TaskChange[] {
  return takeAll(taskChangeSteps(before, after, ignored))
}

/** About a millisecond's. */
const TASKS_A_STEP = 100

export function* taskChangeSteps(before: Pipeline, after: Pipeline, ignored: ReadonlySet<string>): Steps<TaskChange[]> {
  const later = laterIds(before, after)
  const earlier = new Map(
    before.tasks.flatMap((task) => (later.has(task.id) ? [[later.get(task.id)!, task] as const] : [])),
  )
  const fieldsOf = (task: Task): ReadonlyMap<string, unknown> =>
    new Map(
      Object.entries({ ...task, needs: needsText(task.needs) }).filter(
        ([field]) => !ignored.has(field) && !IDENTITY.has(field),
      ),
    )
  const changes: TaskChange[] = []
  for (const [at, task] of after.tasks.entries()) {
    if (at % TASKS_A_STEP === 0) yield
    const old = earlier.get(task.id)
    if (!old) {
      changes.push({ task: task.id, change: 'added', fields: [] })
      continue
    }
    const renamed = old.id === task.id ? [] : [{ field: 'id', before: old.id, after: task.id }]
    const fields = [...renamed, ...fieldChanges(fieldsOf(withLaterIds(old, later)), fieldsOf(task))]
    if (fields.length > 0) changes.push({ task: task.id, change: 'changed', fields })
  }
  const gone = before.tasks.filter((task) => !later.has(task.id))
  return [...changes, ...gone.map(({ id }): TaskChange => ({ task: id, change: 'removed', fields: [] }))]
}

/** "load, clean (when …)"; null where there are none. */
function needsText(needs: readonly Need[]): string | null {
  const texts = needs.map(({ task, when }) => (when === null ? task : `${task} (when ${when})`))
  return texts.length === 0 ? null : texts.join(', ')
}

/** A task whose name follows its id is named by the later id, and it refers to the others by theirs. */
function withLaterIds(task: Task, later: ReadonlyMap<string, string>): Task {
  const idNow = (id: string) => later.get(id) ?? id
  const { forEach } = task
  return {
    ...task,
    name: task.name === task.id ? idNow(task.id) : task.name,
    needs: task.needs.map((need) => ({ ...need, task: idNow(need.task) })),
    branch: task.branch === null ? null : idNow(task.branch),
    forEach: forEach?.type === 'each' ? { ...forEach, task: idNow(forEach.task) } : forEach,
  }
}

function edgeChanges(before: Pipeline, after: Pipeline, later: ReadonlyMap<string, string>): EdgeChange[] {
  const old = edgesOf(before, later)
  const changes: EdgeChange[] = []
  for (const [key, { from, to, when }] of edgesOf(after)) {
    const earlier = old.get(key)
    old.delete(key)
    if (!earlier) changes.push({ from, to, change: 'added' })
    else if (earlier.when !== when) changes.push({ from, to, change: 'changed' })
  }
  return [...changes, ...[...old.values()].map(({ from, to }): EdgeChange => ({ from, to, change: 'removed' }))]
}

interface Edge {
  readonly from: string
  readonly to: string
  readonly when: Need['when']
}

function edgesOf({ tasks }: Pipeline, later?: ReadonlyMap<string, string>): Map<string, Edge> {
  const idNow = (id: string) => later?.get(id) ?? id
  return new Map(
    tasks.flatMap((task) =>
      task.needs.map(({ task: need, when }) => {
        const edge = { from: idNow(need), to: idNow(task.id), when }
        return [`${edge.from}\n${edge.to}`, edge] as const
      }),
    ),
  )
}

/** By the name under which a change of it is shown. */
function sharedFields(pipeline: Pipeline, later?: ReadonlyMap<string, string>): ReadonlyMap<string, unknown> {
  const { tasks: _, canvas: __, groups, notes, params, env, pools, ...plain } = pipeline
  const idNow = (id: string) => later?.get(id) ?? id
  const group = ({ id, name, tasks, color }: Group) =>
    [`group ${id}`, `${name}${color === null ? '' : ` (${color})`}: ${tasks.map(idNow).join(', ')}`] as const
  return new Map<string, unknown>([
    ...Object.entries({ ...plain, onSuccess: plain.onSuccess.map(idNow), onFailure: plain.onFailure.map(idNow) }),
    ...[...params].map(([name, parameter]) => [`parameter ${name}`, parameter] as const),
    ...[...env].map(([name, value]) => [`env ${name}`, value] as const),
    ...[...pools].map(([name, slots]) => [`pool ${name}`, slots] as const),
    ...groups.map(group),
    ...notes.map(({ id, text }: Note) => [`note ${id}`, text] as const),
  ])
}

function movedTasks(before: Pipeline, after: Pipeline, later: ReadonlyMap<string, string>): string[] {
  return [...later].flatMap(([old, id]) => {
    const [was, is] = [before.canvas.get(old), after.canvas.get(id)]
    return was?.[0] === is?.[0] && was?.[1] === is?.[1] ? [] : [id]
  })
}

/** `both`: only fields that both have; what one never had has not changed. */
export function fieldChanges(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
  both = false,
): FieldChange[] {
  const changes: FieldChange[] = []
  for (const field of new Set([...before.keys(), ...after.keys()])) {
    if (both && !(before.has(field) && after.has(field))) continue
    const [was, is] = [textOf(field, before.get(field)), textOf(field, after.get(field))]
    if (was !== is) changes.push({ field, before: was, after: is })
  }
  return changes
}

const TIMES: ReadonlySet<string> = new Set(['timeout', 'delay', 'maxDelay'])

/** As a person would write it; null for what is not set. */
function textOf(field: string, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return value
  if (typeof value === 'number' && TIMES.has(field)) return formatDuration(value)
  return JSON.stringify(value, (key, part: unknown) => {
    if (part instanceof Map) return part.size === 0 ? {} : Object.fromEntries(part)
    return typeof part === 'number' && TIMES.has(key) ? formatDuration(part) : part
  })
}
