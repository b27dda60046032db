import type { TaskText } from '../model/kinds/kind-model.ts'
import { modelOf } from '../model/kinds/registry.ts'
import type { Parameter, Pipeline, Task } from '../model/pipeline.ts'
import { didYouMean } from '../model/suggestion.ts'
import { checkCode } from './code.ts'
import { staticTypes } from './declared-types.ts'
import { compileExpression, type Expression, namesIn, type Reference } from './expression.ts'
import { type Finding, type Outcome, shifted } from './finding.ts'
import { holesIn, parseTemplate } from './template.ts'

/** A finding in one text of a pipeline. `path`: its keys in the document; `start` and `end` count within the text. */
export interface PipelineFinding extends Finding {
  /** null: it stands in the pipeline's own `env`. */
  readonly task: string | null
  readonly path: readonly (string | number)[]
  /** The text that the finding's offsets count in. */
  readonly text: string
}

type Text = TaskText & { readonly text: string }

export interface PipelineCheck {
  readonly findings: readonly PipelineFinding[]
  /** Parameters that some expression uses; null where that cannot be told. */
  readonly usedParameters: ReadonlySet<string> | null
}

/**
 * Checks every expression of a pipeline without evaluating any: syntax, where it stands, and that what it names exists
 * and will be known by then. `ancestors`: ids of all tasks upstream of a task.
 */
export function checkExpressions(pipeline: Pipeline, ancestors: (task: string) => ReadonlySet<string>): PipelineCheck {
  const ids = new Set(pipeline.tasks.map((task) => task.id))
  const findings: PipelineFinding[] = []
  const references: Reference[] = []
  const typeOf = staticTypes(pipeline.params)
  let readable = true
  for (const [name, value] of pipeline.env) {
    const add = (finding: Finding) => findings.push({ ...finding, task: null, path: ['env', name], text: value })
    const parsed = parseTemplate(value)
    if (!parsed.ok) {
      readable = false
      for (const finding of parsed.findings) add(finding)
      continue
    }
    for (const { expression, start } of parsed.value.holes) {
      const { fault } = typeOf(expression)
      if (fault) add(shifted([fault], start + 3)[0]!)
      for (const reference of expression.references) {
        references.push(reference)
        const complaint = checkCommon(reference, pipeline)
        const offset = start + 3
        if (complaint) add({ ...complaint, start: offset + reference.start, end: offset + reference.end })
      }
    }
  }
  for (const task of pipeline.tasks) {
    for (const { text, parsed } of parsedTextsOf(task)) {
      const path = ['tasks', task.id, ...text.path]
      const add = (finding: Finding) => findings.push({ ...finding, task: task.id, path, text: text.text })
      if (!parsed.ok) {
        readable = false
        for (const finding of parsed.findings) add(finding)
        continue
      }
      for (const { expression, offset } of parsed.value) {
        const { type, fault } = typeOf(expression)
        const complaints = fault ? [fault] : isCondition(text) ? checkCondition(expression, type, pipeline) : []
        for (const finding of shifted(complaints, offset)) add(finding)
        for (const reference of expression.references) {
          references.push(reference)
          const complaint = checkReference(reference, { pipeline, task, ids, ancestors, text })
          if (complaint) add({ ...complaint, start: offset + reference.start, end: offset + reference.end })
        }
      }
    }
  }
  const params = references.filter((reference) => reference.root === 'params')
  const tellable = readable && params.every((reference) => reference.path.length > 0)
  return { findings, usedParameters: tellable ? new Set(params.map((reference) => reference.path[0])) : null }
}

/** What a value of the pipeline's `env` names must be known to every task, before any has run. */
function checkCommon(reference: Reference, pipeline: Pipeline): Complaint | null {
  const [name] = reference.path
  switch (reference.root) {
    case 'params':
      return checkParameterName(name, pipeline)
    case 'run':
      return checkRunField(name)
    case 'secrets': {
      const without = pipeline.tasks.find((task) => name !== undefined && !task.secrets.includes(name))
      if (without === undefined) return null
      return unknown(
        `\`${name}\` is not one of the secrets of ${without.id}, which has this variable too.`,
        'Set the variable in the `env` of the tasks that have the secret.',
      )
    }
    case 'env':
      return unknown("The pipeline's `env` is not known in itself.", 'Write the value, or use a parameter.')
    default:
      return unknown(
        `\`${reference.root}\` is not known in the pipeline's \`env\`, which holds for all tasks.`,
        'Set the variable in the `env` of the tasks that need it.',
      )
  }
}

function isCondition({ path }: Text): boolean {
  return path[0] === 'when' || path[0] === 'needs'
}

function checkCondition({ source, references }: Expression, type: string, { params }: Pipeline): readonly Finding[] {
  if (type === 'bool' || type === 'dyn') return []
  const [reference, ...others] = references
  const parameter =
    reference?.root === 'params' && others.length === 0 ? params.get(reference.path[0] ?? '') : undefined
  const comparison = reference === undefined ? null : comparisonOf(source.trim(), type, parameter)
  return [
    {
      code: 'CONDITION_NOT_BOOL',
      message: `\`${source.trim()}\` must be true or false, and is of type ${type}.`,
      hint:
        comparison === null ? 'Compare it with something, as in `params.mode == "full"`.' : `Write \`${comparison}\`.`,
      start: 0,
      end: source.length,
    },
  ]
}

