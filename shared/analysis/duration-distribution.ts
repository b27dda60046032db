import type { Micros } from '../model/time.ts'

/** What an attempt may take, as plain data. */
export type DurationDistribution =
  | { readonly type: 'fixed'; readonly value: Micros }
  /** Bootstrap: each of these is as likely as the others. At least one. */
  | { readonly type: 'history'; readonly values: readonly Micros[] }
  /** The beta distribution of PERT over [min, max] with its mode at `likely` and the usual weight of 4. */
  | { readonly type: 'pert'; readonly min: Micros; readonly likely: Micros; readonly max: Micros }

/** A distribution as a table by probability. */
export interface Sampler {
  /** Ascending. */
  readonly values: Float64Array
  /** Whether what lies between two values may be drawn too. */
  readonly continuous: boolean
}

/** Samplers of many tasks; those of PERT distributions with one shape share the work of making them. */
export function samplersOf(distributions: readonly DurationDistribution[]): readonly Sampler[] {
  const shapes = new Map<number, Float64Array>()
  return distributions.map((distribution) => {
    if (distribution.type === 'fixed') return { values: Float64Array.of(distribution.value), continuous: false }
    if (distribution.type === 'history') {
      return { values: Float64Array.from(distribution.values).sort(), continuous: false }
    }
    const { min, likely, max } = distribution
    if (max <= min) return { values: Float64Array.of(min), continuous: false }
    const mode = (likely - min) / (max - min)
    const shape = shapes.get(mode) ?? pertQuantiles(mode)
    shapes.set(mode, shape)
    return { values: shape.map((value) => min + (max - min) * value), continuous: true }
  })
}

/** The value at probability `u` in [0, 1), in whole microseconds. */
export function sampleAt({ values, continuous }: Sampler, u: number): Micros {
  const last = values.length - 1
  if (last === 0) return values[0] as number
  if (!continuous) return values[Math.floor(u * (last + 1))] as number
  const place = u * last
  const cell = Math.floor(place)
  const low = values[cell] as number
  return Math.round(low + ((values[cell + 1] as number) - low) * (place - cell))
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
