import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FromSqlHost, PreviewData, RunSql, SqlEnded, SqlPreviewed, ToSqlHost } from '#electron/sql/protocol.ts'
import type { Micros } from '#shared/model/time.ts'
import { type HostCommand, HostProcess } from './host-process.ts'

/**
 * A query holds one of libuv's threads until it ends. With its usual four, a fifth would wait for another's end, however
 * short it is, and so would the log of one that was interrupted: until the grace time is over and the host is killed.
 */
const THREADS = '64'
/** A host without work is ended after this long; its file is closed much sooner. */
const IDLE_MILLISECONDS = 30_000

export type SqlFate = SqlEnded | { readonly type: 'lost'; readonly complaint: string }

export interface RunningSql {
  interrupt(): void
  /** Kills the host: the query did not heed the interrupt. Other tasks in it are lost and run again. */
  killHost(): void
  readonly fate: Promise<SqlFate>
}

type SqlProcess = HostProcess<ToSqlHost, FromSqlHost>

/** `database`: absolute path, or `:memory:`. DuckDB itself may write to the host's standard output: a progress bar. */
export function startSqlHost(command: HostCommand, database: string): SqlProcess {
  const environment = { ...command.environment, UV_THREADPOOL_SIZE: THREADS }
  return new HostProcess({ ...command, environment, line: 'frames' }, [database])
}

interface Host {
  readonly process: SqlProcess
  readonly waiting: Map<number, Waiting>
  idleTimer: NodeJS.Timeout | null
}

interface Waiting {
  readonly onStarted: (at: Micros) => void
  readonly resolve: (fate: SqlFate | SqlPreviewed) => void
}

/** One SQL host process for every database file in use. */
export class SqlHosts {
  private readonly command: HostCommand
  private readonly hosts = new Map<string, Host>()
  private nextId = 1

  constructor(command: HostCommand) {
    this.command = command
  }

  /** Runs SQL in the database file (absolute path, or `:memory:`). */
  run(database: string, request: Omit<RunSql, 'type' | 'id'>, onStarted: (at: Micros) => void): RunningSql {
    const host = this.hostOf(database)
    const id = this.nextId
    this.nextId += 1
    const fate = this.ask<SqlFate>(host, { ...request, type: 'run', id }, onStarted)
    return {
      interrupt: () => host.process.send({ type: 'interrupt', id }),
      killHost: () => {
        if (host.waiting.has(id)) host.process.kill()
      },
      fate,
    }
  }

  preview(database: string, request: Omit<PreviewData, 'type' | 'id'>): Promise<SqlPreviewed | SqlFate> {
    const id = this.nextId
    this.nextId += 1
    return this.ask<SqlPreviewed | SqlFate>(this.hostOf(database), { ...request, type: 'preview', id }, () => undefined)
  }

  /** Processes of the live hosts. */
  get pids(): readonly number[] {
    return [...this.hosts.values()].flatMap((host) => host.process.pid ?? [])
  }

  async close(): Promise<void> {
    const hosts = [...this.hosts.values()]
    this.hosts.clear()
    for (const host of hosts) if (host.idleTimer !== null) clearTimeout(host.idleTimer)
    await Promise.all(hosts.map((host) => host.process.close()))
  }

  private ask<T extends SqlFate | SqlPreviewed>(
    host: Host,
    message: RunSql | PreviewData,
    onStarted: (at: Micros) => void,
  ): Promise<T> {
    if (host.idleTimer !== null) clearTimeout(host.idleTimer)
    host.idleTimer = null
    return new Promise((resolve) => {
      host.waiting.set(message.id, { onStarted, resolve: resolve as Waiting['resolve'] })
      host.process.send(message)
    })
  }

  private hostOf(database: string): Host {
    const key = canonical(database)
    const known = this.hosts.get(key)
    if (known !== undefined) return known
    const waiting = new Map<number, Waiting>()
    const process = startSqlHost(this.command, key).listen(
      (message) => this.receive(key, host, message),
      (complaint) => this.died(key, host, complaint),
    )
    const host: Host = { process, waiting, idleTimer: null }
    this.hosts.set(key, host)
    return host
  }

  private receive(key: string, host: Host, message: FromSqlHost): void {
    const waiting = host.waiting.get(message.id)
    // Queries have hosts of their own.
    if (message.type === 'queried') return
    if (message.type === 'started') {
      waiting?.onStarted(message.at)
      return
    }
    host.waiting.delete(message.id)
    waiting?.resolve(message)
    if (host.waiting.size > 0 || this.hosts.get(key) !== host) return
    host.idleTimer = setTimeout(() => {
      this.hosts.delete(key)
      void host.process.close()
    }, IDLE_MILLISECONDS)
    host.idleTimer.unref()
  }

  private died(key: string, host: Host, complaint: string): void {
    if (this.hosts.get(key) === host) this.hosts.delete(key)
    for (const waiting of host.waiting.values()) waiting.resolve({ type: 'lost', complaint })
    host.waiting.clear()
  }
}

/** One name for one file, however it was spelled; of a file that does not exist yet, its folder's. */
function canonical(path: string): string {
  if (path === ':memory:') return path
  try {
    return realpathSync(path)
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path))
    } catch {
      return path
    }
  }
}
