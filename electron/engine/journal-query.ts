import type { QuerySql, SqlQueried } from '#electron/sql/protocol.ts'
import type { HostCommand } from './host-process.ts'
import { startSqlHost } from './sql-hosts.ts'

/**
 * Runs one query in a SQL host of its own: what it loads and locks is gone with the process, and killing it ends any query
 * at once. Never rejects: a caller who has aborted it wants no answer, and it is nobody's failure.
 */
export async function queryJournals(
  command: HostCommand,
  request: Pick<QuerySql, 'setup' | 'sql' | 'limit'>,
  signal: AbortSignal | undefined,
): Promise<Pick<SqlQueried, 'result' | 'problem'>> {
  return new Promise((resolve) => {
    const host = startSqlHost(command, ':memory:').listen(
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
      resolve({ result: null, problem: 'The query was stopped.' })
      end()
    }
    const end = () => {
      signal?.removeEventListener('abort', stop)
      host.kill()
    }
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    else host.send({ ...request, type: 'query', id: 1 })
  })
}
