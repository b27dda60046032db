import type { Micros } from '../model/time.ts'
import { DrawnState, type Goal, type MonteCarloInput, type Tally } from './monte-carlo.ts'

export const PERCENTILES = [5, 10, 25, 50, 75, 90, 95, 99] as const

/** What the draws say, as plain data. Shares and chances are 0 to 1, times whole microseconds. */
export interface MonteCarloResult {
  readonly draws: number
  readonly seed: number
  readonly makespan: MakespanSpread
  readonly histogram: Histogram
  /** Shares of the draws. */
  readonly states: { readonly success: number; readonly partial: number; readonly failed: number }
  /** Share of the draws whose run reached the pipeline's timeout, and so failed. */
  readonly overran: number
  readonly goals: readonly GoalChance[]
  /** In file order. */
  readonly tasks: readonly TaskChance[]
}

/** Over the draws whose run did not fail; over all where every one did. Percentiles by linear interpolation (type 7). */
export interface MakespanSpread {
  readonly mean: Micros
  readonly deviation: Micros
  readonly least: Micros
  readonly most: Micros
  readonly percentiles: readonly { readonly percent: number; readonly value: Micros }[]
}

/** Bars of equal width side by side: bar `i` counts makespans in [from + i × width, from + (i + 1) × width). */
export interface Histogram {
  readonly from: Micros
  readonly width: Micros
  readonly counts: readonly number[]
}

export interface GoalChance {
  readonly goal: Goal
  readonly chance: number
  /** Half the width of its 95% confidence interval, by the number of draws (Wilson's interval). */
  readonly margin: number
}

export interface TaskChance {
  readonly task: string
  /** Criticality index: the share of draws in which it lies on the realized critical path. */
  readonly criticality: number
  readonly success: number
  /** Share of the draws in which an attempt of it ran into its timeout. */
  readonly timedOut: number
}

export function monteCarloResult({ source, seed, goals }: MonteCarloInput, tally: Tally): MonteCarloResult {
  const draws = tally.states.length
  const sorted = sortedMakespans(tally)
  const shareOf = (state: number) =>
    share(
      tally.states.reduce((sum, one) => sum + (one === state ? 1 : 0), 0),
      draws,
    )
  return {
    draws,
    seed,
    makespan: spreadOf(sorted),
    histogram: histogramOf(sorted),
    states: {
      success: shareOf(DrawnState.success),
      partial: shareOf(DrawnState.partial),
      failed: shareOf(DrawnState.failed),
    },
    overran: share(tally.overran, draws),
    goals: goals.map((goal, number) => {
      const chance = share(tally.kept[number] as number, draws)
      return { goal, chance, margin: marginOf(chance, draws) }
    }),
    tasks: source.pipeline.tasks.map(({ id }, number) => ({
      task: id,
      criticality: share(tally.critical[number] as number, draws),
      success: share(tally.succeeded[number] as number, draws),
      timedOut: share(tally.timedOut[number] as number, draws),
    })),
  }
}

function share(count: number, of: number): number {
  return of === 0 ? 0 : count / of
}

function sortedMakespans({ makespans, states }: Tally): Float64Array {
  const ended = makespans.filter((_, draw) => states[draw] !== DrawnState.failed)
  return (ended.length > 0 ? ended : makespans.slice()).sort()
}

function spreadOf(sorted: Float64Array): MakespanSpread {
  const count = Math.max(1, sorted.length)
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count
  return {
    mean: Math.round(mean),
    deviation: Math.round(Math.sqrt(variance)),
    least: sorted[0] ?? 0,
    most: sorted.at(-1) ?? 0,
    percentiles: PERCENTILES.map((percent) => ({ percent, value: Math.round(quantile(sorted, percent / 100)) })),
  }
}

function quantile(sorted: Float64Array, fraction: number): number {
  if (sorted.length === 0) return 0
  const rank = fraction * (sorted.length - 1)
  const low = sorted[Math.floor(rank)]!
  return low + (sorted[Math.ceil(rank)]! - low) * (rank - Math.floor(rank))
}

const MOST_BARS = 60
const LEAST_BARS = 8

/** Bars as wide as Freedman and Diaconis (1981) say, 2 × interquartile range ÷ ∛n, but no fewer than 8 and no more than 60. */
function histogramOf(sorted: Float64Array): Histogram {
  const from = sorted[0] ?? 0
  const range = (sorted.at(-1) ?? 0) - from
  if (range === 0) return { from, width: 1, counts: sorted.length === 0 ? [] : [sorted.length] }
  const middle = quantile(sorted, 0.75) - quantile(sorted, 0.25)
  const ideal = middle === 0 ? MOST_BARS : Math.ceil(range / ((2 * middle) / Math.cbrt(sorted.length)))
  const bars = Math.min(MOST_BARS, Math.max(LEAST_BARS, ideal))
  const width = Math.floor(range / bars) + 1
  const counts: number[] = new Array(Math.floor(range / width) + 1).fill(0)
  for (const value of sorted) counts[Math.floor((value - from) / width)]!++
  return { from, width, counts }
}

function marginOf(chance: number, draws: number): number {
  if (draws === 0) return 1
  const z = 1.96
  return (z * Math.sqrt((chance * (1 - chance)) / draws + (z / (2 * draws)) ** 2)) / (1 + (z * z) / draws)
}
