import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Attachment } from '#electron/sql/protocol.ts'
import type { CheckTask, SqlTask } from '#shared/model/pipeline.ts'
import type { AttemptContext } from '../../runner.ts'

export type Target =
  | {
      readonly ok: true
      readonly database: string
      readonly attach: Omit<Attachment, 'python'> | null
      readonly secrets: readonly string[]
    }
  | { readonly ok: false; readonly message: string }

/**
 * The database a task works in: the one it names (relative to the working directory), or the pipeline's own,
 * `data/PIPELINE.duckdb` in the workspace's state folder. A connection to DuckDB is such a file too; one to SQLite or
 * PostgreSQL is attached to it.
 */
export function targetOf(task: SqlTask | CheckTask, context: AttemptContext): Target {
  const own = join(context.stateFolder, 'data', `${encodeURIComponent(context.pipelineId)}.duckdb`)
  const database = task.database === null ? own : resolve(context.cwd, context.expressions.text(task.database))
  if (task.connection === null) return { ok: true, database, attach: null, secrets: [] }
  const connection = context.config.connections.get(task.connection)
  if (connection === undefined) {
    return { ok: false, message: `the connection ${task.connection} is not defined in dagwright.yaml` }
  }
  if (connection.type === 'http') return { ok: false, message: `the connection ${task.connection} is not a database` }
  const path = filePath(connection.url, context.workspaceRoot)
  if (connection.type === 'duckdb') return { ok: true, database: path, attach: null, secrets: [] }
  if (connection.type === 'sqlite') {
    return { ok: true, database, attach: { name: task.connection, type: 'sqlite', url: path }, secrets: [] }
  }
  const secret = connection.secret === null ? undefined : context.secret(connection.secret)
  if (connection.secret !== null && secret === undefined) {
    return { ok: false, message: `the secret ${connection.secret} of the connection ${task.connection} has no value` }
  }
  const { url, written } = secret === undefined ? { url: connection.url } : withPassword(connection.url, secret)
  // Errors of the database quote the address, with the password as it stands there.
  const secrets = [secret, written].filter((text) => text !== undefined)
  return { ok: true, database, attach: { name: task.connection, type: 'postgres', url }, secrets }
}

function filePath(url: string, root: string): string {
  if (url.startsWith('file://')) return fileURLToPath(url)
  const path = url.replace(/^(?:duckdb|sqlite):(?:\/\/)?/, '')
  return isAbsolute(path) ? path : join(root, path)
}

/**
 * PostgreSQL's own two forms: an address, or `key=value` pairs. In an address the password is a parameter, since one to a
 * socket has no host before which it could stand.
 */
function withPassword(url: string, password: string): { readonly url: string; readonly written: string } {
  if (/^postgres(?:ql)?:\/\//.test(url)) {
    const written = encodeURIComponent(password)
    return { url: `${url}${url.includes('?') ? '&' : '?'}password=${written}`, written }
  }
  const written = password.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  return { url: `${url} password='${written}'`, written }
}
