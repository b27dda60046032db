import type { Json } from '../../model/pipeline.ts'

/** A value as Python writes it. JSON's strings are Python's, too. */
export function pythonLiteral(value: Json): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, entry]) => `${JSON.stringify(key)}: ${pythonLiteral(entry as Json)}`)
    .join(', ')}}`
}

/**
 * A value as JavaScript writes it. An object stands in parentheses, so that no brace is taken for a block, and goes
 * through JSON.parse where `__proto__` must be a key like any other.
 */
export function javascriptLiteral(value: Json): string {
  const json = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  if (typeof value !== 'object' || value === null) return json
  if (json.includes('__proto__')) return `JSON.parse(${JSON.stringify(json)})`
  return Array.isArray(value) ? json : `(${json})`
}

/** A value as DuckDB's SQL writes it: lists in brackets, objects as structs; what SQL has no type for is JSON. */
export function sqlLiteral(value: Json): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return sqlString(value)
  if (Array.isArray(value)) return isUniform(value) ? `[${value.map(sqlLiteral).join(', ')}]` : sqlJson(value)
  if (Object.keys(value).length === 0) return sqlJson(value)
  return `{${Object.entries(value)
    .map(([key, entry]) => `${sqlString(key)}: ${sqlLiteral(entry as Json)}`)
    .join(', ')}}`
}

/** A list whose items, nulls aside, have one type: DuckDB has no list of others. */
function isUniform(list: readonly Json[]): boolean {
  const types = new Set(
    list.filter((item) => item !== null).map((item) => (Array.isArray(item) ? 'list' : typeof item)),
  )
  return types.size <= 1
}

function sqlJson(value: Json): string {
  return `${sqlString(JSON.stringify(value))}::json`
}

function sqlString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function sqlIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** One word of a POSIX shell that stands for exactly this text. */
export function shellLiteral(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
