import { type Micros, SECOND } from './time.ts'

const UNITS: readonly (readonly [unit: string, size: Micros])[] = [
  ['w', 7 * 86_400 * SECOND],
  ['d', 86_400 * SECOND],
  ['h', 3_600 * SECOND],
  ['m', 60 * SECOND],
  ['s', SECOND],
  ['ms', SECOND / 1_000],
  ['us', 1],
]

/** `10m`, `1h30m`, `1.5s`, `250ms`: numbers with units, largest unit first. */
export const DURATION_PATTERN =
  /^(?=\d)(?:\d+(?:\.\d+)?w)?(?:\d+(?:\.\d+)?d)?(?:\d+(?:\.\d+)?h)?(?:\d+(?:\.\d+)?m(?!s))?(?:\d+(?:\.\d+)?s)?(?:\d+(?:\.\d+)?ms)?(?:\d+us)?$/

/** Whole microseconds, or undefined where the text is no duration. */
export function parseDuration(text: string): Micros | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|us|[wdhms])/g)) {
    total += Number(amount) * UNITS.find(([name]) => name === unit)![1]
  }
  const rounded = Math.round(total)
  return Number.isSafeInteger(rounded) ? rounded : undefined
}

/** The shortest exact text that `parseDuration` reads back: 90 s is `1m30s`. Weeks are written as days. */
export function formatDuration(time: Micros): string {
  let rest = Math.max(0, Math.round(time))
  let text = ''
  for (const [unit, size] of UNITS.slice(1)) {
    const amount = Math.floor(rest / size)
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * size
  }
  return text === '' ? '0s' : text
}

const BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
])
export const SIZE_PATTERN = /^\d+(?:\.\d+)? ?(?:B|[KMGT]i?B)$/

/** `5GB`, `512 MiB` in bytes, or undefined where the text is no size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?) ?([KMGT]?i?B)$/.exec(text)
  const factor = match ? BYTES.get(match[2]!) : undefined
  return match && factor !== undefined ? Math.round(Number(match[1]) * factor) : undefined
}
