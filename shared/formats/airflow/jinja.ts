import type { Translation } from './cel.ts'
import { piecesOf, type TaskContext } from './task-context.ts'

/** What a value becomes where it stands: a shell word, plain text, a literal of a language. */
export type JinjaFilter = 'quote' | 'text' | 'sql' | 'python' | 'tojson'

/**
 * A text of the pipeline as a template of Jinja: expressions in `{{ }}`, all else as it is. Text that Jinja would take
 * for its own (`{{`, `{%`, and `{#` as in `${#array[@]}`) is wrapped in a raw block.
 * `item`: what stands for the item of a mapped task; null where nothing can.
 */
export function jinjaTemplate(
  text: string,
  filter: JinjaFilter,
  context: TaskContext,
  field: string,
  item: (source: string) => string | null = () => null,
): string {
  let template = ''
  for (const piece of piecesOf(text)) {
    if (piece.type === 'text') {
      template += rawText(piece.text)
      continue
    }
    if (template.endsWith('{')) template = `${template.slice(0, -1)}{{ "{" }}`
    template += item(piece.source) ?? hole(context.jinja(piece.source, field), filter, context)
  }
  // Airflow takes a value that ends like a script's name for a file to load.
  return /\.(sh|bash|sql|json)$/.test(template) ? `${template}{{ "" }}` : template
}

function hole(translation: Translation, filter: JinjaFilter, context: TaskContext): string {
  const { text } = translation
  if (filter === 'text' && isText(text, context)) return `{{ ${text} }}`
  if (filter === 'sql') {
    return `{{ ${text} | ${context.file.filter(translation.identifier ? 'sql_identifier' : 'sql_literal')} }}`
  }
  return `{{ ${text} | ${filter === 'tojson' ? filter : context.file.filter(filter)} }}`
}

/** What Jinja prints as Dagwright would: text and whole numbers. */
function isText(text: string, context: TaskContext): boolean {
  if (/^(ts|run_id|var\.value\.\w+|data_interval_(start|end)\.isoformat\(\))$/.test(text)) return true
  const type = context.pipeline.params.get(/^params\.(\w+)$/.exec(text)?.[1] ?? '')?.type
  return type === 'string' || type === 'integer'
}

export function rawText(text: string): string {
  if (!/\{[{%#]/.test(text)) return text
  if (!/\{%-?\s*endraw/.test(text)) return `{% raw %}${text}{% endraw %}`
  return text.replace(/\{(?=[{%#])/g, '{{ "{" }}')
}
