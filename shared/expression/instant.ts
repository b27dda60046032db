const FORM = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/i

/**
 * The instant a person writes as an ISO 8601 date, or date and time: milliseconds since 1970, null where it is none.
 * A date alone begins in UTC; a time without a zone is this machine's.
 */
export function instantOf(text: string): number | null {
  const written = text.trim()
  const [, year, month, day] = FORM.exec(written) ?? []
  // JavaScript reads "someday 5" as a date too, and takes the 30th of February for the 2nd of March.
  if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day)) return null
  const instant = Date.parse(written.replace(' ', 'T').toUpperCase())
  return Number.isFinite(instant) ? instant : null
}
