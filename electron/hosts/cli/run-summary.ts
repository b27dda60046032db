import { inTurns, turns } from '#electron/turns/turns.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import { isFinal, type RunView, type TaskView, taskDuration } from '#shared/journal/run-view.ts'
import { runStateOf } from '#shared/journal/summary.ts'
import { type WhyContext, whyContext, whyOf } from '#shared/journal/why.ts'
import type { Steps } from '#shared/model/steps.ts'
import type { Terminal } from './command.ts'
import { stateText } from './progress.ts'
import { type Output, plainText, tableSteps } from './terminal.ts'

/** About a millisecond's. */
const LINES_A_STEP = 200

/** What became of every task that took part, and of the run. Of a large run a little at a time, as others may have runs here. */
export async function printSummary(io: Terminal, view: RunView): Promise<void> {
  const { out } = io
  const lines = await inTurns(linesOf(out, view))
  const rest = turns()
  for (let first = 0; first < lines.length; first += LINES_A_STEP) {
    await rest()
    out.line(lines.slice(first, first + LINES_A_STEP).join('\n'))
  }
  const state = runStateOf(view, false)
  const time = view.endedAt === null ? '' : ` in ${durationText(view.lastSettledAt ?? view.endedAt)}`
  const style = state === 'success' ? 'green' : state === 'partial' || state === 'cancelled' ? 'yellow' : 'red'
  out.line(`${out.paint(style, state)}${time}  ${out.paint('dim', view.header.run)}`)
  const failed = view.order
    .map((id) => view.tasks.get(id)!)
    .find((task) => task.state === 'failed' && isFinal(task.state))
  if (failed) io.err.line(`See \`dagwright logs ${view.header.run} ${failed.id}\`.`)
}

function* linesOf(out: Output, view: RunView): Steps<string[]> {
  const context = whyContext(view, null, { now: view.t, live: false })
  const rows: string[][] = []
  for (const [at, id] of view.order.entries()) {
    if (at % LINES_A_STEP === 0) yield
    const task = view.tasks.get(id)!
    // What was lost with its engine waits to be resumed; of the rest nobody needs to hear.
    const lost = task.instances.some(({ attempts }) => attempts.at(-1)?.state === 'lost')
    if (task.state !== 'pending' || lost) rows.push(rowOf(out, context, task))
  }
  return yield* tableSteps(rows, new Set([2]))
}

function rowOf(out: Output, context: WhyContext, task: TaskView): string[] {
  const duration = taskDuration(task)
  const why = isPlainSuccess(task) ? '' : plainText(whyOf(context, task.id, null) ?? '')
  const attempts = task.instances.reduce((most, one) => Math.max(most, one.attempts.length), 0)
  return [
    stateText(out, task.state),
    plainText(task.id),
    duration === null ? '' : durationText(duration),
    attempts > 1 ? `${attempts} attempts` : '',
    why,
  ]
}

/** It ran and there is nothing more to say. */
function isPlainSuccess({ state, instances }: TaskView): boolean {
  return state === 'success' && instances.every(({ origin, reason }) => origin === 'executed' && reason === null)
}
