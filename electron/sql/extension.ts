import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { DuckDBConnection } from '@duckdb/node-api'
import { literal } from './database.ts'
import type { Attachment } from './protocol.ts'

/** DuckDB's names of what reads the other databases. */
const EXTENSIONS: Readonly<Record<Attachment['type'], string>> = {
  sqlite: 'sqlite_scanner',
  postgres: 'postgres_scanner',
}

/**
 * Loads what an attachment needs from this machine: from DuckDB's own folder, or from the Python package that brings the
 * same signed file (DuckDB refuses any other). Where neither has it DuckDB fetches it when it attaches.
 */
export async function loadExtension(connection: DuckDBConnection, { type, python }: Attachment): Promise<void> {
  const name = EXTENSIONS[type]
  try {
    await connection.run(`load ${name}`)
  } catch {
    const file = python === null ? null : await packagedExtension(connection, name, python)
    if (file !== null) await connection.run(`load ${literal(file)}`)
  }
}

async function packagedExtension(connection: DuckDBConnection, name: string, python: string): Promise<string | null> {
  const program = `import importlib.util as u; s = u.find_spec('duckdb_extension_${name}'); print(s.origin or list(s.submodule_search_locations)[0] if s else '')`
  const { stdout } = await promisify(execFile)(python, ['-c', program]).catch(() => ({ stdout: '' }))
  const found = stdout.trim().replace(/[\\/]__init__\.py$/, '')
  if (found === '') return null
  const file = join(found, 'extensions', await versionOf(connection), `${name}.duckdb_extension`)
  return existsSync(file) ? file : null
}

/**
 * DuckDB fetches its extensions at first use. Where it could not: an error that says how to get one; null where the error
 * is another one.
 */
export async function missingExtension(
  connection: DuckDBConnection,
  attach: Attachment,
  error: unknown,
): Promise<Error | null> {
  const extension = /Failed to download extension "(\w+)"/.exec(error instanceof Error ? error.message : '')?.[1]
  if (extension === undefined) return null
  const version = await versionOf(connection)
  const packaged = `duckdb-extension-${extension.replaceAll('_', '-')}==${version.replace(/^v/, '')}`
  return new Error(
    `The connection ${attach.name} needs DuckDB's extension ${extension}, which is not on this machine and could not be ` +
      `downloaded. Run it once with a network, or install it with \`${attach.python ?? 'python3'} -m pip install ${packaged}\`.`,
  )
}

async function versionOf(connection: DuckDBConnection): Promise<string> {
  return String((await connection.runAndReadAll('select version()')).getRows()[0]?.[0])
}
