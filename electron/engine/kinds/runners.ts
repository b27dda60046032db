import type { Task, TaskKind } from '#shared/model/pipeline.ts'
import type { AttemptContext, Runner, RunningAttempt } from '../runner.ts'
import { runCheck } from './check/runner.ts'
import { runHttp } from './http/runner.ts'
import { runJavascript } from './javascript/runner.ts'
import { runNoop } from './noop/runner.ts'
import { runPython } from './python/runner.ts'
import { runShell } from './shell/runner.ts'
import { runSql } from './sql/runner.ts'

const RUNNERS: { readonly [K in TaskKind]: Runner<Extract<Task, { kind: K }>> } = {
  shell: runShell,
  python: runPython,
  javascript: runJavascript,
  sql: runSql,
  http: runHttp,
  check: runCheck,
  noop: runNoop,
}

/** Kinds whose attempts are processes: they can be readied before they may begin. */
export const PROCESS_KINDS: ReadonlySet<TaskKind> = new Set(['shell', 'python', 'javascript'])

/** Starts one attempt by the runner of the task's kind. Throws an ExpressionError. */
export function startAttempt(task: Task, context: AttemptContext): RunningAttempt {
  // The compiler does not see that a task and its kind's runner fit; the table above makes sure that they do.
  const run = RUNNERS[task.kind] as Runner<Task>
  return run(task, context)
}
