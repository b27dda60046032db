import type { Task } from '#shared/model/pipeline.ts'
import type { AttemptContext, RunningAttempt } from '../runner.ts'
import { runCheck } from './check/runner.ts'
import { runHttp } from './http/runner.ts'
import { runJavascript } from './javascript/runner.ts'
import { runNoop } from './noop/runner.ts'
import { runPython } from './python/runner.ts'
import { runShell } from './shell/runner.ts'
import { runSql } from './sql/runner.ts'

/** Kinds whose attempts are processes: they can be readied before they may begin. */
export const PROCESS_KINDS: ReadonlySet<Task['kind']> = new Set(['shell', 'python', 'javascript'])

/** Starts one attempt by the runner of the task's kind. Throws an ExpressionError. */
export function startAttempt(task: Task, context: AttemptContext): RunningAttempt {
  switch (task.kind) {
    case 'shell':
      return runShell(task, context)
    case 'python':
      return runPython(task, context)
    case 'javascript':
      return runJavascript(task, context)
    case 'sql':
      return runSql(task, context)
    case 'check':
      return runCheck(task, context)
    case 'http':
      return runHttp(task, context)
    case 'noop':
      return runNoop(task, context)
  }
}