/** What may be meant by a value that is no condition; null where nothing is likely. */
function comparisonOf(source: string, type: string, parameter: Parameter | undefined): string | null {
  const whole = /^[\w.]+(?:\[[^\]]*\][\w.]*)*$/.test(source) ? source : `(${source})`
  if (type === 'int' || type === 'double') return `${whole} > 0`
  if (type === 'string') return `${whole} == ${JSON.stringify(parameter?.enum?.[0] ?? (parameter?.default || 'true'))}`
  return type.startsWith('list') || type.startsWith('map') ? `size(${source}) > 0` : null
}

type Expressions = Outcome<readonly { readonly expression: Expression; readonly offset: number }[]>

interface ParsedText {
  readonly text: Text
  readonly parsed: Expressions
}

/** A task that an edit leaves alone stays the same object, and its expressions need no second look. */
const parsedTexts = new WeakMap<Task, readonly ParsedText[]>()

function parsedTextsOf(task: Task): readonly ParsedText[] {
  const known = parsedTexts.get(task) ?? textsOf(task).map((text) => ({ text, parsed: expressionsOf(text) }))
  parsedTexts.set(task, known)
  return known
}

function expressionsOf(text: Text): Expressions {
  if (text.allows && !text.text.includes('${{')) {
    const compiled = compileExpression(text.text)
    return compiled.ok ? { ok: true, value: [{ expression: compiled.value, offset: 0 }] } : compiled
  }
  const parsed = text.language ? checkCode(text.language, text.text) : parseTemplate(text.text)
  if (!parsed.ok) return parsed
  return { ok: true, value: parsed.value.holes.map(({ expression, start }) => ({ expression, offset: start + 3 })) }
}

/** Every text of a task that may hold expressions, under its path within the task. */
function textsOf(task: Task): Text[] {
  const texts: Text[] = []
  const add = (
    text: string | null,
    path: readonly (string | number)[],
    more: Pick<Text, 'language' | 'allows'> = {},
  ) => {
    if (text?.includes('${{') || (text !== null && more.allows)) texts.push({ path, text, ...more })
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
  for (const { text, path, ...more } of modelOf(task.kind).texts(task)) add(text, path, more)
  return texts
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
      return checkParameterName(name, pipeline)
    case 'secrets':
      if (name === undefined || task.secrets.includes(name)) return null
      return unknown(
        `\`${name}\` is not one of this task's secrets.`,
        `Add it: \`secrets: [${[...task.secrets, name].join(', ')}]\`.`,
      )
    case 'tasks':
      // A branch is decided after its task's success, so it may look at what the task found out.
      if (name === task.id && text.path[0] === 'branch' && reference.path[1] === 'outputs') return null
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
    case 'run':
      return checkRunField(name)
    case 'env':
      return null
  }
}

function checkParameterName(name: string | undefined, { params }: Pipeline): Complaint | null {
  if (name === undefined || params.has(name)) return null
  return unknown(
    `The pipeline has no parameter \`${name}\`.`,
    didYouMean(name, params.keys(), 'Declare it under `params`.'),
  )
}

const RUN_FIELDS = ['id', 'logicalDate', 'dataInterval']

function checkRunField(name: string | undefined): Complaint | null {
  if (name === undefined || RUN_FIELDS.includes(name)) return null
  return unknown(
    `A run has no \`${name}\`.`,
    didYouMean(name, RUN_FIELDS, 'It has `id`, `logicalDate` and `dataInterval`.'),
  )
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

/** A place where a text names a task or a parameter. Offsets into the text. */
export interface Mention {
  readonly id: string
  readonly start: number
  readonly end: number
  /** `.clean`, `["clean"]`, or a text of its own, as `branch` gives them. */
  readonly form: 'dot' | 'bracket' | 'text'
}

const MEMBER = /^(?:tasks|params)\s*(?<member>\.\s*\w+|\[[^\]]*\])/

/**
 * Every mention of a member of `root` in the expressions of a text, in order, also in those that have other faults than
 * their syntax. `bare`: the text may be an expression without `${{ }}`. `texts`: texts that an expression may give are mentions, too.
 */
export function mentionsIn(
  text: string,
  root: 'tasks' | 'params',
  options: { readonly bare: boolean; readonly texts: boolean },
): readonly Mention[] {
  return sourcesIn(text, options.bare).flatMap(({ source, offset }) => {
    const names = namesIn(source)
    if (!names) return []
    const mentions: Mention[] = names.references.flatMap((reference) => {
      const id = reference.root === root ? reference.path[0] : undefined
      const member = MEMBER.exec(source.slice(reference.start))
      if (id === undefined || !member?.groups?.member) return []
      const end = offset + reference.start + member[0].length
      const form = member.groups.member.startsWith('[') ? 'bracket' : 'dot'
      return [{ id, start: end - member.groups.member.length, end, form }]
    })
    for (const { text: id, start, end } of options.texts ? names.given : []) {
      mentions.push({ id, start: offset + start, end: offset + end, form: 'text' })
    }
    return mentions.sort((a, b) => a.start - b.start)
  })
}

function sourcesIn(text: string, bare: boolean): readonly { readonly source: string; readonly offset: number }[] {
  if (bare && !text.includes('${{')) return [{ source: text, offset: 0 }]
  return holesIn(text).flatMap(({ start, end }) =>
    end < 0 ? [] : [{ source: text.slice(start + 3, end - 2), offset: start + 3 }],
  )
}
