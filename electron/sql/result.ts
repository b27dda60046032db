import { writeFile } from 'node:fs/promises'
import type { DuckDBResult, DuckDBValue } from '@duckdb/node-api'
import { maskJson } from '#electron/spawner/mask.ts'
import type { DataPreview } from '#shared/contract/data.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { jsonOf, rowObject } from './value.ts'

/** Rows of a result shown in the log, and kept beside it. */
const SHOWN_ROWS = 20
const KEPT_ROWS = 1000
const KEPT_BYTES = 1024 * 1024
/** Characters of one kept cell: a long one must not crowd out its row. */
const KEPT_CELL = 4000
const SHOWN_CELL = 60

export interface ReadResult {
  readonly columns: DataPreview['columns']
  /** All rows of it. */
  readonly count: number
  /** The first of them. */
  readonly rows: readonly (readonly DuckDBValue[])[]
}

/** Reads a result to its end, counting its rows and keeping the first ones: memory does not grow with a streamed one. */
export async function readFirst(result: DuckDBResult, keep = KEPT_ROWS): Promise<ReadResult> {
  const rows: DuckDBValue[][] = []
  let count = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    if (rows.length < keep) rows.push(...chunk.getRows().slice(0, keep - rows.length))
    count += chunk.rowCount
  }
  const columns = result.columnNames().map((name, column) => ({ name, type: String(result.columnType(column)) }))
  return { columns, count, rows }
}

/** Writes the first rows, as many as fit, to a file for the Data panel. Rejects where the disk does not take it. */
export async function keepResult(path: string, result: ReadResult, secrets: readonly string[]): Promise<void> {
  const rows: Json[][] = []
  let size = 0
  for (const row of result.rows) {
    const cells = row.map((cell) => shortCell(maskJson(jsonOf(cell), secrets)))
    size += Buffer.byteLength(JSON.stringify(cells))
    if (size > KEPT_BYTES) break
    rows.push(cells)
  }
  const preview: DataPreview = { columns: result.columns, rows, total: result.count, tables: [] }
  await writeFile(path, JSON.stringify(preview))
}

/** What is too long to be kept becomes a text that says how much is missing. */
function shortCell(cell: Json): Json {
  const text = typeof cell === 'string' ? cell : JSON.stringify(cell)
  if (text.length <= KEPT_CELL) return cell
  return `${text.slice(0, KEPT_CELL).toWellFormed()}… (${text.length.toLocaleString('en')} characters)`
}

/**
 * The value of an output's query: one cell gives a scalar, one column a list, anything else a list of rows.
 * Throws where it would be larger than `limit` bytes of JSON.
 */
export async function outputValue(name: string, result: DuckDBResult, limit: number): Promise<Json> {
  const names = result.deduplicatedColumnNames()
  const values: Json[] = []
  let size = 0
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    for (const row of chunk.getRows()) {
      const value = names.length === 1 ? jsonOf(row[0]!) : rowObject(names, row)
      size += Buffer.byteLength(JSON.stringify(value)) + 1
      if (size > limit) throw new Error(`The output \`${name}\` is larger than ${limit / 1024 / 1024} MiB.`)
      values.push(value)
    }
  }
  return names.length === 1 && values.length === 1 ? values[0]! : values
}

/** The first rows as an aligned table, for the log. */
export function tableText(result: ReadResult): string {
  const names = result.columns.map(({ name }) => name)
  const shown = result.rows.slice(0, SHOWN_ROWS)
  const cells = [names, ...shown.map((row) => row.map(cellText))].map((row) => row.map(shorten))
  const widths = names.map((_, column) => Math.max(...cells.map((row) => [...(row[column] ?? '')].length)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
      .join('  ')
      .trimEnd(),
  )
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '))
  if (result.count > shown.length) lines.push(`… ${(result.count - shown.length).toLocaleString('en')} more`)
  return `${lines.join('\n')}\n`
}

function cellText(value: DuckDBValue): string {
  const json = jsonOf(value)
  return typeof json === 'string' ? json : JSON.stringify(json)
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > SHOWN_CELL ? `${line.slice(0, SHOWN_CELL - 1)}…` : line
}
