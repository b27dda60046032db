import type { Micros } from '#shared/model/time.ts'
import type { RunClock } from './run-clock.ts'

/** The longest a timer of Node can wait. */
const LONGEST_WAIT_MILLISECONDS = 2 ** 31 - 1

/** Timers on a run's clock, however far off, and never early. */
export class RunTimers {
  private readonly clock: RunClock
  private readonly pending = new Set<NodeJS.Timeout>()

  constructor(clock: RunClock) {
    this.clock = clock
  }

  at(due: Micros, action: () => void): void {
    const wait = Math.ceil(Math.max(0, (due - this.clock.now()) / 1000))
    const timer = setTimeout(
      () => {
        this.pending.delete(timer)
        // Timers of Node may fire a little early, and may not wait for more than 24 days.
        if (this.clock.now() < due) this.at(due, action)
        else action()
      },
      Math.min(wait, LONGEST_WAIT_MILLISECONDS),
    )
    this.pending.add(timer)
  }

  clear(): void {
    for (const timer of this.pending) clearTimeout(timer)
    this.pending.clear()
  }
}
