/** A range of the query's text, in UTF-16 units. */
export interface QueryPlace {
  readonly start: number
  readonly end: number
}

/**
 * Where DuckDB says an error is: it quotes the line ("LINE 2: from tsks") and marks the place under it with a caret. Of a
 * long line it quotes a part, between dots. null: the message names no place.
 */
export function queryErrorPlace(sql: string, message: string): QueryPlace | null {
  const [, number, quoted, indent] = /^LINE (\d+): (.*)\n( *)\^/m.exec(message) ?? []
  if (number === undefined || quoted === undefined || indent === undefined) return null
  const lines = sql.split('\n')
  const line = lines[Number(number) - 1]
  if (line === undefined) return null
  const begin = lines.slice(0, Number(number) - 1).reduce((sum, one) => sum + one.length + 1, 0)
  const whole = { start: begin, end: begin + Math.max(1, line.length) }
  const at = indent.length - `LINE ${number}: `.length
  const cut = quoted.startsWith('...') ? 3 : 0
  const offset = line.indexOf(quoted.slice(cut).replace(/\.\.\.$/, ''))
  if (offset < 0 || at < cut) return whole
  const start = offset + at - cut
  const word = /^\w+/.exec(line.slice(start))?.[0].length ?? 1
  return start < line.length ? { start: begin + start, end: begin + start + word } : whole
}

/** What the error says, without the quoted line that the editor marks. */
export function queryErrorText(message: string): string {
  return message.replace(/\n+LINE \d+: [\s\S]*$/, '').trim()
}
