import { type Micros, SECOND } from '../model/time.ts'

const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/**
 * A duration for people, the same on every screen and in the CLI: "850 µs", "310 ms", "4.2 s", "1 m 12 s", "2 h 5 m",
 * "3 d 4 h". Rounded to the last place shown; a negative one has a minus sign.
 */
export function durationText(duration: Micros): string {
  if (duration < 0) return `−${durationText(-duration)}`
  const whole = Math.round(duration)
  if (whole < 1000) return whole === 0 ? '0 s' : `${whole} µs`
  const milliseconds = Math.round(whole / 1000)
  if (milliseconds < 1000) return `${milliseconds} ms`
  const tenths = Math.round(whole / 100_000)
  if (tenths < 600) return `${Math.floor(tenths / 10)}.${tenths % 10} s`
  const seconds = Math.round(whole / SECOND)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`
  const minutes = Math.round(whole / MINUTE)
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${minutes % 60} m`
  const hours = Math.round(whole / HOUR)
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** A difference with its sign: "+4.2 s", "−310 ms"; "0 s" where there is none. */
export function differenceText(difference: Micros): string {
  const text = durationText(difference)
  return Math.round(difference) > 0 ? `+${text}` : text
}

/** To the microsecond, for tooltips: "1 m 12.345678 s", "2 h 0 m 5 s", "0.31 s". */
export function exactDurationText(duration: Micros): string {
  if (duration < 0) return `−${exactDurationText(-duration)}`
  const whole = Math.round(duration)
  const parts: string[] = []
  if (whole >= DAY) parts.push(`${Math.floor(whole / DAY)} d`)
  if (whole >= HOUR) parts.push(`${Math.floor((whole % DAY) / HOUR)} h`)
  if (whole >= MINUTE) parts.push(`${Math.floor((whole % HOUR) / MINUTE)} m`)
  const seconds = whole % MINUTE
  const fraction = String(seconds % SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '')
  parts.push(`${Math.floor(seconds / SECOND)}${fraction === '' ? '' : `.${fraction}`} s`)
  return parts.join(' ')
}
