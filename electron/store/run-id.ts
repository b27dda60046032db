import { randomInt } from 'node:crypto'

/** In the order in which file systems and `sort` have them. */
const LETTERS = '23456789abcdefghjkmnpqrstuvwxyz'
const PAIRS = LETTERS.length ** 2

/**
 * `20261121T121455Z-k3f9`: sorts by time. Of the four letters the first two are the part of the second (to about a
 * millisecond, so that "the last run" is the last one); the others tell runs of the same moment apart.
 */
export function newRunId(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const part = Math.floor((now.getUTCMilliseconds() / 1000) * PAIRS)
  return `${time}-${pairOf(part)}${pairOf(randomInt(PAIRS))}`
}

function pairOf(number: number): string {
  return `${LETTERS[Math.floor(number / LETTERS.length)]}${LETTERS[number % LETTERS.length]}`
}

/** Whether `run` can be the name of a run's folder: never a path. */
export function isRunId(run: string): boolean {
  return /^[0-9A-Za-z][0-9A-Za-z_-]{0,79}$/.test(run)
}
