import { percentile } from './percentile.ts'

/** Where a series of durations (or other amounts) settled on another level. */
export interface ChangePoint {
  /** Position of the first value of the new level. */
  readonly at: number
  /** Medians of the two levels, each from one change to the next. */
  readonly before: number
  readonly after: number
  /** Values of the two levels. */
  readonly countBefore: number
  readonly countAfter: number
}

/** Fewer values than this never show a change. */
export const FEWEST_FOR_CHANGE = 10
/** A level has at least so many values: one slow run is no change. */
const SHORTEST_LEVEL = 4
/** Chance that a series of pure noise shows a change, at most. */
const FALSE_ALARMS = 0.01
/** Levels closer than this share of the lower one are the same to a person. */
const SMALLEST_CHANGE = 0.2
/** In standard deviations: what lies nearer to the middle is noise, and needs no exact look. */
const WORTH_A_LOOK = 2

/**
 * Changes of level in a series, oldest value first. Rank-based, so that outliers and skew do no harm, and deterministic.
 *
 * Binary segmentation with the Mann-Whitney statistic: each split of a stretch is tested against the other splits (Pettitt,
 * "A non-parametric approach to the change-point problem", 1979), Bonferroni-corrected for their number. Besides the
 * stretch itself, seeded intervals of it are tested (Kovács, Bühlmann, Li, Munk, "Seeded binary segmentation", 2023), so
 * that a rise and the fall after it don't hide each other. Where one side has few values, the p-value is exact.
 *
 * Of noise without a change at most 1 series in 100 shows one. A doubling mostly shows within 6 values, given 10 before it.
 */
export function changePoints(values: readonly number[]): readonly ChangePoint[] {
  const levels = levelsOf(values)
  const found: number[] = []
  const open: [number, number][] = [[0, values.length]]
  for (let stretch = open.pop(); stretch !== undefined; stretch = open.pop()) {
    const [from, to] = stretch
    const split = bestSplit(levels, from, to)
    if (split === null || !differ(medianOf(values, from, split), medianOf(values, split, to))) continue
    found.push(split)
    open.push([from, split], [split, to])
  }
  return levelsBetween(values, refined(values, found))
}

interface Split {
  readonly at: number
  /** Two-sided, corrected for the number of splits. */
  readonly chance: number
}

/** Half of the allowed false alarms are for the stretch as a whole, the other half for all of its intervals. */
function bestSplit(levels: Levels, from: number, to: number): number | null {
  if (to - from < FEWEST_FOR_CHANGE) return null
  const whole = strongestSplit(levels, from, to)
  let best: Split | null = whole === null ? null : { ...whole, chance: whole.chance * 2 }
  const intervals = seededIntervals(from, to)
  for (const [start, end] of intervals) {
    const split = strongestSplit(levels, start, end)
    if (split === null) continue
    const chance = split.chance * 2 * intervals.length
    if (best === null || chance < best.chance) best = { at: split.at, chance }
  }
  return best !== null && best.chance <= FALSE_ALARMS ? best.at : null
}

/** Each length is 1/√2 of the one before, and neighbours overlap by half. */
function seededIntervals(from: number, to: number): [number, number][] {
  const size = to - from
  const intervals: [number, number][] = []
  for (let length = size * Math.SQRT1_2; length >= FEWEST_FOR_CHANGE; length *= Math.SQRT1_2) {
    const count = 2 * Math.ceil(size / length) - 1
    const shift = (size - length) / (count - 1)
    for (let number = 0; number < count; number++) {
      intervals.push([Math.floor(from + number * shift), Math.ceil(from + number * shift + length)])
    }
  }
  return intervals
}

/** The split whose rank sum lies farthest out, measured in standard deviations. */
function strongestSplit(levels: Levels, from: number, to: number): Split | null {
  const { ranks, ties } = ranksOf(levels, from, to)
  const size = ranks.length
  let farthest = WORTH_A_LOOK
  let best: RankSum | null = null
  let sum = 0
  for (let left = 1; left <= size - SHORTEST_LEVEL; left++) {
    sum += ranks[left - 1]!
    if (left < SHORTEST_LEVEL) continue
    const rankSum = rankSumOf(sum, left, size - left, ties)
    if (rankSum.distance <= farthest) continue
    farthest = rankSum.distance
    best = rankSum
  }
  if (best === null) return null
  return { at: from + best.left, chance: chanceOf(best) * (size - 2 * SHORTEST_LEVEL + 1) }
}

/** Ranks from 1, ties sharing their mean; `ties` is the sum of t³ - t over groups of t equal values. */
function ranksOf(levels: Levels, from: number, to: number): { ranks: Float64Array; ties: number } {
  const size = to - from
  // Level and position in one number: typed arrays sort numbers many times faster than by a comparison.
  const order = new Float64Array(size)
  for (let position = 0; position < size; position++) order[position] = levels[from + position]! * size + position
  order.sort()
  const ranks = new Float64Array(size)
  let ties = 0
  for (let first = 0; first < size; ) {
    const level = Math.floor(order[first]! / size)
    let last = first
    while (last + 1 < size && order[last + 1]! < (level + 1) * size) last++
    for (let place = first; place <= last; place++) ranks[order[place]! - level * size] = (first + last) / 2 + 1
    const count = last - first + 1
    ties += count ** 3 - count
    first = last + 1
  }
  return { ranks, ties }
}

