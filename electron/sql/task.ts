import { type DuckDBConnection, type DuckDBPreparedStatement, ResultReturnType, StatementType } from '@duckdb/node-api'
import { OUTPUT_LIMIT } from '#electron/spawner/limits.ts'
import { AttemptLog } from '#electron/spawner/log.ts'
import { maskText } from '#electron/spawner/mask.ts'
import { monotonic } from '#electron/spawner/protocol.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { type Database, identifier, literal, type Statement, statementsOf } from './database.ts'
import { loadExtension, missingExtension } from './extension.ts'
import type { RunSql, SqlEnded } from './protocol.ts'
import { keepResult, outputValue, type ReadResult, readFirst, tableText } from './result.ts'
import { needsToBeAlone, type Turn, type Turns } from './turn.ts'

/** Tries of a transaction that met another one's changes. */
const CONFLICT_TRIES = 20

/** One SQL or check task inside the host: a connection of its own, one transaction unless told otherwise. */
export class SqlTask {
  private readonly request: RunSql
  private readonly database: Database
  private readonly turns: Turns
  private readonly turn: Turn
  private connection: DuckDBConnection | null = null
  private interrupted = false
  /** The statement that runs, while one does. */
  private current: Statement | null = null

  constructor(request: RunSql, database: Database, turns: Turns) {
    this.request = request
    this.database = database
    this.turns = turns
    const texts = [request.sql, ...request.outputs.map((output) => output.sql)]
    this.turn = { cwd: request.cwd, alone: request.attach !== null || texts.some(needsToBeAlone) }
  }

  /** Stops at the next statement, and the running one within milliseconds; one that waits for its turn at once. */
  interrupt(): void {
    this.interrupted = true
    this.turns.withdraw(this.turn)
    this.connection?.interrupt()
  }

  /** Never rejects. */
  async run(onStart: () => void): Promise<SqlEnded> {
    const { request, turn } = this
    if (!(await this.turns.acquire(turn))) return { ...this.ended('interrupted'), logged: false }
    const log = new AttemptLog(request.log, () => monotonic() - request.epoch, request.secrets)
    try {
      onStart()
      const ended = await this.perform(log).catch((error: unknown) => this.failed(log, error))
      return { ...ended, logged: log.begun }
    } finally {
      await log.close()
      this.turns.release(turn)
    }
  }

  private async perform(log: AttemptLog): Promise<SqlEnded> {
    this.enterFolder()
    try {
      return await this.database.withConnection(async (connection) => {
        this.connection = connection
        try {
          await this.attach(log, connection)
          return await this.untilNoConflict(log, connection)
        } finally {
          this.connection = null
        }
      })
    } finally {
      // What cannot be put back goes with the instance: nobody else is in it now.
      if (this.turn.alone) await this.database.restore().catch(() => this.database.close())
    }
  }

  private enterFolder(): void {
    try {
      process.chdir(this.request.cwd)
    } catch {
      throw new Error(`The working directory ${this.request.cwd} does not exist.`)
    }
  }

  private async attach(log: AttemptLog, connection: DuckDBConnection): Promise<void> {
    const { attach } = this.request
    if (attach === null) return
    await loadExtension(connection, attach)
    const name = await freeName(connection, attach.name)
    if (name !== attach.name) {
      log.note(`The database has a catalog ${attach.name} already: the connection's is called ${name} here.`)
    }
    try {
      await connection.run(`attach ${literal(attach.url)} as ${identifier(name)} (type ${attach.type})`)
    } catch (error) {
      throw (await missingExtension(connection, attach, error)) ?? error
    }
    await connection.run(`use ${identifier(name)}`)
  }

  private async untilNoConflict(log: AttemptLog, connection: DuckDBConnection): Promise<SqlEnded> {
    if (this.request.transaction === 'none') return this.statements(log, connection)
    for (let attempt = 1; ; attempt += 1) {
      try {
        await connection.run('begin transaction')
        const ended = await this.statements(log, connection)
        await connection.run(ended.outcome === 'success' ? 'commit' : 'rollback')
        return ended
      } catch (error) {
        await connection.run('rollback').catch(() => undefined)
        if (!isConflict(error) || attempt >= CONFLICT_TRIES || this.interrupted) throw error
        log.note(`Another task changed the same data (${firstLine(error)}); trying again.`)
        await pause(attempt)
      }
    }
  }

  private async statements(log: AttemptLog, connection: DuckDBConnection): Promise<SqlEnded> {
    let last: ReadResult | null = null
    this.current = null
    for (const statement of await statementsOf(connection, this.request.sql)) {
      if (this.interrupted) throw new Error('INTERRUPT')
      this.current = statement
      last = (await this.statement(log, await statement.prepare(), statement.number)) ?? last
    }
    this.current = null
    if (last !== null) await this.keep(log, last)
    if (this.request.check !== null) return this.verdict(log, last)
    const outputs: [string, Json][] = []
    for (const output of this.request.outputs) {
      if (this.interrupted) throw new Error('INTERRUPT')
      outputs.push([output.name, await this.output(connection, output.name, output.sql)])
    }
    return { ...this.ended('success'), outputs: Object.fromEntries(outputs) }
  }

  /** A preview that cannot be kept is no reason to fail what ran. */
  private async keep(log: AttemptLog, result: ReadResult): Promise<void> {
    const { result: path, secrets } = this.request
    await keepResult(path, result, secrets).catch((error: unknown) => {
      log.note(`The rows could not be kept for the Data panel: ${firstLine(error)}.`)
    })
  }

