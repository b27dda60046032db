import type { z } from 'zod'
import type { Language } from '../../expression/code.ts'
import type { TaskCode, TextRenderer } from '../../expression/task-code.ts'
import type { Json, Task, TaskCommon } from '../pipeline.ts'

/** What a task of one kind has besides what every task has. */
export type Own<T extends Task> = T extends Task ? Omit<T, keyof TaskCommon> : never

/** A text of a task that may hold expressions, under its path within the task. */
export interface TaskText {
  readonly path: readonly (string | number)[]
  readonly text: string | null
  /** undefined: a template (a text with values in it). */
  readonly language?: Language
  /** An output of an http task: an expression over `response`, with or without `${{ }}`. */
  readonly allows?: 'response'
}

interface Fault {
  readonly code: string
  /** The field it is about. */
  readonly field: string
  readonly message: string
  readonly hint: string
}

/** What shared/ knows of a kind of task. Its runner: electron/engine/kinds; its looks and form: renderer/kinds. */
export interface KindModel<T extends Task = Task> {
  /** One sentence, for hovers in the YAML. */
  readonly description: string
  /** The field that holds its code. */
  readonly codeField: 'run' | 'code' | 'sql' | 'url' | undefined
  /** What stands there in a new task. */
  readonly firstCode: string
  /** Besides those that every task has. */
  readonly fields: z.core.$ZodLooseShape
  /** Its own fields, from values that `fields` has let through. */
  read(fields: { readonly [key: string]: Json }): Own<T>
  /** The texts of its own fields that may hold expressions. */
  texts(task: T): readonly TaskText[]
  /** What is wrong with its fields taken together, or with what they say. */
  faults?(task: T): readonly Fault[]
  /** What it runs, as one text. Throws what `render` throws. */
  code(task: T, render: TextRenderer, windows: boolean): TaskCode
  /** What says, besides its code and outputs, what it does: expressions as written, since their values stand in the code. */
  work(task: T): Readonly<Record<string, Json>>
}
