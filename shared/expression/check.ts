import type { Pipeline, Task } from '../model/pipeline.ts'
import { didYouMean } from '../model/suggestion.ts'
import { checkCode, type Language } from './code.ts'
import type { Reference } from './expression.ts'
import type { Finding } from './finding.ts'
import { parseTemplate } from './template.ts'

/** A finding in one text of a pipeline. `path`: its keys in the document; `start` and `end` count within the text. */
export interface PipelineFinding extends Finding {
  readonly task: string
  readonly path: readonly (string | number)[]
  /** The text that the finding's offsets count in. */
  readonly text: string
}

interface Text {
  readonly path: readonly (string | number)[]
  readonly text: string
  /** undefined: a template (a text with values in it). */
  readonly language?: Language
  readonly allows?: 'response'
}

/**
 * Checks every expression of a pipeline without evaluating any: syntax, where it stands, and that what it names exists
 * and will be known by then. `ancestors`: ids of all tasks upstream of a task.
 */
export function checkExpressions(
  pipeline: Pipeline,
  ancestors: (task: string) => ReadonlySet<string>,
): PipelineFinding[] {
  const ids = new Set(pipeline.tasks.map((task) => task.id))
  return pipeline.tasks.flatMap((task) =>
    textsOf(task).flatMap((text) => {
      const parsed = text.language ? checkCode(text.language, text.text) : parseTemplate(text.text)
      const findings = parsed.ok
        ? parsed.value.holes.flatMap((hole) =>
            hole.expression.references.flatMap((reference) => {
              const finding = checkReference(reference, { pipeline, task, ids, ancestors, text })
              return finding
                ? [{ ...finding, start: hole.start + 3 + reference.start, end: hole.start + 3 + reference.end }]
                : []
            }),
          )
        : parsed.findings
      return findings.map((finding) => ({
        ...finding,
        task: task.id,
        path: ['tasks', task.id, ...text.path],
        text: text.text,
      }))
    }),
  )
}

/** Every text of a task that may hold expressions, under its path within the task. */
export function textsOf(task: Task): Text[] {
  const texts: Text[] = []
  const add = (
    text: string | null,
    path: readonly (string | number)[],
    more: Pick<Text, 'language' | 'allows'> = {},
  ) => {
    if (text?.includes('${{')) texts.push({ path, text, ...more })
  }
  task.needs.forEach((need, i) => {
    add(need.when, ['needs', i, 'when'])
  })
  add(task.when, ['when'])
  add(task.branch, ['branch'])
  if (task.forEach?.type === 'list' && typeof task.forEach.list === 'string') add(task.forEach.list, ['forEach'])
  if (task.forEach?.type === 'matrix') {
    for (const [name, list] of task.forEach.matrix) if (typeof list === 'string') add(list, ['forEach', 'matrix', name])
  }
  for (const [name, value] of task.env) add(value, ['env', name])
  add(task.cwd, ['cwd'])
  task.reads.forEach((path, i) => {
    add(path, ['reads', i])
  })
  task.writes.forEach((path, i) => {
    add(path, ['writes', i])
  })
  addOfKind(task, add)
  return texts
}

function addOfKind(
  task: Task,
  add: (text: string | null, path: readonly (string | number)[], more?: Pick<Text, 'language' | 'allows'>) => void,
): void {
  switch (task.kind) {
    case 'shell':
      add(task.run, ['run'], {
        language: task.shell === 'powershell' || task.shell === 'cmd' ? task.shell : 'shell',
      })
      return
    case 'python':
    case 'javascript':
      add(task.code, ['code'], { language: task.kind })
      return
    case 'sql':
    case 'check':
      add(task.sql, ['sql'], { language: 'sql' })
      for (const [name, query] of task.outputs) add(query, ['outputs', name], { language: 'sql' })
      return
    case 'http':
      add(task.url, ['url'])
      for (const [name, value] of task.headers) add(value, ['headers', name])
      add(task.body, ['body'])
      for (const [name, value] of task.outputs) add(value, ['outputs', name], { allows: 'response' })
      return
    case 'noop':
      return
  }
}

interface Context {
  readonly pipeline: Pipeline
  readonly task: Task
  readonly ids: ReadonlySet<string>
  readonly ancestors: (task: string) => ReadonlySet<string>
  readonly text: Text
}

type Complaint = Pick<Finding, 'code' | 'message' | 'hint'>

function unknown(message: string, hint: string): Complaint {
  return { code: 'EXPRESSION_UNKNOWN_NAME', message, hint }
}

function checkReference(reference: Reference, context: Context): Complaint | null {
  const { pipeline, task, text } = context
  const name = reference.path[0]
  switch (reference.root) {
    case 'params':
      if (name === undefined || pipeline.params.has(name)) return null
      return unknown(
        `The pipeline has no parameter \`${name}\`.`,
        didYouMean(name, pipeline.params.keys(), `Declare it under \`params\`.`),
      )
    case 'secrets':
      if (name === undefined || task.secrets.includes(name)) return null
      return unknown(
        `\`${name}\` is not one of this task's secrets.`,
        `Add it: \`secrets: [${[...task.secrets, name].join(', ')}]\`.`,
      )
    case 'tasks':
      return name === undefined ? null : checkTask(name, context)
    case 'item':
    case 'index':
      if (task.forEach !== null) return null
      return unknown(
        `\`${reference.root}\` exists only in a task with \`forEach\`.`,
        'Add `forEach` to the task, or name the value otherwise.',
      )
    case 'response':
      if (text.allows === 'response') return null
      return unknown(
        '`response` exists only in the outputs of an http task.',
        'Hand it on as an output, and use `tasks.ID.outputs.KEY`.',
      )
    case 'run': {
      const known = ['id', 'logicalDate', 'dataInterval']
      if (name === undefined || known.includes(name)) return null
      return unknown(
        `A run has no \`${name}\`.`,
        didYouMean(name, known, 'It has `id`, `logicalDate` and `dataInterval`.'),
      )
    }
    case 'env':
      return null
  }
}

function checkTask(name: string, { task, ids, ancestors }: Context): Complaint | null {
  if (!ids.has(name)) return unknown(`There is no task \`${name}\`.`, didYouMean(name, ids, 'Check its id.'))
  if (name === task.id) return unknown(`${name} can't use its own outcome.`, 'Only tasks upstream are known by then.')
  if (ancestors(task.id).has(name)) return null
  return unknown(
    `${name} is not upstream of ${task.id}, so its outcome is not known by then.`,
    `Add \`${name}\` to the needs of ${task.id}.`,
  )
}

/** The ids of tasks whose outcome a text uses, for renaming; findings are ignored. */
export function taskReferences(text: string): { id: string; start: number; end: number }[] {
  const parsed = parseTemplate(text)
  if (!parsed.ok) return []
  return parsed.value.holes.flatMap((hole) =>
    hole.expression.references
      .filter((reference) => reference.root === 'tasks' && reference.path.length > 0)
      .map((reference) => ({
        id: reference.path[0],
        start: hole.start + 3 + reference.start,
        end: hole.start + 3 + reference.end,
      })),
  )
}
