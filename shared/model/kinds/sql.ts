import { z } from 'zod'
import { textField } from '../field-schema.ts'
import type { SqlTask } from '../pipeline.ts'
import { oneOf } from '../reading.ts'
import { code, connection, database } from './fields.ts'
import type { KindModel } from './kind-model.ts'
import { queryCode, queryTexts, readQuery } from './query.ts'

export const sqlKind = {
  description: 'Runs SQL in DuckDB.',
  codeField: 'sql',
  firstCode: 'select 1 as one\n',
  fields: {
    sql: code('the SQL to run'),
    database,
    connection,
    transaction: z
      .enum(['task', 'none'], { error: 'must be task or none' })
      .optional()
      .meta({ description: 'task: all statements succeed or none does (default). none: each stands alone.' }),
    outputs: z
      .record(z.string(), textField, { error: 'must map names to queries' })
      .optional()
      .meta({
        description: 'Name to query: one cell gives a scalar, one column a list, else a list of rows.',
        examples: [{ rows: 'select count(*) from clean' }],
      }),
  },
  read: (fields) => ({
    kind: 'sql',
    ...readQuery(fields),
    transaction: oneOf(fields.transaction, ['task', 'none'], 'task'),
  }),
  texts: queryTexts,
  code: queryCode,
  work: ({ database, connection, transaction }) => ({ database, connection, transaction }),
} as const satisfies KindModel<SqlTask>
