import type { Micros } from '../model/time.ts'

/** What an attempt may take, as plain data. */
export type DurationDistribution =
  | { readonly type: 'fixed'; readonly value: Micros }
  /** Bootstrap: each of these is as likely as the others. At least one. */
  | { readonly type: 'history'; readonly values: readonly Micros[] }
  /** The beta distribution of PERT over [min, max] with its mode at `likely` and the usual weight of 4. */
  | { readonly type: 'pert'; readonly min: Micros; readonly likely: Micros; readonly max: Micros }

/**
 * Many distributions as tables by probability, side by side in one array: a draw asks for all of them, and what lies
 * together is found fast.
 */
export class Samplers {
  private readonly values: Float64Array
  private readonly start: Int32Array
  private readonly size: Int32Array
  /** 1: what lies between two values may be drawn too. */
  private readonly continuous: Uint8Array

  constructor(distributions: readonly DurationDistribution[]) {
    const shapes = new Map<number, Float64Array>()
    const tables = distributions.map((distribution) => tableOf(distribution, shapes))
    this.size = Int32Array.from(tables, (table) => table.length)
    this.start = new Int32Array(tables.length)
    this.continuous = Uint8Array.from(distributions, ({ type }, number) => {
      return type === 'pert' && (this.size[number] as number) > 1 ? 1 : 0
    })
    this.values = new Float64Array(tables.reduce((sum, table) => sum + table.length, 0))
    let place = 0
    tables.forEach((table, number) => {
      this.start[number] = place
      this.values.set(table, place)
      place += table.length
    })
  }

  /** Whether the distribution has more than one value. */
  varies(number: number): boolean {
    return (this.size[number] as number) > 1
  }

  /** The value of a distribution at probability `u` in [0, 1), in whole microseconds. */
  at(number: number, u: number): Micros {
    const size = this.size[number] as number
    const start = this.start[number] as number
    if (this.continuous[number] === 0) return this.values[start + Math.floor(u * size)] as number
    const place = u * (size - 1)
    const cell = Math.floor(place)
    const low = this.values[start + cell] as number
    return Math.round(low + ((this.values[start + cell + 1] as number) - low) * (place - cell))
  }
}

/** `shapes`: quantiles of PERT distributions by their mode, which many tasks may share. */
function tableOf(distribution: DurationDistribution, shapes: Map<number, Float64Array>): Float64Array {
  if (distribution.type === 'fixed') return Float64Array.of(distribution.value)
  if (distribution.type === 'history') return Float64Array.from(distribution.values).sort()
  const { min, likely, max } = distribution
  if (max <= min) return Float64Array.of(min)
  const mode = (likely - min) / (max - min)
  const shape = shapes.get(mode) ?? pertQuantiles(mode)
  shapes.set(mode, shape)
  return shape.map((value) => min + (max - min) * value)
}

const QUANTILES = 1024
const STEPS = 8192

/**
 * Quantiles 0, 1/1024, … 1 of PERT's beta distribution on [0, 1]: α = 1 + 4 × mode, β = 5 − 4 × mode. The density is
 * integrated by Simpson's rule over `STEPS` cells, whose sums are inverted linearly: its mean is good to 2e-4 of the range,
 * its deviation, by the outermost cells, 0.3% too wide.
 */
function pertQuantiles(mode: number): Float64Array {
  const [a, b] = [4 * mode, 4 - 4 * mode]
  const density = (x: number) => x ** a * (1 - x) ** b
  const sums = new Float64Array(STEPS + 1)
  for (let step = 0; step < STEPS; step++) {
    const [from, middle, to] = [step / STEPS, (step + 0.5) / STEPS, (step + 1) / STEPS]
    sums[step + 1] = (sums[step] as number) + density(from) + 4 * density(middle) + density(to)
  }
  const total = sums[STEPS] as number
  const quantiles = new Float64Array(QUANTILES + 1)
  let step = 0
  for (let at = 1; at < QUANTILES; at++) {
    const wanted = (total * at) / QUANTILES
    while ((sums[step + 1] as number) < wanted) step++
    const below = sums[step] as number
    quantiles[at] = (step + (wanted - below) / ((sums[step + 1] as number) - below)) / STEPS
  }
  quantiles[QUANTILES] = 1
  return quantiles
}
