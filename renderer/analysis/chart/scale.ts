import { durationText } from '#shared/analysis/duration-text.ts'
import { niceStep } from '../../runs/gantt-geometry.ts'
import { bytesText } from '../../runs/log-buffer.ts'

/** What an axis counts: microseconds, things, shares (0 to 1) or bytes. */
export type Unit = 'duration' | 'count' | 'share' | 'bytes'

export interface Domain {
  readonly from: number
  readonly to: number
}

export interface Tick {
  readonly value: number
  readonly label: string
}

/** Maps a value to pixels; outside the domain it lies outside the range. */
export type Scale = (value: number) => number

/** A domain without length lies in the middle of the range. */
export function linearScale({ from, to }: Domain, start: number, end: number): Scale {
  const span = to - from
  return (value) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start))
}

/** From zero (less where a value is) to the first round value that none exceeds; never without length. */
export function roundDomain(values: readonly number[], unit: Unit, most = 5): Domain {
  const least = values.reduce((low, value) => Math.min(low, value), 0)
  const top = values.reduce((high, value) => Math.max(high, value), 0)
  if (unit === 'share') return { from: least, to: Math.max(1, top) }
  const span = top - least || smallestSpan(unit)
  const step = roundStep(span / most, unit)
  return { from: Math.floor(least / step) * step, to: Math.ceil((least + span) / step) * step }
}

/** Round values inside the domain, at most `most` + 1 of them. */
export function ticksOf({ from, to }: Domain, unit: Unit, most = 5): readonly Tick[] {
  const span = to - from
  if (!(span > 0) || most < 1) return []
  const step = roundStep(span / most, unit)
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.floor(to / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, index) => {
    const value = Number(((first + index) * step).toPrecision(12))
    return { value, label: axisText(value, unit) }
  })
}

/** A value as an axis says it: without the zeros that every tick would share. */
export function axisText(value: number, unit: Unit): string {
  const text = unitText(value, unit)
  return unit === 'duration' ? text.replace(/\.0 s$/, ' s').replace(/(?<=\w) 0 [smh]$/, '') : text
}

/** A value for people. */
export function unitText(value: number, unit: Unit): string {
  switch (unit) {
    case 'duration':
      return durationText(value)
    case 'bytes':
      return bytesText(value)
    case 'share':
      return `${Number((value * 100).toFixed(1))}%`
    case 'count':
      return Number(value.toFixed(2)).toLocaleString('en')
  }
}

function smallestSpan(unit: Unit): number {
  return unit === 'duration' || unit === 'bytes' ? 1000 : 1
}

/** The smallest round step that is not below `least`. */
function roundStep(least: number, unit: Unit): number {
  if (unit === 'duration') return niceStep(Math.max(1, least))
  const floor = unit === 'share' ? 0.01 : 1
  const wanted = Math.max(floor, least)
  const decade = 10 ** Math.floor(Math.log10(wanted))
  return [1, 2, 5, 10].map((factor) => factor * decade).find((step) => step >= wanted * (1 - 1e-9)) ?? 10 * decade
}
