import type { CheckTask } from '#shared/model/pipeline.ts'
import type { Runner } from '../../runner.ts'
import { runInDatabase } from '../sql/sql-attempt.ts'

/** Runs `sql`; the rows it returns are violations, which fail the task or, with `severity: warn`, are only told. */
export const runCheck: Runner<CheckTask> = (task, context) =>
  runInDatabase(task, context, { transaction: 'task', outputs: [], check: task.severity })
