import type { SqlTask } from '#shared/model/pipeline.ts'
import type { Runner } from '../../runner.ts'
import { runInDatabase } from './sql-attempt.ts'

/** Runs `sql` in its database: one transaction, its outputs read before it ends. */
export const runSql: Runner<SqlTask> = (task, context) => {
  const outputs = [...task.outputs].map(([name, sql]) => ({ name, sql: context.expressions.code('sql', sql).code }))
  return runInDatabase(task, context, { transaction: task.transaction, outputs, check: null })
}
