import type { Problem } from '../model/problem.ts'
import { type MonteCarloInput, mergeTallies, monteCarlo, type Tally } from './monte-carlo.ts'
import { type MonteCarloResult, monteCarloResult } from './monte-carlo-result.ts'

/** What one worker is asked, as plain data. To stop it, end the worker. */
export interface DrawShare {
  readonly input: MonteCarloInput
  readonly from: number
  readonly count: number
}

/** What it says, again and again until its share is drawn. */
export type DrawReport =
  | { readonly type: 'drawn'; readonly tally: Tally }
  | { readonly type: 'refused'; readonly problems: readonly Problem[] }

/** Draws between two looks at the clock. */
const BATCH = 8
export const REPORT_MILLISECONDS = 100

/** Draws a share, reporting about every 100 ms. `now`: milliseconds of a clock that never goes back. */
export function drawShare(
  { input, from, count }: DrawShare,
  now: () => number,
  report: (report: DrawReport) => void,
): void {
  const drawing = monteCarlo(input)
  if (!drawing.ok) {
    report({ type: 'refused', problems: drawing.problems })
    return
  }
  let drawn: Tally[] = []
  let due = now() + REPORT_MILLISECONDS
  for (let at = 0; at < count; at += BATCH) {
    drawn.push(drawing.value.draw(from + at, Math.min(BATCH, count - at)))
    if (now() < due && at + BATCH < count) continue
    report({ type: 'drawn', tally: mergeTallies(drawn) })
    drawn = []
    due = now() + REPORT_MILLISECONDS
  }
}

/** Equal shares of all draws, one a worker; fewer where there are fewer draws than workers. */
export function sharesOf(input: MonteCarloInput, draws: number, workers: number): readonly DrawShare[] {
  const shares = Math.max(1, Math.min(workers, draws))
  return Array.from({ length: shares }, (_, worker) => {
    const from = Math.floor((draws * worker) / shares)
    return { input, from, count: Math.floor((draws * (worker + 1)) / shares) - from }
  })
}

/** Adds up what workers report. The result of all draws is the same whoever made them. */
export class DrawSum {
  drawn = 0
  private tallies: Tally[] = []
  private readonly input: MonteCarloInput

  constructor(input: MonteCarloInput) {
    this.input = input
  }

  add(tally: Tally): void {
    this.drawn += tally.states.length
    this.tallies.push(tally)
  }

  /** Of the draws so far; null before the first. */
  result(): MonteCarloResult | null {
    if (this.tallies.length === 0) return null
    const sum = mergeTallies(this.tallies)
    this.tallies = [sum]
    return monteCarloResult(this.input, sum)
  }
}
