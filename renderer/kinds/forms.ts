import type { ComponentType } from 'react'
import type { TaskKind } from '#shared/model/pipeline.ts'
import { CheckForm } from './check/Form.tsx'
import { HttpForm } from './http/Form.tsx'
import { JavascriptForm } from './javascript/Form.tsx'
import { PythonForm } from './python/Form.tsx'
import { ShellForm } from './shell/Form.tsx'
import { SqlForm } from './sql/Form.tsx'

/** What the inspector shows of a kind's own fields; null where it has none. */
export const KIND_FORMS: Readonly<Record<TaskKind, ComponentType | null>> = {
  shell: ShellForm,
  python: PythonForm,
  javascript: JavascriptForm,
  sql: SqlForm,
  http: HttpForm,
  check: CheckForm,
  noop: null,
}
