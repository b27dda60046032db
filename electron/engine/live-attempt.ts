import { durationText } from '#shared/analysis/duration-text.ts'
import type { AttemptOutcome, Reason } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import type { AttemptResult, RunningAttempt } from './runner.ts'

/** The longest a timer of Node can wait. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1

/** An attempt that runs: its timeout, and why it was asked to stop. */
export class LiveAttempt {
  private readonly running: RunningAttempt
  private readonly label: string
  private readonly timeout: Micros | null
  private timer: NodeJS.Timeout | null = null
  private timedOut = false
  private stopReason: Reason | null = null

  constructor(running: RunningAttempt, label: string, timeout: Micros | null) {
    this.running = running
    this.label = label
    this.timeout = timeout
    if (timeout !== null) this.stopAfter(timeout / 1000)
  }

  private stopAfter(milliseconds: number): void {
    const wait = Math.min(milliseconds, LONGEST_TIMER_MILLISECONDS)
    this.timer = setTimeout(() => {
      if (wait < milliseconds) {
        this.stopAfter(milliseconds - wait)
        return
      }
      this.timedOut = true
      this.running.stop(false)
    }, wait)
  }

  stop(reason: Reason, kill: boolean): void {
    this.stopReason ??= reason
    this.running.stop(kill)
  }

  /** The result, with what stopped it told apart from how its process then ended. */
  async result(): Promise<AttemptResult> {
    const result = await this.running.done
    if (this.timer !== null) clearTimeout(this.timer)
    if (this.stopReason !== null) return replaced(result, 'cancelled', this.stopReason)
    if (!this.timedOut) return result
    const message = `\`${this.label}\` ran longer than its timeout of ${durationText(this.timeout!)}`
    return replaced(result, 'timed_out', { code: 'timeout', message })
  }
}

function replaced(result: AttemptResult, outcome: AttemptOutcome, reason: Reason): AttemptResult {
  return { ...result, outcome, reason, outputs: null, retryable: true }
}
