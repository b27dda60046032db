import type { Micros } from '#shared/model/time.ts'

/** The stretch of a run's time that is on screen. `start < end`, in microseconds since the run's epoch. */
export interface TimeWindow {
  readonly start: Micros
  readonly end: Micros
}

export interface Tick {
  readonly time: Micros
  readonly label: string
}

/** Nothing shorter than this fills the width: below it bars of no length would be all one sees. */
const SHORTEST_WINDOW: Micros = 1_000

/** Steps a person can count in: 1, 2, 5 per decade up to ten seconds, then what clocks are divided into. */
const LONG_STEPS: readonly Micros[] = [
  15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400,
].map((seconds) => seconds * 1_000_000)

/** The whole run with a little air at its end, so that the last bar's end can be seen. */
export function wholeWindow(makespan: Micros): TimeWindow {
  return { start: 0, end: Math.max(makespan * 1.02, SHORTEST_WINDOW) }
}

/** Pixels from the left edge; outside the window it lies outside [0, width]. */
export function timeToX(time: Micros, window: TimeWindow, width: number): number {
  return ((time - window.start) / (window.end - window.start)) * width
}

export function xToTime(x: number, window: TimeWindow, width: number): Micros {
  return width <= 0 ? window.start : window.start + (x / width) * (window.end - window.start)
}

/**
 * Zooms by `factor` (> 1 shows more detail) and keeps the time at `anchor` where it is.
 * @param limits what may be seen at all; the result lies inside it
 */
export function zoomed(window: TimeWindow, anchor: Micros, factor: number, limits: TimeWindow): TimeWindow {
  const span = clamp((window.end - window.start) / factor, SHORTEST_WINDOW, limits.end - limits.start)
  const share = (anchor - window.start) / (window.end - window.start)
  return within({ start: anchor - share * span, end: anchor + (1 - share) * span }, limits)
}

/** Moves by `by` microseconds (positive: later), without changing how much is seen. */
export function panned(window: TimeWindow, by: Micros, limits: TimeWindow): TimeWindow {
  return within({ start: window.start + by, end: window.end + by }, limits)
}

/** The same span, moved (and if need be cut) so that it lies inside `limits`. */
export function within(window: TimeWindow, limits: TimeWindow): TimeWindow {
  const span = Math.min(window.end - window.start, limits.end - limits.start)
  const start = clamp(window.start, limits.start, limits.end - span)
  return { start, end: start + span }
}

/** A bar's left edge and width in pixels, cut to the visible part; null where none of it is visible. Never thinner than 1.5 px. */
export function barSpan(
  start: Micros,
  end: Micros,
  window: TimeWindow,
  width: number,
): { readonly x: number; readonly width: number } | null {
  if (end < window.start || start > window.end) return null
  const left = clamp(timeToX(start, window, width), 0, width)
  const right = clamp(timeToX(end, window, width), 0, width)
  return { x: Math.min(left, width - 1.5), width: Math.max(right - left, 1.5) }
}

/** Time stamps of an axis at round times at least `gap` pixels apart. */
export function axisTicks(window: TimeWindow, width: number, gap = 80): readonly Tick[] {
  if (width <= 0) return []
  const step = niceStep(((window.end - window.start) / width) * gap)
  const ticks: Tick[] = []
  for (let time = Math.ceil(window.start / step) * step; time <= window.end; time += step) {
    ticks.push({ time, label: tickLabel(time, step) })
  }
  return ticks
}

/** The smallest round step that is not shorter than `least`. */
export function niceStep(least: Micros): Micros {
  if (least <= 10_000_000) {
    let decade = 1
    while (decade * 10 <= least) decade *= 10
    return [1, 2, 5, 10].map((factor) => factor * decade).find((step) => step >= least) ?? 10 * decade
  }
  const day = 86_400_000_000
  return LONG_STEPS.find((step) => step >= least) ?? Math.ceil(least / day) * day
}

/** "1.2 s", "12 s", "2:30", "1:00:05": as exact as the step needs, no more. */
export function tickLabel(time: Micros, step: Micros): string {
  if (time === 0) return '0'
  if (step < 1_000) return `${trimNumber(time / 1_000, 3)} ms`
  if (step < 1_000_000 && time < 1_000_000) return `${trimNumber(time / 1_000, 0)} ms`
  const decimals = step >= 1_000_000 ? 0 : Math.min(3, Math.ceil(-Math.log10(step / 1_000_000)))
  if (time < 60_000_000) return `${trimNumber(time / 1_000_000, decimals)} s`
  const whole = Math.floor(time / 1_000_000)
  const seconds = (time / 1_000_000) % 60
  const tail =
    decimals > 0 ? seconds.toFixed(decimals).padStart(3 + decimals, '0') : String(whole % 60).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes}:${tail}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${tail}`
}

/** Which rows of a scrolled list are to be drawn, one more at each end. `end` is exclusive. */
export function visibleRows(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): { readonly start: number; readonly end: number } {
  const start = clamp(Math.floor(scrollTop / rowHeight) - 1, 0, count)
  return { start, end: clamp(Math.ceil((scrollTop + height) / rowHeight) + 1, start, count) }
}

function trimNumber(value: number, decimals: number): string {
  const fixed = value.toFixed(decimals)
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value))
}
