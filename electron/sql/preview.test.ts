import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Database } from './database.ts'
import { previewDatabase } from './preview.ts'

let folder: string
let workspace: string
let path: string
let database: Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dagwright-preview-'))
  workspace = join(folder, 'work')
  path = join(workspace, 'given.duckdb')
  mkdirSync(workspace)
  writeFileSync(join(folder, 'secret.txt'), 'top secret')
  database = new Database(path)
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true })
})

/** What somebody else made, and sent. */
async function make(...statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
}

const show = (table: string | null) =>
  database.withSealed(workspace, (connection, sealed) => previewDatabase(connection, sealed, table, 10))

test('tables and views are shown, also of files of the workspace; the file stays as it was', async () => {
  writeFileSync(join(workspace, 'in.csv'), 'a,b\n1,x\n')
  await make(
    'create table t as select range n from range(3)',
    'create schema s',
    'create view s.v as select n * 2 m from t',
    `create view inside as select * from '${join(workspace, 'in.csv')}'`,
  )
  expect(await show(null)).toMatchObject({ tables: ['inside', 't', 's.v'], rows: [] })
  expect(await show('t')).toMatchObject({ rows: [[0], [1], [2]], total: 3 })
  expect(await show('s.v')).toMatchObject({ rows: [[0], [2], [4]], total: null })
  expect(await show('inside')).toMatchObject({ rows: [[1, 'x']] })
  await expect(show('none')).rejects.toThrow('no table none')
})

test('a view of a hostile file reaches neither other files, nor the network, nor extensions', async () => {
  const secret = join(folder, 'secret.txt')
  await make(
    'create table t as select 1 n',
    `create macro address() as '${secret}'`,
    `create view direct as select content from read_text('${secret}')`,
    `create view around as select content from read_text('${workspace}/../secret.txt')`,
    'create view later as select content from read_text(address())',
    `create view listing as select file from glob('${folder}/*')`,
    `create view settings as select name from duckdb_settings() where name = 'enable_external_access' and value = 'false'`,
  )
  for (const view of ['direct', 'around', 'listing']) {
    await expect(show(view)).rejects.toThrow(`The view ${view} needs more than this workspace's files`)
  }
  for (const address of ['https://localhost:1/x', 's3://bucket/x', secret]) {
    await make(`create or replace macro address() as '${address}'`)
    await expect(show('later'), address).rejects.toThrow("needs more than this workspace's files")
  }
  expect((await show('settings')).rows).toEqual([['enable_external_access']])
  expect((await show('t')).rows).toEqual([[1]])
})

test('it changes nothing, not even where a process was killed before all was in its place', async () => {
  await make('create table t as select 1 n')
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  await connection.run('insert into t values (2)')
  const copy = join(workspace, 'copy.duckdb')
  for (const file of ['', '.wal']) copyFileSync(`${path}${file}`, `${copy}${file}`)
  connection.closeSync()
  instance.closeSync()
  const bytes = () => ['', '.wal'].map((file) => readFileSync(`${copy}${file}`).toString('base64'))
  const before = bytes()
  const shown = await new Database(copy).withSealed(workspace, (one, sealed) => previewDatabase(one, sealed, 't', 10))
  expect(shown).toMatchObject({ rows: [[1], [2]], total: 2 })
  expect(bytes()).toEqual(before)
})

test('a file that is no database, or one of another kind, is said, and nothing is fetched to read it', async () => {
  writeFileSync(path, `SQLite format 3\0${'x'.repeat(5000)}`)
  await expect(show(null)).rejects.toThrow(/sqlite|not a database/i)
  writeFileSync(path, 'x'.repeat(5000))
  await expect(show(null)).rejects.toThrow('not a valid DuckDB database file')
})

test.runIf(process.platform === 'linux')('it lets go of the file at once', async () => {
  await make('create table t as select 1 n')
  await show('t')
  const open = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return null
    }
  })
  expect(open).not.toContain(path)
})

test('a task that wants the file has it at once; one that has it shows tables only', async () => {
  await make(
    'create table t as select 1 n',
    'create view endless as select count(*) c from range(100000000000) r(i) where i % 7 = 3',
  )
  const looking = show('endless').catch(String)
  const { promise: done, resolve: finish } = Promise.withResolvers<void>()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const task = database.withConnection(async (connection) => {
    begin()
    await connection.run('insert into t values (2)')
    await done
  })
  expect(await looking).toContain('A task began to work in this database')
  await begun
  await expect(show('endless')).rejects.toThrow('can be shown once it has ended')
  expect((await show('t')).tables).toEqual(['endless', 't'])
  finish()
  await task
  expect((await show('t')).rows).toEqual([[1], [2]])
})
