import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type DuckDBConnection, DuckDBInstance, type DuckDBPreparedStatement } from '@duckdb/node-api'

const READING = {
  access_mode: 'READ_ONLY',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
}
/** In this order: what is set cannot be set any more afterwards. */
const SEALS = (folder: string) => [
  "set temp_directory = ''",
  `set allowed_directories = [${literal(folder)}]`,
  'set enable_external_access = false',
  'set lock_configuration = true',
]
const INTERRUPT_MILLISECONDS = 20

/** How long the file stays open after its last use, so that other programs can open it between runs. */
const IDLE_MILLISECONDS = 2000

/**
 * The only instance on a database file. A second instance on the file, in this process or another, would lose data or
 * fail: so there is one host per file, and one instance in it, opened when needed and closed when idle.
 */
export class Database {
  private readonly path: string
  private opening: Promise<DuckDBInstance> | null = null
  private users = 0
  private sealed: { interrupt(): void; readonly over: Promise<void> } | null = null
  private idleTimer: NodeJS.Timeout | null = null
  private defaults: ReadonlyMap<string, string> = new Map()
  /** The catalog's name inside DuckDB. */
  private home = ''

  /** `path`: absolute, or `:memory:`. */
  constructor(path: string) {
    this.path = path
  }

  /** Runs `use` with a connection of its own. Throws what opening or `use` throws. */
  async withConnection<T>(use: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    this.users += 1
    if (this.idleTimer !== null) clearTimeout(this.idleTimer)
    this.idleTimer = null
    try {
      this.opening ??= this.open()
      const instance = await this.opening.catch((error: unknown) => {
        this.opening = null
        throw error
      })
      const connection = await instance.connect()
      try {
        return await use(connection)
      } finally {
        connection.closeSync()
      }
    } finally {
      this.users -= 1
      if (this.users === 0) this.idleTimer = setTimeout(() => void this.close(), IDLE_MILLISECONDS)
    }
  }

  /**
   * Runs `use` where nothing in the file can do harm: opened for reading, with no files in reach but those in `folder`
   * and below, no network and no extensions. One at a time; a task that wants the file meanwhile gets it at once, and
   * `use` is interrupted. Where tasks have it open already it can only be shared with them: `sealed` is false then.
   * Throws what opening or `use` throws.
   */
  async withSealed<T>(folder: string, use: (connection: DuckDBConnection, sealed: boolean) => Promise<T>): Promise<T> {
    while (this.sealed !== null) await this.sealed.over
    if (this.users > 0) return this.withConnection((connection) => use(connection, false))
    const { promise: over, resolve } = Promise.withResolvers<void>()
    const sealed = { interrupt: (): void => undefined, over }
    this.sealed = sealed
    try {
      if (this.idleTimer !== null) clearTimeout(this.idleTimer)
      await this.close()
      const instance = await DuckDBInstance.create(this.path, READING)
      const connection = await instance.connect()
      sealed.interrupt = () => connection.interrupt()
      try {
        for (const seal of SEALS(folder)) await connection.run(seal)
        return await use(connection, true)
      } finally {
        connection.closeSync()
        instance.closeSync()
      }
    } catch (error) {
      throw this.users > 0 ? new Error('A task began to work in this database. Look again.', { cause: error }) : error
    } finally {
      this.sealed = null
      resolve()
    }
  }

  /** Puts global settings and the list of attached databases back as they were when the file was opened. */
  async restore(): Promise<void> {
    await this.withConnection(async (connection) => {
      const names = await connection.runAndReadAll('select database_name from duckdb_databases() where not internal')
      for (const [name] of names.getRows()) {
        if (name !== this.home) await connection.run(`detach ${identifier(String(name))}`)
      }
      for (const [name, value] of await globalSettings(connection)) {
        const before = this.defaults.get(name)
        if (before === undefined || before === value) continue
        await connection
          .run(`set global ${name} = ${literal(before)}`)
          .catch(() => connection.run(`reset global ${name}`))
      }
    })
  }

  async close(): Promise<void> {
    const opening = this.opening
    this.opening = null
    try {
      ;(await opening)?.closeSync()
    } catch {
      // It never opened.
    }
  }

  private async open(): Promise<DuckDBInstance> {
    if (this.path !== ':memory:') mkdirSync(dirname(this.path), { recursive: true })
    while (this.sealed !== null) {
      // Between two of its statements it would not hear it.
      this.sealed.interrupt()
      await Promise.race([this.sealed.over, pause(INTERRUPT_MILLISECONDS)])
    }
    const instance = await DuckDBInstance.create(this.path)
    const connection = await instance.connect()
    this.defaults = await globalSettings(connection)
    this.home = String((await connection.runAndReadAll('select current_database()')).getRows()[0]![0])
    connection.closeSync()
    return instance
  }
}

async function globalSettings(connection: DuckDBConnection): Promise<Map<string, string>> {
  const settings = await connection.runAndReadAll("select name, value from duckdb_settings() where scope = 'GLOBAL'")
  return new Map(settings.getRows().map((row) => [String(row[0]), String(row[1] ?? '')]))
}

/** One statement of a text, to be prepared when the ones before it have run. */
export interface Statement {
  /** From 1. */
  readonly number: number
  /** How many the text has. */
  readonly of: number
  prepare(): Promise<DuckDBPreparedStatement>
}

/** The statements of a text. Throws what the parser says. */
export async function statementsOf(connection: DuckDBConnection, sql: string): Promise<readonly Statement[]> {
  // The binding cannot say that there are none.
  if (withoutComments(sql).replaceAll(';', '').trim() === '') return []
  const statements = await connection.extractStatements(sql)
  return Array.from({ length: statements.count }, (_, at) => ({
    number: at + 1,
    of: statements.count,
    prepare: () => statements.prepare(at),
  }))
}

/** Texts emptied, comments gone: for looking at the words of a statement, not for running. */
export function withoutComments(sql: string): string {
  return sql.replace(/'[^']*(?:''[^']*)*'|"[^"]*(?:""[^"]*)*"|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith("'") || part.startsWith('"') ? part[0]!.repeat(2) : ' ',
  )
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
