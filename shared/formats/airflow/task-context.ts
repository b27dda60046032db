import { parseTemplate } from '../../expression/template.ts'
import type { Pipeline, Task } from '../../model/pipeline.ts'
import { type CelScope, type Dialect, quote, type Translation, translateCel } from './cel.ts'
import type { PythonFile } from './python-file.ts'

/** A text as it alternates between what stands there and what an expression puts there. */
export type Piece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'hole'; readonly source: string }

export function piecesOf(text: string): readonly Piece[] {
  const template = parseTemplate(text)
  if (!template.ok) return [{ type: 'text', text }]
  const pieces: Piece[] = []
  let at = 0
  for (const hole of template.value.holes) {
    if (hole.start > at) pieces.push({ type: 'text', text: text.slice(at, hole.start) })
    pieces.push({ type: 'hole', source: hole.expression.source.trim() })
    at = hole.end
  }
  if (at < text.length) pieces.push({ type: 'text', text: text.slice(at) })
  return pieces
}

/** The CEL of a field that is one expression, with or without `${{ }}`. */
export function soleExpression(text: string): string {
  const [first, ...rest] = piecesOf(text.trim())
  return first?.type === 'hole' && rest.length === 0 ? first.source : text.trim()
}

/** One task on its way into the file: how its expressions are written, and what they need around them. */
export class TaskContext {
  readonly file: PythonFile
  readonly pipeline: Pipeline
  readonly task: Task
  /** Context variables that the task's function reads. */
  readonly variables = new Set<string>()
  private readonly scope: CelScope

  constructor(file: PythonFile, pipeline: Pipeline, task: Task) {
    this.file = file
    this.pipeline = pipeline
    this.task = task
    const mapped = new Set(pipeline.tasks.filter((other) => other.forEach !== null).map((other) => other.id))
    const fixed = [...pipeline.env, ...task.env].filter(([, value]) => !value.includes('${{'))
    this.scope = {
      parameterType: (name) => pipeline.params.get(name)?.type,
      mapped: (id) => mapped.has(id),
      env: new Map(fixed),
      item: task.forEach === null ? null : 'item',
      response: null,
    }
  }

  /** An expression as Python, for a task function. */
  python(source: string, field: string, response: string | null = null): string {
    const translation = translateCel(source, 'python', { ...this.scope, response })
    if (translation === null) return this.untranslated(source, field, 'python')
    this.uses(translation)
    return translation.text
  }

  /** An expression as Jinja, without the braces. `item`: what stands for it, null where nothing can. */
  jinja(source: string, field: string, item: string | null = null): Translation {
    const translation = translateCel(source, 'jinja', { ...this.scope, item })
    if (translation !== null) return translation
    const text = this.untranslated(source, field, 'jinja')
    return { text, context: new Set(), names: new Set(), identifier: false }
  }

  /** The arguments by which Airflow hands the context to a function, in a fixed order. */
  signature(...first: readonly string[]): string {
    const names = ['params', 'ti', 'run_id', 'ts', 'data_interval_start', 'data_interval_end']
    return [...first, ...names.filter((name) => this.variables.has(name)).map((name) => `${name}=None`)].join(', ')
  }

  loss(field: string, feature: string, message: string, instead: string): void {
    this.file.report.add(this.task.id, field, { feature, message, instead })
  }

  private uses(translation: Translation): void {
    for (const variable of translation.context) {
      if (variable !== 'item') this.variables.add(variable)
    }
    for (const name of translation.names) {
      if (name === 'Variable') this.file.importFrom('airflow.sdk', name)
      else this.file.import(name)
    }
  }

  private untranslated(source: string, field: string, dialect: Dialect): string {
    this.file.helper('untranslated')
    if (dialect === 'jinja') this.file.usesUntranslatedMacro = true
    this.loss(
      field,
      'Expressions',
      `\`${source}\` has no equal in ${dialect === 'jinja' ? "Airflow's templates" : 'Python'}.`,
      'A call that fails and names the expression.',
    )
    return `untranslated(${quote(source)})`
  }
}
