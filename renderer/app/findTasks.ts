import { type TextRenderer, taskCode } from '#shared/expression/task-code.ts'
import type { InstanceState } from '#shared/journal/event.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'

export interface TaskHit {
  readonly task: Task
  readonly state: InstanceState | null
  /** The line of code that matched, where the name did not. */
  readonly line: string | null
}

interface Query {
  readonly words: readonly string[]
  readonly filters: readonly (readonly [field: string, value: string])[]
}

const FIELDS = ['kind', 'state', 'owner', 'tag', 'layer', 'id']

/** "copy kind:shell": words anywhere in name, id or code, and filters by field. All must fit; letter case does not matter. */
function readQuery(text: string): Query {
  const parts = text.toLowerCase().split(/\s+/).filter(Boolean)
  const words: string[] = []
  const filters: (readonly [string, string])[] = []
  for (const part of parts) {
    const colon = part.indexOf(':')
    const field = part.slice(0, colon)
    if (colon > 0 && FIELDS.includes(field)) filters.push([field, part.slice(colon + 1)])
    else words.push(part)
  }
  return { words, filters }
}

/** The tasks that fit, in file order, those that fit by name first. */
export function findTasks(
  pipeline: Pipeline,
  text: string,
  stateOf: (task: string) => InstanceState | null,
): readonly TaskHit[] {
  const query = readQuery(text)
  const byName: TaskHit[] = []
  const byCode: TaskHit[] = []
  for (const task of pipeline.tasks) {
    const state = stateOf(task.id)
    if (!query.filters.every(([field, value]) => fits(task, state, field, value))) continue
    const named = `${task.id} ${task.name} ${task.kind} ${task.tags.join(' ')}`.toLowerCase()
    const rest = query.words.filter((word) => !named.includes(word))
    if (rest.length === 0) {
      byName.push({ task, state, line: null })
      continue
    }
    const { code } = taskCode(task, false, AS_WRITTEN)
    const lower = code.toLowerCase()
    if (!rest.every((word) => lower.includes(word))) continue
    const line = code.split('\n').find((one) => one.toLowerCase().includes(rest[0]!))
    byCode.push({ task, state, line: line?.trim() ?? null })
  }
  return [...byName, ...byCode]
}

function fits(task: Task, state: InstanceState | null, field: string, value: string): boolean {
  if (field === 'kind') return task.kind.startsWith(value)
  if (field === 'state') return (state ?? '').startsWith(value)
  if (field === 'owner') return task.owner.toLowerCase().includes(value)
  if (field === 'tag') return task.tags.some((tag) => tag.toLowerCase().includes(value))
  if (field === 'layer') return task.layer.toLowerCase().includes(value)
  return task.id.toLowerCase().includes(value)
}

const AS_WRITTEN: TextRenderer = {
  text: (template) => template,
  url: (template) => template,
  code: (_language, template) => ({ code: template, env: {} }),
}
