import { z } from 'zod'
import { textField } from '../field-schema.ts'
import { code, connection, database } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const sqlKind = {
  description: 'Runs SQL in DuckDB.',
  codeField: 'sql',
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
} as const satisfies KindModel
