import type { Micros } from '../model/time.ts'
import type { Rush, RushPlan } from './planner-input.ts'

/**
 * Worker time that no profile in time can go below: the work over the band's upper edge, and what must be done within
 * stretches of the window (energetic reasoning; Baptiste, Le Pape and Nuijten, "Constraint-Based Scheduling", 2001). In
 * a stretch of whole intervals a task must spend at least its duration less what can lie before and after it; a chain of
 * stretches side by side adds up, each rounded up to whole worker-intervals. O(intervals² × tasks).
 */
export function lowerBound({ interval, band }: Rush, plan: RushPlan, intervals: number): Micros {
  const { durations } = plan
  const work = durations.reduce((sum, duration) => sum + duration, 0)
  /** best[to]: worker-intervals that the first `to` intervals need at least. */
  const best = new Array<number>(intervals + 1).fill(0)
  for (let to = 1; to <= intervals; to++) {
    for (let from = 0; from < to; from++) {
      const needed = energy(plan, from * interval, to * interval)
      best[to] = Math.max(best[to] as number, (best[from] as number) + Math.ceil(needed / interval))
    }
  }
  const byBand = Math.ceil(work / band.high / interval - 1e-9)
  return Math.max(best[intervals] as number, byBand) * interval
}

/** Work that must lie in [from, to) in every order that is in time. */
function energy({ durations, earliestStart, latestStart, isRelease }: RushPlan, from: Micros, to: Micros): Micros {
  let sum = 0
  for (let task = 0; task < durations.length; task++) {
    if (isRelease[task] === 1) continue
    const duration = durations[task] as number
    const fromEarliest = (earliestStart[task] as number) + duration - from
    const fromLatest = to - (latestStart[task] as number)
    sum += Math.max(0, Math.min(duration, fromEarliest, fromLatest, to - from))
  }
  return sum
}
