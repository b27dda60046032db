import type { ComponentType } from 'react'
import type { TaskKind } from '#shared/model/pipeline.ts'
import { CheckForm, SeverityField } from './check/Form.tsx'
import { DatabaseFields } from './database-fields.tsx'
import { ExpectField, HeadersField, HttpForm } from './http/Form.tsx'
import { InterpreterField } from './interpreter-field.tsx'
import { JavascriptForm } from './javascript/Form.tsx'
import { PythonForm } from './python/Form.tsx'
import { ShellField, ShellForm } from './shell/Form.tsx'
import { SqlForm, TransactionField } from './sql/Form.tsx'

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

/** What a kind's tasks may have in common; kinds that share a field stand together. */
export const KIND_DEFAULTS: readonly {
  readonly title: string
  readonly fields: Readonly<Record<string, ComponentType>>
}[] = [
  { title: 'Shell', fields: { shell: ShellField } },
  { title: 'Python and JavaScript', fields: { interpreter: InterpreterField } },
  {
    title: 'SQL and checks',
    fields: { database: DatabaseFields, transaction: TransactionField, severity: SeverityField },
  },
  { title: 'HTTP', fields: { headers: HeadersField, expect: ExpectField } },
]
