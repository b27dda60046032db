import type { NoopTask } from '#shared/model/pipeline.ts'
import { endedAtOnce, type Runner, succeeded } from '../../runner.ts'

/** Succeeds at once: a gathering point of dependencies. */
export const runNoop: Runner<NoopTask> = (_task, context) => {
  context.onStarted(null)
  return endedAtOnce(succeeded({}))
}
