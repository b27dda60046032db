import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lastTick, parseCron } from './cron.ts'
import { logicalDateOf } from './schedule.ts'

const schedule = (cron: string, timezone = 'UTC') => ({ cron, timezone, catchup: false })

describe('logicalDateOf', () => {
  it.each([
    ['0 6 * * *', 'UTC', '2026-03-01T12:00:00Z', '2026-03-01T06:00:00.000Z', '2026-02-28T06:00:00.000Z'],
    ['0 6 * * *', 'Europe/Berlin', '2026-07-01T03:59:00Z', '2026-06-30T04:00:00.000Z', '2026-06-29T04:00:00.000Z'],
    // Clocks in Berlin go forward on 29 March 2026: 6:00 is 5:00 UTC before, 4:00 after.
    ['0 6 * * *', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T04:00:00.000Z', '2026-03-28T05:00:00.000Z'],
    [
      '*/15 9-17 * * mon-fri',
      'America/New_York',
      '2026-11-21T12:00:00Z',
      '2026-11-20T22:45:00.000Z',
      '2026-11-20T22:30:00.000Z',
    ],
    ['0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', '2024-02-29T00:00:00.000Z', '2020-02-29T00:00:00.000Z'],
    ['0 0 13 * 5', 'UTC', '2026-11-14T00:00:00Z', '2026-11-13T00:00:00.000Z', '2026-11-06T00:00:00.000Z'],
    ['0 6 */2 * *', 'UTC', '2026-11-14T12:00:00Z', '2026-11-13T06:00:00.000Z', '2026-11-11T06:00:00.000Z'],
    ['0 6 */2 * */3', 'UTC', '2026-11-14T12:00:00Z', '2026-11-11T06:00:00.000Z', '2026-11-07T06:00:00.000Z'],
    ['@daily', 'UTC', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', '2025-12-31T00:00:00.000Z'],
  ])('%s in %s at %s', (cron, timezone, start, end, from) => {
    expect(logicalDateOf(schedule(cron, timezone), start)).toEqual({
      logicalDate: end,
      dataInterval: { start: from, end },
    })
  })
  it('is the start where there is no schedule, or one that never comes', () => {
    for (const none of [null, schedule('0 0 31 2 *'), schedule('no cron')]) {
      expect(logicalDateOf(none, '2026-01-01T01:02:03Z').logicalDate).toBe('2026-01-01T01:02:03.000Z')
    }
  })
  it('takes the given date', () => {
    expect(logicalDateOf(schedule('0 6 * * *'), '2026-03-01T12:00:00Z', '2026-01-05T06:00:00Z')).toEqual({
      logicalDate: '2026-01-05T06:00:00.000Z',
      dataInterval: { start: '2026-01-04T06:00:00.000Z', end: '2026-01-05T06:00:00.000Z' },
    })
  })
})

describe('lastTick', () => {
  it('is the one a search minute by minute finds', () => {
    const field = (least: number, most: number) =>
      fc.oneof(
        fc.constant('*'),
        fc.integer({ min: least, max: most }).map(String),
        fc.integer({ min: 2, max: 20 }).map((n) => `*/${n}`),
      )
    fc.assert(
      fc.property(
        field(0, 59),
        field(0, 23),
        fc.constantFrom('*', '1', '15', '1-7', '*/3'),
        fc.constantFrom('*', '1', '0,6', '*/2'),
        fc.integer({ min: 0, max: 40 * 365 * 1440 }),
        (m, h, d, w, minute) => {
          const cron = parseCron(`${m} ${h} ${d} * ${w}`)
          if (!cron.ok) throw new Error(cron.problems[0].message)
          const { minutes, hours, days, weekdays, anyDay, anyWeekday } = cron.value
          const instant = minute * 60_000 + 59_999
          let expected = minute * 60_000
          for (let searched = 0; searched < 150 * 1440; searched++, expected -= 60_000) {
            const at = new Date(expected)
            const dayFits =
              anyDay || anyWeekday
                ? days.has(at.getUTCDate()) && weekdays.has(at.getUTCDay())
                : days.has(at.getUTCDate()) || weekdays.has(at.getUTCDay())
            if (minutes.has(at.getUTCMinutes()) && hours.has(at.getUTCHours()) && dayFits) break
          }
          expect(lastTick(cron.value, 'UTC', instant)).toBe(expected)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('follows the clocks of a zone through a year: a skipped time comes later, a repeated one the first time', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Asia/Kathmandu']
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.oneof(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 3 })),
        fc.integer({ min: 0, max: 59 }),
        // Clocks change on days 66, 87, 93, 276, 297 and 304 of 2026.
        fc.oneof(fc.integer({ min: 0, max: 364 }), fc.constantFrom(66, 87, 93, 276, 297, 304)),
        (zone, hour, minute, day) => {
          const cron = parseCron(`${minute} ${hour} * * *`)
          if (!cron.ok) throw new Error(cron.problems[0]?.message)
          const noon = Date.UTC(2026, 0, 1 + day, 12)
          const found = lastTick(cron.value, zone, noon)
          const [date = '', time = ''] = wallClock(zone, found ?? 0)
          const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
          const place = `${zone} ${wanted}: ${date} ${time}`
          const shown = Array.from({ length: 27 * 60 }, (_, back) => (found ?? 0) + (120 - back) * 60_000).filter(
            (instant) => wallClock(zone, instant).join(' ') === `${date} ${wanted}`,
          )
          if (time === wanted) expect(shown.at(-1), `${place}, the first of its kind`).toBe(found)
          else expect(shown, `${place}, since that day has no ${wanted}`).toEqual([])
          expect(noon - (found ?? 0), place).toBeGreaterThanOrEqual(0)
          expect(noon - (found ?? 0), place).toBeLessThanOrEqual(25 * 3_600_000)
        },
      ),
      { numRuns: 80 },
    )
  })
  it.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29T01:30:00.000Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:29:00Z', '2026-10-24T00:30:00.000Z'],
    ['0 0 * * *', 'America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04T03:00:00.000Z'],
  ])('%s in %s at %s: where clocks change', (text, zone, at, expected) => {
    const cron = parseCron(text)
    if (!cron.ok) throw new Error(cron.problems[0]?.message)
    expect(new Date(lastTick(cron.value, zone, Date.parse(at)) ?? 0).toISOString()).toBe(expected)
  })
  it.each(['', '* * * *', '60 * * * *', '* * 0 * *', 'a * * * *', '5-1 * * * *', '*/0 * * * *'])('refuses %j', (text) =>
    expect(parseCron(text).ok).toBe(false),
  )
})

const formats = new Map<string, Intl.DateTimeFormat>()

/** Date and time of day as the zone's clocks show them. */
function wallClock(zone: string, instant: number): string[] {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' })
  formats.set(zone, format)
  return format.format(instant).split(' ')
}
