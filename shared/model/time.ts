/** Whole microseconds: the unit of every duration and instant inside Dagwright. Files write "10m", the CLI's JSON writes seconds. */
export type Micros = number

export const SECOND: Micros = 1_000_000

export function secondsOf(time: Micros): number {
  return time / SECOND
}

/** Rounds to the nearest whole microsecond. */
export function microsOf(seconds: number): Micros {
  return Math.round(seconds * SECOND)
}
