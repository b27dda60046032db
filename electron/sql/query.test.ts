import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { readOnlyQuery } from './query.ts'

async function ask(sql: string, limit = 10) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    return await readOnlyQuery(connection, ['create table t as select range as n from range(5)'], sql, limit)
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

it('reads what the setup loaded, and counts no further than it must', async () => {
  expect(await ask('select n from t order by n', 3)).toEqual({
    columns: [{ name: 'n', type: 'BIGINT' }],
    rows: [[0], [1], [2]],
    truncated: true,
  })
  expect((await ask('select n from t', 5)).truncated).toBe(false)
  expect((await ask('with a as (select 1 as "x;y") select * from a; -- done')).rows).toEqual([[1]])
  expect((await ask('describe t')).rows).toHaveLength(1)
  expect((await ask('select * from range(1000000000) r(n)', 2)).rows).toEqual([[0], [1]])
})

it.each([
  `select * from read_text('${import.meta.filename}')`,
  `select * from '${import.meta.filename}'`,
  "select * from glob('/*')",
  "copy t to '/tmp/stolen.csv'",
  "attach '/tmp/new.db'",
  'create table u (a int)',
  'insert into t values (9)',
  'drop table t',
  'set enable_external_access = true',
  'reset lock_configuration',
  'install httpfs',
  'load httpfs',
  'select 1; select 2',
  "select * from query('copy t to ''/tmp/stolen.csv''')",
  '',
  ' ; ',
  '-- nothing',
  'selec',
])('refuses %j', async (sql) => {
  await expect(ask(sql)).rejects.toThrow()
})
