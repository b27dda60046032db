import type { DuckDBConnection } from '@duckdb/node-api'
import type { Attachment } from './protocol.ts'

/**
 * DuckDB reads SQLite and PostgreSQL through extensions that it fetches at first use. Where it could not: an error that
 * says what to put where; null where the error is another one.
 */
export async function missingExtension(
  connection: DuckDBConnection,
  attach: Attachment,
  error: unknown,
): Promise<Error | null> {
  const extension = /Failed to download extension "(\w+)"/.exec(error instanceof Error ? error.message : '')?.[1]
  if (extension === undefined) return null
  const [version, platform] = await Promise.all([
    scalar(connection, 'select version()'),
    scalar(connection, 'pragma platform'),
  ])
  return new Error(
    `The connection ${attach.name} needs DuckDB's extension ${extension}, which is not on this machine and could not be ` +
      `downloaded. Run it once with a network, or put ${extension}.duckdb_extension for DuckDB ${version} on ${platform} into ` +
      `~/.duckdb/extensions/${version}/${platform}.`,
  )
}

async function scalar(connection: DuckDBConnection, sql: string): Promise<string> {
  return String((await connection.runAndReadAll(sql)).getRows()[0]?.[0])
}
