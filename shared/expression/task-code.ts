import { modelOf } from '../model/kinds/registry.ts'
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
  return modelOf(task.kind).code(task, render, windows)
}

/** Secrets as a rendered text shows them: by name. */
export function secretsByName(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name, `\${{ secrets.${name} }}`]))
}

/** What a task does beside its code. */
export function workFields(task: Task): Readonly<Record<string, Json>> {
  return { kind: task.kind, outputs: [...task.outputs].map((pair) => [...pair]), ...modelOf(task.kind).work(task) }
}
