import {
  DuckDBArrayValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBUnionValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Json } from '#shared/model/pipeline.ts'

/**
 * A value of DuckDB as JSON. Numbers that a double cannot hold exactly, and not-a-number and infinities, become text;
 * dates and timestamps ISO 8601; blobs base64; maps lists of `{ key, value }`.
 */
export function jsonOf(value: DuckDBValue): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof DuckDBDecimalValue) return exactNumber(value.toString())
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue) return value.items.map(jsonOf)
  if (value instanceof DuckDBStructValue) return record(Object.entries(value.entries))
  if (value instanceof DuckDBMapValue) {
    return value.entries.map((entry) => ({ key: jsonOf(entry.key), value: jsonOf(entry.value) }))
  }
  if (value instanceof DuckDBUnionValue) return jsonOf(value.value)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
  if (value instanceof DuckDBDateValue) return dateText(value)
  if (value instanceof DuckDBTimestampTZValue) return instant(value)
  if (isTimestamp(value)) return value.toString().replace(' ', 'T')
  return value.toString()
}

/** A row as an object; a column name that occurs twice gets a number. */
export function rowObject(names: readonly string[], row: readonly DuckDBValue[]): Json {
  return record(names.map((name, column) => [name, row[column] ?? null]))
}

function record(entries: readonly (readonly [string, DuckDBValue])[]): Json {
  // Not a literal: a column may be called `__proto__`.
  return Object.fromEntries(entries.map(([name, value]) => [name, jsonOf(value)]))
}

function exactNumber(text: string): Json {
  const trimmed = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  const number = Number(trimmed)
  return String(number) === trimmed ? number : text
}

/** The binding writes an infinite date as a day some millions of years away. */
function dateText(value: DuckDBDateValue): string {
  if (value.isFinite) return value.toString()
  return value.days > 0 ? 'infinity' : '-infinity'
}

/** In UTC whatever the zone of the session, microseconds kept. */
function instant(value: DuckDBTimestampTZValue): string {
  const milliseconds = Number(value.micros / 1000n)
  if (!Number.isFinite(new Date(milliseconds).getTime())) return value.toString()
  const micros = ((value.micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = Number((value.micros - micros) / 1_000_000n)
  const fraction = micros === 0n ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${fraction}Z`
}

function isTimestamp(value: object): boolean {
  return (
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimestampSecondsValue ||
    value instanceof DuckDBTimestampMillisecondsValue ||
    value instanceof DuckDBTimestampNanosecondsValue
  )
}
