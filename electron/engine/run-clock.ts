import { monotonic } from '#electron/spawner/protocol.ts'
import type { Micros } from '#shared/model/time.ts'

/** Microseconds since the run's epoch. Never falls. */
export class RunClock {
  /** `monotonic()` at t = 0. */
  epoch: Micros
  private last: Micros

  /** `t`: what it shows now. */
  constructor(t: Micros) {
    this.epoch = monotonic() - t
    this.last = t
  }

  now(): Micros {
    this.last = Math.max(this.last, monotonic() - this.epoch)
    return this.last
  }

  /** The machine slept, and its monotonic clock did not count that. */
  shift(by: Micros): void {
    this.epoch -= by
  }
}
