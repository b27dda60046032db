import type { Micros } from '#shared/model/time.ts'

/**
 * A duration as people say it: "0 s", "340 ms", "4.2 s", "1 m 12 s", "2 h 5 m". Never more than two units.
 */
export function humanDuration(time: Micros): string {
  const sign = time < 0 ? '−' : ''
  const micros = Math.abs(time)
  if (micros === 0) return '0 s'
  if (micros < 1_000) return `${sign}<1 ms`
  if (micros < 999_500) return `${sign}${Math.round(micros / 1_000)} ms`
  const seconds = micros / 1_000_000
  if (seconds < 9.95) return `${sign}${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${sign}${whole} s`
  if (whole < 3_600) return `${sign}${Math.floor(whole / 60)} m${whole % 60 ? ` ${whole % 60} s` : ''}`
  const minutes = Math.round(seconds / 60)
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${sign}${hours} h${minutes % 60 ? ` ${minutes % 60} m` : ''}`
  const allHours = Math.round(minutes / 60)
  return `${sign}${Math.floor(allHours / 24)} d${allHours % 24 ? ` ${allHours % 24} h` : ''}`
}

/** Seconds with three decimals, for a tooltip beside the human form: "72.431 s". */
export function exactDuration(time: Micros): string {
  return `${(time / 1_000_000).toFixed(3)} s`
}
