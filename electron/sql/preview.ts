import { extname } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { DataPreview } from '#shared/contract/data.ts'
import { identifier, literal } from './database.ts'
import { jsonOf } from './value.ts'

const READERS: ReadonlyMap<string, string> = new Map([
  ['.parquet', 'read_parquet'],
  ['.csv', 'read_csv'],
  ['.tsv', 'read_csv'],
  ['.txt', 'read_csv'],
  ['.json', 'read_json'],
  ['.ndjson', 'read_json'],
  ['.jsonl', 'read_json'],
])

/** First rows of a Parquet, CSV or JSON file. Throws what DuckDB says, or that the ending is not known. */
export async function previewFile(connection: DuckDBConnection, path: string, limit: number): Promise<DataPreview> {
  const reader = READERS.get(extname(path.replace(/\.(gz|zst)$/i, '')).toLowerCase())
  if (reader === undefined) throw new Error('Only Parquet, CSV, JSON and DuckDB files can be shown as a table.')
  const source = `${reader}(${literal(path)})`
  const parquet = reader === 'read_parquet'
  const total = parquet
    ? await count(connection, `select sum(num_rows)::bigint from parquet_file_metadata(${literal(path)})`)
    : null
  return { ...(await firstRows(connection, source, limit)), total, tables: [] }
}

/**
 * The tables of the connection's database and, where one is named (`table` or `schema.table`), its first rows. A view is
 * SQL of whoever made the file: its rows are shown only where `sealed` says that it reaches nothing. Throws what DuckDB says,
 * or why they are not shown.
 */
export async function previewDatabase(
  connection: DuckDBConnection,
  sealed: boolean,
  table: string | null,
  limit: number,
): Promise<DataPreview> {
  const listing = await connection.runAndReadAll(
    `select schema_name, table_name, true from duckdb_tables() where not internal and database_name = current_database()
     union all
     select schema_name, view_name, false from duckdb_views() where not internal and database_name = current_database()
     order by 1, 2`,
  )
  const entries = listing.getRows().map(([schema, name, isTable]) => ({
    label: schema === 'main' ? String(name) : `${schema}.${name}`,
    source: `${identifier(String(schema))}.${identifier(String(name))}`,
    isTable: isTable === true,
  }))
  const tables = entries.map((entry) => entry.label)
  if (table === null) return { columns: [], rows: [], total: null, tables }
  const entry = entries.find((one) => one.label === table)
  if (entry === undefined) throw new Error(`There is no table ${table}.`)
  if (!entry.isTable && !sealed) {
    throw new Error(`A task works in this database. The view ${table} can be shown once it has ended.`)
  }
  const total = entry.isTable ? await count(connection, `select count(*) from ${entry.source}`) : null
  const rows = await firstRows(connection, entry.source, limit).catch((error: unknown) => {
    throw outOfReach(table, error) ?? error
  })
  return { ...rows, total, tables }
}

function outOfReach(view: string, error: unknown): Error | null {
  const message = error instanceof Error ? error.message : String(error)
  if (!/disabled (?:by|through) configuration|extension/i.test(message)) return null
  return new Error(
    `The view ${view} needs more than this workspace's files, which a preview does not give it. ` +
      `Query it in a task, if you trust it. (${message.split('\n', 1)[0]})`,
    { cause: error },
  )
}

async function firstRows(
  connection: DuckDBConnection,
  source: string,
  limit: number,
): Promise<Pick<DataPreview, 'columns' | 'rows'>> {
  const result = await connection.runAndReadAll(`select * from ${source} limit ${Math.max(0, Math.trunc(limit))}`)
  const columns = result.columnNames().map((name, column) => ({ name, type: String(result.columnType(column)) }))
  return { columns, rows: result.getRows().map((row) => row.map(jsonOf)) }
}

async function count(connection: DuckDBConnection, sql: string): Promise<number> {
  return Number((await connection.runAndReadAll(sql)).getRows()[0]![0] ?? 0)
}
