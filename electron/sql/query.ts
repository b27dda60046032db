import { type DuckDBConnection, StatementType } from '@duckdb/node-api'
import type { QueryResult } from '#shared/contract/data.ts'
import { withoutComments } from './database.ts'
import { jsonOf } from './value.ts'

const READING: readonly StatementType[] = [StatementType.SELECT, StatementType.EXPLAIN]

/** After these neither files nor the network can be reached, and no statement can change that again. */
const LOCKS = [
  "set temp_directory = ''",
  'set autoinstall_known_extensions = false',
  'set autoload_known_extensions = false',
  'set enable_external_access = false',
  'set lock_configuration = true',
]

/**
 * Runs `setup`, locks the instance (which must be in memory and used for nothing else), and gives at most `limit` rows of the
 * one statement in `sql`. Throws what DuckDB says, or that the text is not one statement that only reads.
 */
export async function readOnlyQuery(
  connection: DuckDBConnection,
  setup: readonly string[],
  sql: string,
  limit: number,
): Promise<QueryResult> {
  for (const statement of [...setup, ...LOCKS]) await connection.run(statement)
  if (withoutComments(sql).replaceAll(';', '').trim() === '') throw new Error('There is no statement in the query.')
  const statements = await connection.extractStatements(sql)
  if (statements.count !== 1) {
    throw new Error(`The query has ${statements.count} statements; it takes one.`)
  }
  const statement = await statements.prepare(0)
  if (!READING.includes(statement.statementType)) {
    throw new Error('Only a statement that reads can be run here, such as select.')
  }
  const result = await statement.streamAndReadUntil(limit + 1)
  const rows = result.getRows()
  return {
    columns: result.columnNames().map((name, column) => ({ name, type: String(result.columnType(column)) })),
    rows: rows.slice(0, limit).map((row) => row.map(jsonOf)),
    truncated: rows.length > limit,
  }
}
