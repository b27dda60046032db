import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, bench } from './engine.testing.ts'

let host: Bench
let server: Server | null = null
beforeEach(() => {
  host = bench()
})
afterEach(async () => {
  server?.closeAllConnections()
  server?.close()
  server = null
  await host.dispose()
})

const has = (command: string) => {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('shell: bash stops at the first failure in a pipe, sh at the first failure; standard input is closed', async () => {
  const run = await host.run(`
tasks:
  pipe: { kind: shell, shell: bash, run: 'echo begun; false | true; echo not reached' }
  first: { kind: shell, shell: sh, run: 'echo begun; false; echo not reached' }
  input: { kind: shell, run: 'if read -r line; then exit 7; else echo closed; fi' }
  array: { kind: shell, shell: bash, run: 'a=(x y); echo "\${a[1]}"' }
`)
  expect(run.states).toEqual({ pipe: 'failed', first: 'failed', input: 'success', array: 'success' })
  expect([run.log('pipe'), run.log('first')]).toEqual(['begun', 'begun'])
  expect(run.log('array')).toBe('y')
})

test.skipIf(!has('python3'))(
  'python: a missing module says how to install it, with the package that brings it',
  async () => {
    const run = await host.run(`
tasks:
  cv: { kind: python, code: import cv2 }
  own: { kind: python, code: import no_such_module_at_all.sub }
  raised: { kind: python, code: "raise ValueError('so it is')" }
  part: { kind: python, code: import json.no_such_part }
  cloud: { kind: python, code: 'raise ModuleNotFoundError("No module named ''google.cloud.big_query''")' }
`)
    expect(run.reason('part')).toContain('the installed json has no module json.no_such_part')
    expect(run.reason('cloud')).toContain('pip install google-cloud-big-query')
    expect(run.reason('cv')).toMatch(/module cv2 is not installed; install it with `\S+ -m pip install opencv-python`/)
    expect(run.reason('own')).toContain('pip install no-such-module-at-all')
    expect(run.reason('raised')).toContain('ValueError: so it is')
  },
)

test.skipIf(!has('python3'))('python: the environment of the workspace, or of the task', async () => {
  for (const name of ['workspace', 'own']) {
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(host.root, name)])
  }
  const run = await host.run(
    `
tasks:
  a: { kind: python, code: "import sys; print(sys.prefix)" }
  b: { kind: python, interpreter: own, code: "import sys; print(sys.prefix)" }
`,
    { config: { interpreters: { python: 'workspace', node: null } } },
  )
  expect(run.log('a')).toBe(join(host.root, 'workspace'))
  expect(run.log('b')).toBe(join(host.root, 'own'))
})

test('javascript: top-level await, a neighbour file, a package, outputs from the default export', async () => {
  host.write('neighbour.mjs', 'export const seven = 7\n')
  const run = await host.run(`
tasks:
  value: { kind: javascript, code: "import { seven } from './neighbour.mjs'; const n = await Promise.resolve(seven); export default { n }" }
  promise: { kind: javascript, code: "export default Promise.resolve({ n: 8n })" }
  nothing: { kind: javascript, code: "console.log(typeof require, import.meta.filename.endsWith('nothing.mjs'))" }
  wrong: { kind: javascript, code: "export default [1]" }
  missing: { kind: javascript, code: "import 'no-such-package'" }
  thrown: { kind: javascript, code: "throw new RangeError('so it is')" }
  large: { kind: javascript, code: "export default { n: 12345678901234567890n, m: [2n] }" }
  called: { kind: javascript, code: "export default { 'a b': 1 }" }
`)
  expect(run.outputs.large).toEqual({ n: '12345678901234567890', m: [2] })
  expect(run.reason('called')).toContain('TypeError: The output "a b" cannot be called so')
  expect(run.outputs.value).toEqual({ n: 7 })
  expect(run.outputs.promise).toEqual({ n: 8 })
  expect(run.log('nothing')).toBe('undefined true')
  expect(run.reason('wrong')).toContain('must return an object of outputs')
  expect(run.reason('missing')).toContain('npm install no-such-package')
  expect(run.reason('thrown')).toContain('RangeError: so it is')
})

