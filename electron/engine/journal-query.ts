import type { FromSqlHost, QuerySql, SqlQueried, ToSqlHost } from '#electron/sql/protocol.ts'
import { type HostCommand, HostProcess } from './host-process.ts'

/**
 * Runs one query in a SQL host of its own: what it loads and locks is gone with the process, and killing it ends any query
 * at once. Rejects with the signal's reason.
 */
export async function queryJournals(
  command: HostCommand,
  request: Pick<QuerySql, 'setup' | 'sql' | 'limit'>,
  signal: AbortSignal | undefined,
): Promise<Pick<SqlQueried, 'result' | 'problem'>> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const host = new HostProcess<ToSqlHost, FromSqlHost>(
      command,
      [':memory:'],
      (message) => {
        if (message.type !== 'queried') return
        resolve(message)
        end()
      },
      (complaint) => {
        end()
        resolve({ result: null, problem: complaint === '' ? 'The query ended without an answer.' : complaint })
      },
    )
    const stop = () => {
      reject(signal?.reason)
      end()
    }
    const end = () => {
      signal?.removeEventListener('abort', stop)
      host.kill()
    }
    signal?.addEventListener('abort', stop)
    host.send({ ...request, type: 'query', id: 1 })
  })
}