/** The values by their order: 0 for the lowest, the same number for equal ones. */
type Levels = Int32Array

function levelsOf(values: readonly number[]): Levels {
  const distinct = Float64Array.from(new Set(values)).sort()
  const numbers = new Map(Array.from(distinct, (value, number) => [value, number]))
  return Int32Array.from(values, (value) => numbers.get(value)!)
}

interface RankSum {
  readonly left: number
  readonly right: number
  /** The lesser of the two U of Mann and Whitney (1947): pairs in the wrong order. */
  readonly statistic: number
  /** How far it lies from what chance gives, in standard deviations, with the correction for continuity. */
  readonly distance: number
}

function rankSumOf(sum: number, left: number, right: number, ties: number): RankSum {
  const size = left + right
  const pairs = left * right
  const wrong = sum - (left * (left + 1)) / 2
  const statistic = Math.min(wrong, pairs - wrong)
  const deviation = Math.sqrt((pairs / 12) * (size + 1 - ties / (size * (size - 1))))
  return { left, right, statistic, distance: deviation === 0 ? 0 : (pairs / 2 - statistic - 0.5) / deviation }
}

/** Up to so many values on the lesser side the normal curve is too rough far out. */
const MOST_EXACT = 20

function chanceOf({ left, right, statistic, distance }: RankSum): number {
  const few = Math.min(left, right)
  const tail = few > MOST_EXACT ? normalTail(distance) : exactTail(few, Math.max(left, right), Math.ceil(statistic))
  return Math.min(1, 2 * tail)
}

/**
 * P(U <= statistic) without ties: the orders with U = u are the partitions of u into at most `few` parts of at most
 * `many`, counted by the Gaussian binomial coefficient, ∏ (1 - q^(many + i)) / (1 - q^i) for i = 1 … few.
 */
function exactTail(few: number, many: number, statistic: number): number {
  const counts = new Float64Array(statistic + 1)
  counts[0] = 1
  let orders = 1
  for (let part = 1; part <= few; part++) {
    for (let power = statistic; power >= many + part; power--) counts[power]! -= counts[power - many - part]!
    for (let power = part; power <= statistic; power++) counts[power]! += counts[power - part]!
    orders *= (many + part) / part
  }
  let sum = 0
  for (const count of counts) sum += count
  return sum / orders
}

/** P(Z > z) by Abramowitz and Stegun 26.2.17, absolute error under 7.5e-8; by its leading term where that is too rough. */
function normalTail(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  if (z > 4) return density / z
  const t = 1 / (1 + 0.2316419 * z)
  const series = 1.330274429
  return density * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * series))))
}

/** Ranks tell that there is a change better than where: each moves to where it separates its two levels best. */
function refined(values: readonly number[], found: readonly number[]): number[] {
  const places = [...found].sort((a, b) => a - b)
  return places.map((place, index) => {
    return dividing(values, places[index - 1] ?? 0, place, places[index + 1] ?? values.length)
  })
}

/** The place with the most values on the side of their own level: below or above the middle between the two medians. */
function dividing(values: readonly number[], from: number, near: number, to: number): number {
  const before = medianOf(values, from, near)
  const after = medianOf(values, near, to)
  const isBefore = (value: number) => value < (before + after) / 2 === before < after
  let best = near
  let lead = Number.NEGATIVE_INFINITY
  let balance = 0
  for (let at = from; at + 1 <= to - SHORTEST_LEVEL; at++) {
    balance += isBefore(values[at]!) ? 1 : -1
    if (at + 1 < from + SHORTEST_LEVEL || balance <= lead) continue
    lead = balance
    best = at + 1
  }
  return best
}

/** Levels between the places; neighbours that are the same to a person become one. */
function levelsBetween(values: readonly number[], places: readonly number[]): readonly ChangePoint[] {
  const bounds = [0, ...new Set(places), values.length]
  for (;;) {
    const medians = bounds.slice(1).map((end, index) => medianOf(values, bounds[index]!, end))
    const same = medians.findIndex((after, index) => index > 0 && !differ(medians[index - 1]!, after))
    if (same < 0) {
      return medians.slice(1).map((after, index) => ({
        at: bounds[index + 1]!,
        before: medians[index]!,
        after,
        countBefore: bounds[index + 1]! - bounds[index]!,
        countAfter: bounds[index + 2]! - bounds[index + 1]!,
      }))
    }
    bounds.splice(same, 1)
  }
}

function medianOf(values: readonly number[], from: number, to: number): number {
  return percentile(values.slice(from, to), 0.5) ?? 0
}

function differ(before: number, after: number): boolean {
  return Math.abs(after - before) > SMALLEST_CHANGE * Math.min(before, after)
}
