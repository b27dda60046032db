/**
 * The value below which `fraction` (0 to 1) of the values lie: linear interpolation between the closest ranks at
 * fraction × (count - 1), which is type 7 of Hyndman and Fan (1996) and what NumPy, R and spreadsheets do by default.
 * The median of an even number of values is the mean of the middle two.
 * Takes the values in any order; undefined where there are none.
 */
export function percentile(values: readonly number[], fraction: number): number | undefined {
  if (values.length === 0) return undefined
  const sorted = Float64Array.from(values).sort()
  const rank = Math.min(1, Math.max(0, fraction)) * (sorted.length - 1)
  const low = sorted[Math.floor(rank)]!
  const high = sorted[Math.ceil(rank)]!
  return low + (high - low) * (rank - Math.floor(rank))
}
