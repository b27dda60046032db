import type { Json, Task } from '../model/pipeline.ts'
import type { Language, RenderedCode } from './code.ts'

/** How the texts of a task get their values. */
export interface TextRenderer {
  text(template: string): string
  url(template: string): string
  code(language: Language, template: string): RenderedCode
}

export interface TaskCode extends RenderedCode {
  /** `text`: an http request, or nothing. */
  readonly language: Language | 'text'
}

/** What a task runs, as one text with the values of its expressions. Throws what `render` throws. */
export function taskCode(task: Task, windows: boolean, render: TextRenderer): TaskCode {
  switch (task.kind) {
    case 'shell': {
      const language = shellLanguage(task.shell, windows)
      return { language, ...render.code(language, task.run) }
    }
    case 'python':
    case 'javascript':
      return { language: task.kind, ...render.code(task.kind, task.code) }
    case 'sql':
    case 'check':
      return { language: 'sql', code: sqlText(task, render), env: {} }
    case 'http':
      return { language: 'text', code: httpText(task, render), env: {} }
    case 'noop':
      return { language: 'text', code: '', env: {} }
  }
}

function shellLanguage(shell: Extract<Task, { kind: 'shell' }>['shell'], windows: boolean): Language {
  if (shell === 'powershell' || (shell === null && windows)) return 'powershell'
  return shell === 'cmd' ? 'cmd' : 'shell'
}

function sqlText(task: Extract<Task, { kind: 'sql' | 'check' }>, render: TextRenderer): string {
  const queries = [...task.outputs].map(([name, sql]) => `\n-- output ${name}\n${render.code('sql', sql).code}`)
  return render.code('sql', task.sql).code + queries.join('')
}

function httpText(task: Extract<Task, { kind: 'http' }>, render: TextRenderer): string {
  const headers = [...task.headers].map(([name, value]) => `\n${name}: ${render.text(value)}`)
  const body = task.body === null ? '' : `\n\n${render.text(task.body)}`
  return `${task.method} ${render.url(task.url)}${headers.join('')}${body}`
}

/** Secrets as a rendered text shows them: by name. */
export function secretsByName(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, `\${{ secrets.${name} }}`]))
}

/** Fields that say what a task does beside its code; expressions as written, since their values stand in the code. */
export function workFields(task: Task): Readonly<Record<string, Json>> {
  const none = { kind: task.kind, outputs: [...task.outputs].map((pair) => [...pair]) }
  switch (task.kind) {
    case 'shell':
      return { ...none, shell: task.shell }
    case 'sql':
      return { ...none, database: task.database, connection: task.connection, transaction: task.transaction }
    case 'check':
      return { ...none, database: task.database, connection: task.connection, severity: task.severity }
    case 'http':
      return { ...none, expect: task.expect }
    default:
      return none
  }
}
