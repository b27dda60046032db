import type { Micros } from '#shared/model/time.ts'

/**
 * An instant of a run as a clock shows it: "00:12.3", "1:00:12.3". In runs shorter than ten seconds, which are over
 * before tenths tell anything apart, to the millisecond.
 * @param end the length of the run
 */
export function clockText(t: Micros, end: Micros): string {
  const decimals = end < 10_000_000 ? 3 : 1
  const unit = 10 ** decimals
  const parts = Math.floor((t / 1_000_000) * unit)
  const whole = Math.floor(parts / unit)
  const hours = Math.floor(whole / 3_600)
  const clock = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}.${String(parts % unit).padStart(decimals, '0')}`
  return hours === 0 ? clock : `${hours}:${clock}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
