import type { TaskCode, TextRenderer } from '../../expression/task-code.ts'
import type { CheckTask, Json, SqlTask } from '../pipeline.ts'
import { textOf } from '../reading.ts'
import type { TaskText } from './kind-model.ts'

/** What the two kinds that ask a database have in common. */
type QueryTask = SqlTask | CheckTask

export function readQuery(fields: { readonly [key: string]: Json }) {
  return {
    sql: textOf(fields.sql) ?? '',
    database: textOf(fields.database) ?? null,
    connection: textOf(fields.connection) ?? null,
  }
}

export function queryTexts({ sql, database, outputs }: QueryTask): readonly TaskText[] {
  const queries = [...outputs].map(([name, text]): TaskText => ({ path: ['outputs', name], text, language: 'sql' }))
  return [{ path: ['sql'], text: sql, language: 'sql' }, { path: ['database'], text: database }, ...queries]
}

export function queryCode({ sql, outputs }: QueryTask, render: TextRenderer): TaskCode {
  const queries = [...outputs].map(([name, text]) => `\n-- output ${name}\n${render.code('sql', text).code}`)
  return { language: 'sql', code: render.code('sql', sql).code + queries.join(''), env: {} }
}
