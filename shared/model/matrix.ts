import type { ForEach } from './pipeline.ts'

/** A matrix with more fails its task: a few lists of a thousand would take more memory than there is. */
export const MOST_COMBINATIONS = 100_000

/** Combinations of a matrix whose lists all stand in the file; null where a run decides how long one is. */
export function writtenCombinations({ matrix }: Extract<ForEach, { type: 'matrix' }>): number | null {
  let product = 1
  for (const values of matrix.values()) {
    if (typeof values === 'string') return null
    product *= values.length
  }
  return product
}
