import { durationText } from '#shared/analysis/duration-text.ts'
import { attemptStart, type InstanceView } from '#shared/journal/run-view.ts'
import type { Micros } from '#shared/model/time.ts'

/** How long the running attempt has taken, of the longest it may. */
export interface AttemptLimit {
  readonly elapsed: Micros
  readonly timeout: Micros
}

/** null where no attempt runs, or it may take for ever. `now`: on the run's clock. */
export function attemptLimit(
  { state, attempts }: Pick<InstanceView, 'state' | 'attempts'>,
  timeout: Micros | null,
  now: Micros,
): AttemptLimit | null {
  const attempt = attempts.at(-1)
  if (timeout === null || state !== 'running' || attempt === undefined) return null
  return { elapsed: Math.max(0, now - attemptStart(attempt)), timeout }
}

/** "1 m 12 s of 10 m". */
export function limitText({ elapsed, timeout }: AttemptLimit): string {
  return `${durationText(elapsed)} of ${timeoutText(timeout)}`
}

/** Timeouts are round: "10 m", not "10 m 0 s". */
export function timeoutText(timeout: Micros): string {
  return durationText(timeout).replace(/ 0 [ms]$/, '')
}