  /** Returns the rows of a query, null for other statements. */
  private async statement(
    log: AttemptLog,
    statement: DuckDBPreparedStatement,
    number: number,
  ): Promise<ReadResult | null> {
    const begin = monotonic()
    const label = () => `Statement ${number} (${statementName(statement.statementType)}, ${took(monotonic() - begin)})`
    if (statement.statementType !== StatementType.SELECT) {
      const result = await this.withRetries(log, () => statement.run())
      // `insert … returning`, `explain`, `call`: their rows are a result like a query's.
      if (result.returnType === ResultReturnType.QUERY_RESULT)
        return this.shown(log, label(), await readFirst(result), statement)
      const changed = changedRows(statement.statementType, result.rowsChanged, await result.getRows())
      log.note(changed === null ? `${label()}.` : `${label()}: ${rows(changed)}.`)
      return null
    }
    const result = await this.withRetries(log, async () => readFirst(await statement.stream()))
    return this.shown(log, label(), result, statement)
  }

  private shown(
    log: AttemptLog,
    label: string,
    result: ReadResult,
    { statementType }: DuckDBPreparedStatement,
  ): ReadResult {
    log.note(`${label}: ${rows(result.count)}.`)
    // A plan is a drawing, which a cell would squeeze.
    const drawn = statementType === StatementType.EXPLAIN
    if (drawn) log.write('out', Buffer.from(`${result.rows.map((row) => String(row.at(-1))).join('\n')}\n`))
    else if (result.count > 0) log.write('out', Buffer.from(tableText(result)))
    return result
  }

  /** A statement outside a transaction is its own transaction, and is tried again by itself. */
  private async withRetries<T>(log: AttemptLog, run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run()
      } catch (error) {
        const again = this.request.transaction === 'none' && isConflict(error) && attempt < CONFLICT_TRIES
        if (!again || this.interrupted) throw error
        log.note(`Another task changed the same data (${firstLine(error)}); trying again.`)
        await pause(attempt)
      }
    }
  }

  private async output(connection: DuckDBConnection, name: string, sql: string): Promise<Json> {
    try {
      return await outputValue(name, await connection.stream(sql), OUTPUT_LIMIT)
    } catch (error) {
      if (this.interrupted) throw error
      throw new Error(`Output \`${name}\`: ${messageOf(error)}`, { cause: error })
    }
  }

  private verdict(log: AttemptLog, result: ReadResult | null): SqlEnded {
    if (result === null) throw new Error('The check has no query whose rows could be violations.')
    const violations = result.count
    if (violations === 0) {
      log.note('The check holds: no rows.')
      return { ...this.ended('success'), violations }
    }
    const message = `the check found ${violations.toLocaleString('en')} ${violations === 1 ? 'violation' : 'violations'}`
    if (this.request.check === 'error') return { ...this.ended('failed'), message, violations }
    log.note(`Warning: ${message}.`)
    return { ...this.ended('success'), message, violations }
  }

  private failed(log: AttemptLog, error: unknown): SqlEnded {
    if (this.interrupted) {
      log.note('Interrupted.')
      return this.ended('interrupted')
    }
    const { current } = this
    const where = current === null || current.of === 1 ? '' : `Statement ${current.number} of ${current.of}: `
    const message = maskText(where + messageOf(error), this.request.secrets)
    log.write('err', Buffer.from(`${message}\n`))
    return { ...this.ended('failed'), message: firstLine(new Error(message)) }
  }

  private ended(outcome: SqlEnded['outcome']): SqlEnded {
    return { type: 'ended', id: this.request.id, outcome, outputs: {}, message: null, violations: null, logged: true }
  }
}

/** A pipeline's own database is called like the pipeline, and a connection may be, too. DuckDB ignores case. */
async function freeName(connection: DuckDBConnection, wanted: string): Promise<string> {
  const found = await connection.runAndReadAll('select lower(database_name) from duckdb_databases()')
  const taken = new Set(found.getRows().map(([name]) => name))
  let name = wanted
  while (taken.has(name.toLowerCase())) name += '_connection'
  return name
}

/** DuckDB's optimistic transactions: "Conflict on update!", "write-write conflict", "Failed to commit: …". */
function isConflict(error: unknown): boolean {
  const message = messageOf(error)
  return /^TransactionContext Error:/.test(message) && /conflict|failed to commit/i.test(message)
}

/** Waits longer with every try, by a random part so that two tasks do not meet again. */
function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(500, 5 * 2 ** attempt)))
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/^Failed to extract statements: /, '')
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!
}

function changedRows(type: StatementType, changed: number, result: readonly (readonly unknown[])[]): number | null {
  if (type === StatementType.INSERT || type === StatementType.UPDATE || type === StatementType.DELETE) return changed
  // `create table as` and `copy` answer with one cell, the count.
  const cell = result.length === 1 && result[0]!.length === 1 ? result[0]![0] : null
  const counts = type === StatementType.CREATE || type === StatementType.COPY
  return counts && typeof cell === 'bigint' ? Number(cell) : null
}

function statementName(type: StatementType): string {
  return (StatementType[type] ?? 'statement').toLowerCase().replaceAll('_', ' ')
}

function rows(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}`
}

function took(micros: number): string {
  return micros < 1_000_000 ? `${Math.round(micros / 1000)} ms` : `${(micros / 1_000_000).toFixed(1)} s`
}
