import { failure, type Result, success } from '../model/problem.ts'

/** The sets of a five-field cron expression. `anyDay` and `anyWeekday`: the field begins with `*`, see `matchesDay`. */
export interface Cron {
  readonly minutes: ReadonlySet<number>
  readonly hours: ReadonlySet<number>
  readonly days: ReadonlySet<number>
  readonly months: ReadonlySet<number>
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>
  readonly anyDay: boolean
  readonly anyWeekday: boolean
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

/** Reads `minute hour day month weekday` with lists, ranges, steps and names, or one of `@daily` and its kin. */
export function parseCron(text: string): Result<Cron> {
  const fields = (NAMED[text.trim().toLowerCase()] ?? text.trim()).split(/\s+/)
  if (fields.length !== 5)
    return bad(text, `it has ${fields.length} fields instead of 5 (minute hour day month weekday)`)
  const [minutes, hours, days, months, weekdays] = [
    numbersOf(fields[0], 0, 59),
    numbersOf(fields[1], 0, 23),
    numbersOf(fields[2], 1, 31),
    numbersOf(fields[3], 1, 12, MONTHS, 1),
    numbersOf(fields[4], 0, 7, WEEKDAYS),
  ]
  const names = ['minute', 'hour', 'day', 'month', 'weekday']
  const wrong = [minutes, hours, days, months, weekdays].indexOf(null)
  if (wrong >= 0 || !minutes || !hours || !days || !months || !weekdays) {
    return bad(text, `its ${names[wrong]} \`${fields[wrong]}\` is not one`)
  }
  if (weekdays.delete(7)) weekdays.add(0)
  return success({
    minutes,
    hours,
    days,
    months,
    weekdays,
    anyDay: fields[2].startsWith('*'),
    anyWeekday: fields[4].startsWith('*'),
  })
}

function bad(text: string, why: string): Result<never> {
  return failure({
    code: 'SCHEDULE_INVALID',
    severity: 'error',
    message: `\`${text}\` is no schedule: ${why}.`,
    hint: 'For example `0 6 * * *`: every day at 6:00.',
  })
}

function numbersOf(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
  firstName = 0,
): Set<number> | null {
  const numbers = new Set<number>()
  const read = (text: string): number => {
    const named = names.indexOf(text.toLowerCase())
    if (named >= 0) return named + firstName
    return /^\d+$/.test(text) ? Number(text) : Number.NaN
  }
  for (const part of field.split(',')) {
    const match = /^(\*|[^/-]+)(?:-([^/-]+))?(?:\/(\d+))?$/.exec(part)
    if (!match) return null
    const [, first, last, stepText] = match
    const step = Number(stepText ?? 1)
    const from = first === '*' ? least : read(first)
    const to = last !== undefined ? read(last) : first === '*' || stepText !== undefined ? most : from
    if (!(from >= least && to <= most && from <= to && step >= 1)) return null
    for (let value = from; value <= to; value += step) numbers.add(value)
  }
  return numbers
}

/** Days looked back (or ahead) before a schedule counts as one that never comes, e.g. 31 February: eight years hold every leap day. */
const LONGEST_GAP_DAYS = 8 * 366
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** The last tick at or before `instant` (milliseconds since 1970), in the zone's own time; null where there is none. */
export function lastTick(cron: Cron, timezone: string, instant: number): number | null {
  const clock = new ZoneClock(timezone)
  const today = clock.localOf(instant)
  for (let back = 0; back <= LONGEST_GAP_DAYS; back++) {
    const midnight = Math.floor(today / DAY) * DAY - back * DAY
    if (!matchesDay(cron, new Date(midnight))) continue
    const ticks = ticksOf(cron, midnight).map((local) => clock.instantOf(local))
    const last = ticks.reduce((best, tick) => (tick <= instant && tick > best ? tick : best), Number.NEGATIVE_INFINITY)
    if (last !== Number.NEGATIVE_INFINITY) return last
  }
  return null
}

/**
 * The first instant at or after `instant` (both in milliseconds since 1970) at which the zone's clock shows `at`, such as
 * "07:00". Where clocks skip that time on a day, the time after the gap; where it comes twice, the first.
 */
export function nextTimeOfDay(at: string, timezone: string, instant: number): number {
  const clock = new ZoneClock(timezone)
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  const midnight = Math.floor(clock.localOf(instant) / DAY) * DAY
  for (let day = midnight; ; day += DAY) {
    const next = clock.instantOf(day + (hours * 60 + minutes) * MINUTE)
    if (next >= instant) return next
  }
}

/** As crontab(5) says: a day has to fit both day fields, but where neither begins with `*` either suffices. */
function matchesDay(cron: Cron, date: Date): boolean {
  if (!cron.months.has(date.getUTCMonth() + 1)) return false
  const day = cron.days.has(date.getUTCDate())
  const weekday = cron.weekdays.has(date.getUTCDay())
  return cron.anyDay || cron.anyWeekday ? day && weekday : day || weekday
}

function ticksOf(cron: Cron, midnight: number): number[] {
  return [...cron.hours].flatMap((hour) => [...cron.minutes].map((minute) => midnight + (hour * 60 + minute) * MINUTE))
}

/** Turns instants into a zone's wall clock and back. A wall clock is written as the UTC milliseconds of the same digits. */
class ZoneClock {
  readonly #format: Intl.DateTimeFormat

  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  }

  localOf(instant: number): number {
    const parts = new Map(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  }

  /** In the hour that is skipped when clocks go forward: the instant after it; in the one that comes twice: the first. */
  instantOf(local: number): number {
    const offsets = [local - DAY, local + DAY].map((near) => this.localOf(near) - near)
    const candidates = offsets.map((offset) => local - offset).filter((instant) => this.localOf(instant) === local)
    return candidates.length > 0 ? Math.min(...candidates) : local - Math.min(...offsets)
  }
}

/** Whether the zone is one that this machine's calendar knows. */
export function isTimezone(timezone: string): boolean {
  try {
    new ZoneClock(timezone)
    return true
  } catch {
    return false
  }
}
