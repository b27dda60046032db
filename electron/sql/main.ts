import { Socket } from 'node:net'
import { encodeFrame, frameReader, LINE, monotonic } from '#electron/spawner/protocol.ts'
import { keepByteOrderMarks } from './byte-order-mark.ts'
import { Database } from './database.ts'
import { previewDatabase, previewFile } from './preview.ts'
import type { FromSqlHost, PreviewData, QuerySql, RunSql, ToSqlHost } from './protocol.ts'
import { readOnlyQuery } from './query.ts'
import { SqlTask } from './task.ts'
import { Turns } from './turn.ts'

/**
 * The SQL host: owns the only DuckDB instance on one database file, given as the first argument (absolute, or
 * `:memory:`). Ends when its standard input closes.
 */
keepByteOrderMarks()
const path = process.argv[2] ?? ':memory:'
const database = new Database(path)
const turns = new Turns()
const tasks = new Map<number, SqlTask>()
/** What is being done and not answered yet. */
let working = 0

/** Not the standard output: DuckDB writes its progress bar there, and the SQL of a task may write to `/dev/stdout`. */
const replies = new Socket({ fd: LINE, writable: true })

function send(message: FromSqlHost): void {
  replies.write(encodeFrame(message))
}

function receive(message: ToSqlHost): void {
  if (message.type === 'interrupt') {
    tasks.get(message.id)?.interrupt()
    return
  }
  working += 1
  const work = message.type === 'run' ? run(message) : message.type === 'query' ? query(message) : preview(message)
  void work.finally(() => {
    working -= 1
  })
}

async function run(request: RunSql): Promise<void> {
  const task = new SqlTask(request, database, turns)
  tasks.set(request.id, task)
  const ended = await task.run(() => send({ type: 'started', id: request.id, at: monotonic() }))
  tasks.delete(request.id)
  send(ended)
}

async function preview({ id, path: file, workspace, table, limit }: PreviewData): Promise<void> {
  try {
    const result =
      file === null
        ? await database.withSealed(workspace, (connection, sealed) =>
            previewDatabase(connection, sealed, table, limit),
          )
        : await database.withConnection((connection) => previewFile(connection, file, limit))
    send({ type: 'previewed', id, preview: result, problem: null })
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    send({ type: 'previewed', id, preview: null, problem })
  }
}

async function query({ id, setup, sql, limit }: QuerySql): Promise<void> {
  try {
    const result = await database.withConnection((connection) => readOnlyQuery(connection, setup, sql, limit))
    send({ type: 'queried', id, result, problem: null })
  } catch (error) {
    send({ type: 'queried', id, result: null, problem: error instanceof Error ? error.message : String(error) })
  }
}

/** A running query would hold up an orderly exit; the file survives a kill, which is what its log is for. */
function leave(): void {
  if (working > 0) process.kill(process.pid, 'SIGKILL')
  void database.close().finally(() => process.exit(0))
}

process.stdin.setEncoding('utf8')
process.stdin.on('data', frameReader<ToSqlHost>(receive))
process.stdin.on('close', leave)
process.stdin.on('error', leave)
replies.on('error', leave)
process.on('SIGINT', () => undefined)
process.on('SIGHUP', () => undefined)
process.on('SIGTERM', leave)
