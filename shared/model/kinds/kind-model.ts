import type { z } from 'zod'

/** What the pipeline's file knows of a kind of task. Its runner: electron/engine/kinds; its looks and form: renderer/kinds. */
export interface KindModel {
  /** One sentence, for hovers in the YAML. */
  readonly description: string
  /** The field that holds its code. */
  readonly codeField: 'run' | 'code' | 'sql' | 'url' | undefined
  /** Besides those that every task has. */
  readonly fields: z.core.$ZodLooseShape
}
