import { parseDocument } from '#shared/model/document.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { reachable, taskGraph } from '#shared/model/task-graph.ts'

export interface Suggestion {
  readonly label: string
  readonly detail: string
  readonly kind: 'task' | 'value'
  /** What takes the place of the dot before it and of what follows: a name that CEL cannot read behind a dot. */
  readonly bracket?: string
}

/**
 * As `suggestionsAt`, in the code of a task: only what an expression may name.
 * @param task the task's id; null where it is not known
 */
export function expressionSuggestionsAt(text: string, task: string | null, before: string): readonly Suggestion[] {
  const opened = before.lastIndexOf('${{')
  if (opened <= before.lastIndexOf('}}')) return []
  const { pipeline } = parseDocument(text)
  if (pipeline === null) return []
  return expressionSuggestions(pipeline, tasksBefore(pipeline, task, false), before.slice(opened + 3))
}

/** Keys under which ids of tasks stand. */
const TASK_KEYS: ReadonlySet<string> = new Set(['needs', 'task', 'each', 'tasks', 'branch'])

/**
 * What stands in the document and may be named at a place of it: tasks in `needs` and the like, pools, and inside
 * `${{ }}` parameters, tasks and the rest of an expression's surroundings.
 * @param above the lines before the cursor's, first to last
 * @param before the cursor's line up to the cursor
 */
export function suggestionsAt(text: string, above: readonly string[], before: string): readonly Suggestion[] {
  const opened = before.lastIndexOf('${{')
  const inExpression = opened > before.lastIndexOf('}}')
  const key = keyAt(above, before)
  // Asked at every key: the text is read only where something of it may be named.
  if (!inExpression && key !== 'pool' && (key === null || !TASK_KEYS.has(key))) return []
  const { pipeline } = parseDocument(text)
  if (pipeline === null) return []
  if (inExpression) {
    const known = tasksBefore(pipeline, taskAt(above, before), key === 'branch')
    return expressionSuggestions(pipeline, known, before.slice(opened + 3))
  }
  if (key === 'pool') return [...pipeline.pools.keys()].map((name) => ({ label: name, detail: 'Pool', kind: 'value' }))
  // At the top level `tasks` holds the tasks themselves; only in a group does it name them.
  const namesTasks = key !== null && TASK_KEYS.has(key) && !(key === 'tasks' && /^\S/.test(lineOfKey(above, before)))
  return namesTasks ? taskSuggestions(pipeline.tasks) : []
}

/** The tasks whose outcome an expression of `task` may use: those upstream of it, and in its branch itself. All for an unknown one. */
function tasksBefore(pipeline: Pipeline, task: string | null, itself: boolean): readonly Task[] {
  const { tasks, upstreams } = taskGraph(pipeline.tasks)
  if (task === null || !tasks.has(task)) return pipeline.tasks
  const before = reachable(upstreams, task)
  return pipeline.tasks.filter(({ id }) => (id === task ? itself : before.has(id)))
}

function taskSuggestions(tasks: readonly Task[]): readonly Suggestion[] {
  return tasks.map((task) => ({ label: task.id, detail: task.kind, kind: 'task' }))
}

/** @param known the tasks whose outcome the expression may use */
function expressionSuggestions(pipeline: Pipeline, known: readonly Task[], expression: string): readonly Suggestion[] {
  const path = /([A-Za-z_][\w.]*)?$/.exec(expression)?.[0].split('.') ?? []
  const values = (entries: readonly (readonly [label: string, detail: string])[]): readonly Suggestion[] =>
    entries.map(([label, detail]) => ({ label, detail, kind: 'value' }))
  if (path.length <= 1) return values(ROOTS)
  const [root, id] = path
  if (root === 'params' && path.length === 2) {
    return values([...pipeline.params].map(([name, parameter]) => [name, parameter.type])).map(behindDot)
  }
  if (root === 'env' && path.length === 2) return values([...pipeline.env.keys()].map((name) => [name, 'Variable']))
  if (root === 'run' && path.length === 2) {
    return values(['id', 'logicalDate', 'dataInterval'].map((name) => [name, 'Of the run']))
  }
  if (root === 'run' && id === 'dataInterval') return values(['start', 'end'].map((name) => [name, 'Of the interval']))
  if (root !== 'tasks') return []
  if (path.length === 2) return taskSuggestions(known).map(behindDot)
  const task = known.find((other) => other.id === id)
  if (task === undefined) return []
  if (path.length === 3) return values(['outputs', 'state'].map((name) => [name, `Of ${id}`]))
  return path[2] === 'outputs' ? values([...task.outputs.keys()].map((name) => [name, 'Output'])).map(behindDot) : []
}

function behindDot(found: Suggestion): Suggestion {
  return /^[A-Za-z_]\w*$/.test(found.label) ? found : { ...found, bracket: `[${JSON.stringify(found.label)}]` }
}

const ROOTS: readonly (readonly [string, string])[] = [
  ['params', 'Parameters of the run'],
  ['tasks', 'State and outputs of earlier tasks'],
  ['run', 'Id, logical date and data interval'],
  ['env', 'Environment of the pipeline and the task'],
  ['secrets', 'Declared secrets of the task'],
  ['item', 'In a mapped task: what it repeats over'],
  ['index', 'In a mapped task: its number, from 0'],
]

/** The task in whose entry the cursor stands, told by the indent of the keys below `tasks`; null where it is in none. */
function taskAt(above: readonly string[], before: string): string | null {
  const lines = [...above, before]
  const top = lines.findLastIndex((line) => /^[^\s#]/.test(line))
  if (!/^tasks\s*:\s*(#.*)?$/.test(lines[top] ?? '')) return null
  const entries = lines.slice(top + 1).filter((line) => /^\s+[^\s#]/.test(line))
  const indent = /^\s+/.exec(entries[0] ?? '')?.[0]
  const entry = entries.findLast((line) => /^\s+/.exec(line)?.[0] === indent)
  const key = /^\s+(?:"([^"]*)"|'([^']*)'|([^\s:]+))\s*:/.exec(entry ?? '')
  return key?.slice(1).find((name) => name !== undefined) ?? null
}

/** The key whose value is being written: on the same line, or that of the list the line belongs to. */
function keyAt(above: readonly string[], before: string): string | null {
  const line = lineOfKey(above, before)
  const keys = [...line.matchAll(/([A-Za-z_][\w-]*)\s*:(?=\s|$)/g)]
  return keys.at(-1)?.[1] ?? null
}

function lineOfKey(above: readonly string[], before: string): string {
  const listItem = /^(\s*)-\s+[^:]*$/.exec(before)
  if (listItem === null) return before
  const indent = listItem[1]?.length ?? 0
  return (
    above.findLast((line) => {
      const own = line.length - line.trimStart().length
      return line.trim() !== '' && (own < indent || (own === indent && !line.trimStart().startsWith('-')))
    }) ?? before
  )
}
