import type { RunSql } from '#electron/sql/protocol.ts'
import { resultPathOf } from '#shared/journal/result-path.ts'
import type { CheckTask, SqlTask } from '#shared/model/pipeline.ts'
import { maskedTexts } from '../../attempt-context.ts'
import { admitOutputs } from '../../outputs.ts'
import {
  type AttemptContext,
  type AttemptResult,
  endedAtOnce,
  failed,
  lost,
  type RunningAttempt,
  succeeded,
} from '../../runner.ts'
import type { SqlFate } from '../../sql-hosts.ts'
import { findPython } from '../python/runner.ts'
import { targetOf } from './database-path.ts'

/** What a sql task and a check have in common: a text to run in a database, through its host. */
export function runInDatabase(
  task: SqlTask | CheckTask,
  context: AttemptContext,
  rest: Pick<RunSql, 'transaction' | 'outputs' | 'check'>,
): RunningAttempt {
  const target = targetOf(task, context)
  if (!target.ok) {
    return endedAtOnce(failed({ code: 'error', message: `\`${context.label}\`: ${target.message}` }, false))
  }
  const running = context.sql.run(
    target.database,
    {
      ...rest,
      sql: context.expressions.code('sql', task.sql).code,
      cwd: context.cwd,
      attach: target.attach && { ...target.attach, python: pythonOf(context) },
      log: context.log,
      result: resultPathOf(context.log),
      epoch: context.epoch,
      secrets: [...context.secrets, ...maskedTexts(target.secrets)],
    },
    (at) => context.onStarted(null, at),
  )
  const graceTimers: NodeJS.Timeout[] = []
  let killed = false
  return {
    stop(kill) {
      running.interrupt()
      const end = () => {
        killed = true
        running.killHost()
      }
      // An interrupt takes milliseconds: even a kill gives it that, since it spares the other tasks of the file.
      graceTimers.push(setTimeout(end, kill ? 500 : context.graceMilliseconds))
    },
    done: running.fate.then((fate) => {
      for (const timer of graceTimers) clearTimeout(timer)
      const result = {
        ...resultOf(fate, context),
        ...(fate.type !== 'lost' && fate.logged ? { logged: true as const } : {}),
      }
      return fate.type === 'lost' && killed ? { ...result, outcome: 'cancelled' } : result
    }),
  }
}

function pythonOf(context: AttemptContext): string | null {
  const found = findPython({ interpreter: null }, context)
  return 'path' in found ? found.path : null
}

function resultOf(fate: SqlFate, context: AttemptContext): AttemptResult {
  if (fate.type === 'lost') return lost(context.label, fate.complaint)
  if (fate.outcome === 'interrupted') {
    return {
      ...failed({ code: 'cancelled', message: `\`${context.label}\` was interrupted` }, false),
      outcome: 'cancelled',
    }
  }
  if (fate.outcome === 'failed') {
    const code = fate.violations === null ? 'error' : 'check_failed'
    const separator = fate.violations === null ? ' failed:' : ':'
    return failed({ code, message: `\`${context.label}\`${separator} ${fate.message ?? 'no reason was given'}` }, true)
  }
  const admitted = admitOutputs(fate.outputs, context.secrets)
  if (!admitted.ok)
    return failed({ code: 'error', message: `\`${context.label}\` ran, but ${admitted.message}` }, false)
  const warning = fate.violations !== null && fate.violations > 0
  const reason = warning
    ? { code: 'check_failed' as const, message: `\`${context.label}\` warns: ${fate.message}` }
    : null
  return { ...succeeded(admitted.outputs), reason }
}
