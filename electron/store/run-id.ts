import { randomInt } from 'node:crypto'

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'
const SUFFIX = 4

/** `20261121T121455Z-k3f9`: sorts by time (to the second), and is told apart by its end. */
export function newRunId(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '')
  let suffix = ''
  for (let at = 0; at < SUFFIX; at++) suffix += LETTERS[randomInt(LETTERS.length)]
  return `${time}-${suffix}`
}

/** Whether `run` can be the name of a run's folder: never a path. */
export function isRunId(run: string): boolean {
  return /^[0-9A-Za-z][0-9A-Za-z_-]{0,79}$/.test(run)
}
