/** A drawing of a live run: when it began on the page's clock, and how long script was at it, in milliseconds. */
export interface Drawing {
  readonly at: number
  readonly took: number
}

/** A person sees no more than this. */
const LEAST_PAUSE_MS = 100
const MOST_PAUSE_MS = 1_000
/** Of the page's time: what drawing takes is taken from the tasks, the more so where they leave the machine no rest. */
const MOST_SHARE = 1 / 20
/** Longer pauses end just before multiples of this, where clocks are drawn, too: one frame for all of it. */
const BEAT_MS = 250
const LEAD_MS = 2

/** Milliseconds from `now` to the next drawing: none after a rest; else so long that drawing stays a small share of the time. */
export function pauseBeforeDrawing(last: Drawing, now: number): number {
  const pause = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, last.took / MOST_SHARE))
  const due = last.at + pause
  const at = pause === LEAST_PAUSE_MS ? due : Math.ceil((due + LEAD_MS) / BEAT_MS) * BEAT_MS - LEAD_MS
  return Math.max(0, at - now)
}
