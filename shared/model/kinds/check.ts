import { z } from 'zod'
import type { CheckTask } from '../pipeline.ts'
import { oneOf } from '../reading.ts'
import { code, connection, database } from './fields.ts'
import type { KindModel } from './kind-model.ts'
import { queryCode, queryTexts, readQuery } from './query.ts'

export const checkKind = {
  description: 'Runs a query; rows it returns are violations.',
  codeField: 'sql',
  firstCode: 'select 1 as violation where false\n',
  fields: {
    sql: code('the query whose rows are violations'),
    database,
    connection,
    severity: z
      .enum(['error', 'warn'], { error: 'must be error or warn' })
      .optional()
      .meta({ description: 'warn: violations are reported but the task succeeds. Default: error.' }),
  },
  read: (fields) => ({
    kind: 'check',
    ...readQuery(fields),
    severity: oneOf(fields.severity, ['error', 'warn'], 'error'),
  }),
  texts: queryTexts,
  code: queryCode,
  work: ({ database, connection, severity }) => ({ database, connection, severity }),
} as const satisfies KindModel<CheckTask>
