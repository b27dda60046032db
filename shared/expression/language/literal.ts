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

/** A value as JavaScript writes it. An object goes through JSON.parse, where `__proto__` is a key like any other. */
export function javascriptLiteral(value: Json): string {
  const json = JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
  return json.includes('__proto__') && typeof value === 'object' ? `JSON.parse(${JSON.stringify(json)})` : json
}

/** A value as DuckDB's SQL writes it: lists in brackets, objects as structs. */
export function sqlLiteral(value: Json): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean' || typeof value === 'number') return String(value)
  if (typeof value === 'string') return sqlString(value)
  if (Array.isArray(value)) return `[${value.map(sqlLiteral).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, entry]) => `${sqlString(key)}: ${sqlLiteral(entry as Json)}`)
    .join(', ')}}`
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