test('http: with retries, Retry-After is the delay; without, the attempt waits itself', async () => {
  let asked = 0
  server = createServer((_, response) => {
    asked += 1
    const later = asked % 2 === 1
    response.writeHead(later ? 429 : 200, later ? { 'retry-after': '1' } : {}).end('{}')
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const run = await host.run(
    `
params: { url: { type: string } }
tasks:
  retried: { kind: http, url: "\${{ params.url }}", retries: { limit: 1, delay: 10m } }
  waited: { kind: http, needs: [retried], url: "\${{ params.url }}" }
`,
    { params: { url } },
  )
  expect(run.states).toEqual({ retried: 'success', waited: 'success' })
  const ends = run.events.flatMap((event) => (event.type === 'finished' ? [`${event.task} ${event.outcome}`] : []))
  expect(ends).toEqual(['retried failed', 'retried success', 'waited success'])
  const retrying = run.events.find((event) => event.type === 'retrying')
  const failed = run.events.find((event) => event.type === 'finished')
  expect((retrying?.until ?? 0) - (failed?.t ?? 0)).toBe(1_000_000)
})

test('sql: counts of every statement in the log, files of three formats by path', async () => {
  mkdirSync(join(host.root, 'out'))
  const run = await host.run(`
tasks:
  write:
    kind: sql
    sql: |
      create table t as select range as i from range(1500);
      insert into t values (-1), (-2);
      update t set i = 0 where i < 0;
      delete from t where i > 1400;
      copy t to 'out/t.parquet'; copy t to 'out/t.csv'; copy t to 'out/t.json';
      select i from t order by i desc
  read:
    kind: sql
    needs: [write]
    sql: select 1
    outputs: { n: "select [(select count(*) from 'out/t.parquet'), (select count(*) from 'out/t.csv'), (select count(*) from 'out/t.json')]" }
`)
  expect(run.state).toBe('success')
  const notes = run
    .log('write')
    .split('\n')
    .filter((line) => line.startsWith('[Statement'))
  expect(notes.map((line) => line.replace(/, \d.*?\)/, ')'))).toEqual([
    '[Statement 1 (create): 1,500 rows.]',
    '[Statement 2 (insert): 2 rows.]',
    '[Statement 3 (update): 2 rows.]',
    '[Statement 4 (delete): 99 rows.]',
    '[Statement 5 (copy): 1,403 rows.]',
    '[Statement 6 (copy): 1,403 rows.]',
    '[Statement 7 (copy): 1,403 rows.]',
    '[Statement 8 (select): 1,403 rows.]',
  ])
  expect(run.outputs.read).toEqual({ n: [1403, 1403, 1403] })
})

test('sql and check: the rows of the last query are kept beside the log, secrets masked', async () => {
  const run = await host.run(
    `
tasks:
  list:
    kind: sql
    secrets: [TOKEN]
    sql: |
      create table t as select range as i, 'v' || range as s from range(2000);
      select i, s, \${{ secrets.TOKEN }} as token from t order by i;
      drop table t
  quiet: { kind: sql, needs: [list], sql: create table u as select 1 as i }
  bad: { kind: check, needs: [quiet], sql: "select i, 'wrong' as why from u" }
`,
    { secrets: { TOKEN: 'hush-hush' } },
  )
  expect(run.result('list')).toMatchObject({
    columns: [
      { name: 'i', type: 'BIGINT' },
      { name: 's', type: 'VARCHAR' },
      { name: 'token', type: 'VARCHAR' },
    ],
    total: 2000,
  })
  expect(run.result('list')?.rows.length).toBe(1000)
  expect(run.result('list')?.rows[3]).toEqual([3, 'v3', '***'])
  expect(run.result('quiet')).toBeNull()
  expect(run.result('bad')).toMatchObject({ rows: [[1, 'wrong']], total: 1 })
})

test("sql: SQLite and PostgreSQL by connection, or how to get DuckDB's extension for them", async () => {
  const crm = new DatabaseSync(join(host.root, 'crm.sqlite'))
  crm.exec("create table customers (name text); insert into customers values ('Ada'), ('Grace')")
  crm.close()
  const connection = (type: 'sqlite' | 'postgres', url: string) => ({ type, url, secret: null })
  const run = await host.run(
    `
tasks:
  lite: { kind: sql, connection: crm, sql: select 1, outputs: { names: select name from customers order by 1 } }
  post: { kind: sql, connection: shop, sql: select 1 }
  none: { kind: sql, connection: nowhere, sql: select 1 }
`,
    {
      config: {
        connections: new Map([
          ['crm', connection('sqlite', 'crm.sqlite')],
          ['shop', connection('postgres', 'postgresql://me@127.0.0.1:9/shop')],
        ]),
      },
    },
  )
  if (run.states.lite === 'success') expect(run.outputs.lite).toEqual({ names: ['Ada', 'Grace'] })
  else
    expect(run.reason('lite')).toMatch(
      /connection crm needs DuckDB's extension sqlite_scanner.*-m pip install duckdb-extension-sqlite-scanner==/,
    )
  expect(run.states.post).toBe('failed')
  expect(run.reason('post')).toMatch(/needs DuckDB's extension postgres_scanner|Unable to connect to Postgres/)
  expect(run.reason('none')).toContain('the connection nowhere is not defined in dagwright.yaml')
})
