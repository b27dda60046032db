import type { RunView, TaskView } from '#shared/journal/run-view.ts'
import { isFinal, taskDuration } from '#shared/journal/run-view.ts'
import { retryOf } from '#shared/journal/why.ts'
import type { Micros } from '#shared/model/time.ts'
import { type AttemptLimit, attemptLimit } from '../runs/attempt-limit.ts'
import { instanceCounts, retryText } from '../runs/task-list.ts'
import { runClock } from '../state/clock.ts'

/** The longest name shown whole. */
const WHOLE_NAME = 28
/** Letters whose room a sign beside the name takes. */
const SIGN = 3
/** Longer names are set smaller. */
const LONG_NAME = 22

/** A name as a card shows it beside `signs` small icons, and whether it must be set smaller to fit. */
export function nameOnCard(name: string, signs: number): { readonly text: string; readonly long: boolean } {
  const text = middleEllipsis(name, WHOLE_NAME - SIGN * signs)
  return { text, long: text.length > LONG_NAME - SIGN * signs }
}

/** Long names lose their middle: beginnings and ends tell tasks apart. */
export function middleEllipsis(name: string, most = WHOLE_NAME): string {
  const letters = [...name]
  if (letters.length <= most) return name
  const tail = Math.floor(most * 0.4)
  return `${letters.slice(0, most - 1 - tail).join('')}…${letters.slice(-tail).join('')}`
}

/** How long the task has taken so far, or took; null before it began and where it did not run. */
export function durationNow(view: RunView, task: TaskView): Micros | null {
  const ended = taskDuration(task)
  if (ended !== null || isFinal(task.state)) return ended
  const first = task.instances.reduce<Micros | null>(
    (least, { startedAt }) => (startedAt === null ? least : Math.min(least ?? startedAt, startedAt)),
    null,
  )
  return first === null ? null : Math.max(0, runClock(view) - first)
}

/** "attempt 2", "8/10, 1 failed", "2 in 4 s": what a state's name leaves out; '' where it says all. */
export function stateDetail(view: RunView, task: TaskView): string {
  if (task.mapped) return instanceCounts(task)
  const instance = task.instances[0]
  if (!instance) return ''
  const retry = retryOf(instance, runClock(view))
  if (retry !== null) return retryText(retry).replace(/^retry /, '')
  const attempts = instance.attempts.length
  return attempts > 1 ? `attempt ${attempts}` : ''
}

/** While an attempt of a task that is not mapped runs, and may not run for ever; else null. */
export function limitNow(view: RunView, run: TaskView, timeout: Micros | null): AttemptLimit | null {
  const instance = run.mapped ? undefined : run.instances[0]
  return instance === undefined ? null : attemptLimit(instance, timeout, runClock(view))
}
