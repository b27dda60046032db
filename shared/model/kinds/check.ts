import { z } from 'zod'
import { code, connection, database } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const checkKind = {
  description: 'Runs a query; rows it returns are violations.',
  codeField: 'sql',
  fields: {
    sql: code('the query whose rows are violations'),
    database,
    connection,
    severity: z
      .enum(['error', 'warn'], { error: 'must be error or warn' })
      .optional()
      .meta({ description: 'warn: violations are reported but the task succeeds. Default: error.' }),
  },
} as const satisfies KindModel
