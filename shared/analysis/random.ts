/**
 * Random numbers that depend on their arguments only, so that a draw is the same in whichever worker and order it is
 * made, and the same task meets the same luck with and without a change (common random numbers).
 */

/** The start of one draw's numbers. */
export function drawSeed(seed: number, draw: number): number {
  return mixed(mixed(seed) ^ Math.imul(draw + 1, 0x9e3779b1))
}

/** A number in [0, 1), in steps of 2⁻³². `purpose` tells apart what is decided about one attempt. */
export function chance(drawn: number, task: number, index: number, attempt: number, purpose: number): number {
  const place = mixed(drawn ^ Math.imul(task + 1, 0x85ebca77))
  const detail = Math.imul(index + 2, 0xc2b2ae3d) ^ Math.imul(attempt * 4 + purpose, 0x27d4eb2f)
  return (mixed(place ^ detail) >>> 0) / 4294967296
}

/** A bijection of 32 bits with low bias. Source: Chris Wellons, "Prospecting for hash functions" (lowbias32). */
function mixed(value: number): number {
  let x = value
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad)
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97)
  return x ^ (x >>> 15)
}
