import { durationText } from '#shared/analysis/duration-text.ts'
import type { Goal } from '#shared/analysis/monte-carlo.ts'

/** Of the run: only to end well, whenever. */
export function isSuccess({ task, within }: Goal): boolean {
  return task === null && within >= Number.MAX_SAFE_INTEGER
}

/** "in 5 m", "clean in 20 s", "done 2 h after the start", "succeeds": what a drawn run has to keep. */
export function goalText({ task, of, within }: Goal): string {
  const whose = task === null ? '' : `${task} `
  if (within >= Number.MAX_SAFE_INTEGER) return `${whose}succeeds`
  return of === 'duration' ? `${whose}in ${durationText(within)}` : `${whose}done by ${durationText(within)}`
}

/** A share for people: "0%" and "100%" only where it is none or all. */
export function percentText(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '< 0.1%'
  if (percent < 100 && percent > 99.9) return '> 99.9%'
  return `${Number(percent.toFixed(1))}%`
}
