import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { pipelineOf } from '../app.ts'
import { expect, test } from './test.ts'

/** The bytes of a database that these statements make. */
async function databaseOf(statements: readonly string[]): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'dagwright-database-'))
  const path = join(folder, 'made.duckdb')
  const instance = await DuckDBInstance.create(path)
  const connection = await instance.connect()
  for (const statement of statements) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
  const bytes = await readFile(path)
  await rm(folder, { recursive: true })
  return bytes
}

test('a database of a folder that nobody trusts yet is looked at, but its views reach nothing', async ({ open }) => {
  const app = await open({
    'flow.dag.yaml': pipelineOf(`  a: { kind: shell, run: 'true', writes: [given.duckdb] }\n`),
    'given.duckdb': await databaseOf([
      `create view a_trap as select content from read_text('${import.meta.filename}')`,
      'create table numbers as select 41 + range as n from range(2)',
      'create view one_more as select n + 1 as m from numbers',
    ]),
    'dagwright.yaml': 'slots: 2\n',
  })
  const data = await app.panel('Data')
  await data.getByRole('button', { name: /given\.duckdb/ }).click()
  // The first of them is shown without being chosen.
  await expect(data).toContainText("The view a_trap needs more than this workspace's files")
  await expect(data).not.toContainText('nobody trusts yet')
  const choose = async (name: string) => {
    await data.getByRole('combobox', { name: 'Table' }).click()
    await app.page.getByRole('option', { name, exact: true }).click()
  }
  await choose('one_more')
  await expect(data.getByRole('table', { name: 'First rows of one_more' })).toContainText('43')
  await choose('numbers')
  await expect(data.getByRole('table', { name: 'First rows of numbers' })).toContainText('41')
})
