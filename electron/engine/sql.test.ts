import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, bench } from './engine.testing.ts'

let host: Bench
beforeEach(() => {
  host = bench(400)
})
afterEach(() => host.dispose())

test('tasks run side by side on one database, write conflicts are retried inside the host', async () => {
  const bumps = Array.from(
    { length: 8 },
    (_, n) =>
      `  bump${n}: { kind: sql, needs: [make], sql: 'update counter set n = n + 1; insert into seen values (${n})' }`,
  )
  const run = await host.run(
    `
tasks:
  make: { kind: sql, sql: 'create or replace table counter as select 0 as n; create or replace table seen (i int)' }
${bumps.join('\n')}
  read:
    kind: sql
    needs: [${bumps.map((_, n) => `bump${n}`).join(', ')}]
    sql: select 1
    outputs: { n: select n from counter, seen: select count(*) from seen }
`,
    { slots: 8 },
  )
  expect(run.state).toBe('success')
  expect(run.outputs.read).toEqual({ n: 8, seen: 8 })
  expect(run.events.filter((event) => event.type === 'finished' && event.attempt > 1)).toEqual([])
})

test('a failing task leaves nothing behind, one without transaction keeps what it did', async () => {
  const run = await host.run(`
tasks:
  whole: { kind: sql, sql: 'create table a (i int); insert into a values (1); select * from nope' }
  parts: { kind: sql, transaction: none, sql: 'create table b (i int); insert into b values (1); select * from nope' }
  look:
    kind: sql
    needs: [whole, parts]
    triggerRule: all_done
    sql: select 1
    outputs: { tables: select table_name from duckdb_tables() order by 1 }
`)
  expect(run.states).toMatchObject({ whole: 'failed', parts: 'failed', look: 'success' })
  expect(run.outputs.look).toEqual({ tables: 'b' })
})

test('settings and attached databases do not leak; temporary tables neither', async () => {
  const run = await host.run(`
tasks:
  first:
    kind: sql
    sql: |
      attach ':memory:' as other; create table other.t as select 1 i;
      set threads = 1; set timezone = 'Asia/Tokyo'; create temp table mine as select 1;
  second:
    kind: sql
    needs: [first]
    sql: select 1
    outputs:
      databases: select count(*) from duckdb_databases() where not internal
      threads: select current_setting('threads')
      zone: select current_setting('timezone')
      temporary: select count(*) from duckdb_tables() where temporary
`)
  expect(run.reason('first')).toBe('')
  expect(run.outputs.second).toMatchObject({ databases: 1, temporary: 0 })
  expect(run.outputs.second?.threads).not.toBe(1)
  expect(run.outputs.second?.zone).not.toBe('Asia/Tokyo')
})

test('values become JSON without loss', async () => {
  const run = await host.run(`
tasks:
  a:
    kind: sql
    sql: select 1
    outputs:
      row: "select 9007199254740993::bigint big, 1.50::decimal(9,2) dec1, 12345678901234567.89::decimal(20,2) dec2, date '2020-02-29' d,
        timestamp '2020-01-01 01:02:03.5' ts, timestamptz '2020-01-01 01:02:03+01' tz, [1, null] l, {'x': 'y'} s, map {'k': 1} m, 'nan'::double nan, null n, true b"
      empty: select 1 where false
      one: select 'x'
`)
  expect(run.reason('a')).toBe('')
  expect(run.outputs.a).toEqual({
    row: [
      {
        big: '9007199254740993',
        dec1: 1.5,
        dec2: '12345678901234567.89',
        d: '2020-02-29',
        ts: '2020-01-01T01:02:03.5',
        tz: '2020-01-01T00:02:03Z',
        l: [1, null],
        s: { x: 'y' },
        m: [{ key: 'k', value: 1 }],
        nan: 'NaN',
        n: null,
        b: true,
      },
    ],
    empty: [],
    one: 'x',
  })
})

test('outputs over 1 MiB fail the task clearly', async () => {
  const run = await host.run(`
tasks:
  a: { kind: sql, sql: select 1, outputs: { big: 'select repeat(chr(120), 1000) from range(2000)' } }
`)
  expect(run.state).toBe('failed')
  expect(run.reason('a')).toContain('1 MiB')
})

const ENDLESS = 'select count(*) from range(100000000000) a, range(100000000) b'

test('cancel interrupts a query within its grace time', async () => {
  const started = host.start(`tasks:\n  a: { kind: sql, sql: '${ENDLESS}' }\n`)
  await started.until((event) => event.type === 'started')
  await started.cancel(false)
  const run = await started.finished()
  expect(run.states).toEqual({ a: 'cancelled' })
  expect(run.log('a')).toContain('Interrupted')
})

test('a timeout interrupts one task and leaves the other of the same database alone', async () => {
  const run = await host.run(`
tasks:
  slow: { kind: sql, timeout: 300ms, sql: '${ENDLESS}' }
  other: { kind: sql, sql: 'create table t as select 1 i', outputs: { n: select count(*) from t } }
`)
  expect(run.states).toEqual({ slow: 'failed', other: 'success' })
  expect(run.reason('slow')).toContain('timeout')
})

test('when a host dies its tasks are lost and run again', async () => {
  const started = host.start(`
tasks:
  a:
    kind: sql
    sql: |
      set variable n = (select case when count(*) > 0 then 1 else 100000000000 end from glob('marker'));
      select count(*) from range(getvariable('n')::bigint) a, range(getvariable('n')::bigint) b
`)
  await started.until((event) => event.type === 'started')
  writeFileSync(join(host.root, 'marker'), '')
  for (const pid of sqlHosts()) process.kill(pid, 'SIGKILL')
  const run = await started.finished()
  expect(run.state).toBe('success')
  const outcomes = run.events.flatMap((event) => (event.type === 'finished' ? [event.outcome] : []))
  expect(outcomes).toEqual(['lost', 'success'])
})

test('two databases have two hosts; a database file is closed when idle, and shown through its host', async () => {
  const run = await host.run(`
tasks:
  a: { kind: sql, database: one.duckdb, sql: create table t as select range i from range(30) }
  b: { kind: sql, database: two.duckdb, sql: create table u as select 1 i }
  c: { kind: sql, database: ./one.duckdb, needs: [a], sql: "copy t to 'rows.parquet'; copy t to 'rows.csv'" }
`)
  expect(run.state).toBe('success')
  expect(sqlHosts()).toHaveLength(2)
  const path = join(host.root, 'one.duckdb')
  expect(openFiles(sqlHosts())).toContain(path)
  const shown = await host.engine.preview({ workspace: host.root, path, table: 't', limit: 3 })
  expect(shown).toEqual({ columns: [{ name: 'i', type: 'BIGINT' }], rows: [[0], [1], [2]], total: 30, tables: ['t'] })
  const parquet = await host.engine.preview({
    workspace: host.root,
    path: join(host.root, 'rows.parquet'),
    table: null,
    limit: 2,
  })
  expect(parquet).toMatchObject({ rows: [[0], [1]], total: 30 })
  const csv = await host.engine.preview({
    workspace: host.root,
    path: join(host.root, 'rows.csv'),
    table: null,
    limit: 2,
  })
  expect(csv).toMatchObject({ rows: [[0], [1]], total: null })
  await expect(
    host.engine.preview({ workspace: host.root, path: join(host.root, 'none.csv'), table: null, limit: 2 }),
  ).rejects.toMatchObject({
    data: { code: 'NOT_FOUND' },
  })
  while (openFiles(sqlHosts()).includes(path)) await new Promise((resolve) => setTimeout(resolve, 50))
})

test('relative paths start at the working directory of the task', async () => {
  host.write('here.csv', 'i\n1\n')
  const run = await host.run(`
tasks:
  a: { kind: shell, run: 'mkdir -p sub && printf "i\\\\n2\\\\n" > sub/here.csv' }
  root: { kind: sql, needs: [a], sql: select 1, outputs: { i: select i from 'here.csv' } }
  sub: { kind: sql, needs: [a], cwd: sub, sql: select 1, outputs: { i: select i from 'here.csv' } }
`)
  expect(run.outputs).toMatchObject({ root: { i: 1 }, sub: { i: 2 } })
})

function sqlHosts(): number[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  return children.map(Number).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sql/main.ts')
    } catch {
      return false
    }
  })
}

function openFiles(pids: readonly number[]): string[] {
  return pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)]
      } catch {
        return []
      }
    }),
  )
}

test('a failure names the statement it happened in', async () => {
  const run = await host.run(`
tasks:
  third: { kind: sql, sql: 'create table t (i int); insert into t values (1); select nope from t; select 4; select 5' }
  only: { kind: sql, sql: select nope }
  output: { kind: sql, sql: select 1; select 2, outputs: { n: select nope } }
`)
  expect(run.reason('third')).toBe(
    '`third` failed: Statement 3 of 5: Binder Error: Referenced column "nope" not found in FROM clause!',
  )
  expect(run.log('third')).toContain('Statement 3 of 5: Binder Error')
  expect(run.reason('only')).toMatch(/^`only` failed: Binder Error/)
  expect(run.reason('output')).toMatch(/^`output` failed: Output `n`: Binder Error/)
})

test('rows of other statements than queries are a result too', async () => {
  const run = await host.run(`
tasks:
  returning: { kind: sql, sql: 'create table r (i int); insert into r values (1), (2) returning i, i * 2 as double' }
  plan: { kind: sql, sql: explain select 1 }
  changed: { kind: sql, sql: 'create table c as select 1 as i; insert into c values (2), (3); update c set i = 0' }
`)
  expect(run.result('returning')).toMatchObject({
    rows: [
      [1, 2],
      [2, 4],
    ],
    total: 2,
  })
  expect(run.log('returning')).toMatch(/Statement 2 \(insert, .*\): 2 rows\.\]\ni {2}double\n/)
  expect(run.log('plan')).toMatch(/┌─+┐\n│ +PROJECTION +│\n/)
  expect(run.result('changed')).toBe(null)
  expect(run.log('changed')).toMatch(/insert, .*: 2 rows\.\]\n.*update, .*: 3 rows\./)
})

test('a check without a query does not hold, nor does one that says nothing', async () => {
  const run = await host.run(`
tasks:
  made: { kind: check, sql: create or replace table t as select 1 as i }
  silent: { kind: check, sql: "-- later" }
  holds: { kind: check, sql: select 1 where false }
`)
  expect(run.states).toEqual({ made: 'failed', silent: 'failed', holds: 'success' })
  expect(run.reason('made')).toBe('`made` failed: The check has no query whose rows could be violations.')
})

test('an attempt that said nothing has no log to look for', async () => {
  const run = await host.run("tasks: { nothing: { kind: sql, sql: '-- later' }, one: { kind: sql, sql: select 1 } }")
  const ended = run.events.filter((event) => event.type === 'finished')
  expect(ended.map((event) => [event.task, event.logged === true])).toEqual([
    ['nothing', false],
    ['one', true],
  ])
})

test('a row with a very long cell is kept, the cell shortened; infinite dates are called so', async () => {
  const run = await host.run(`
tasks:
  a: { kind: sql, sql: "select repeat('x', 3000000) as long, 'infinity'::date as d, '-infinity'::date as e, 'infinity'::timestamp as t, '-infinity'::timestamptz as z" }
`)
  const [row] = run.result('a')!.rows
  expect(row!.slice(1)).toEqual(['infinity', '-infinity', 'infinity', '-infinity'])
  expect(row![0]).toMatch(/^x{4000}… \(3,000,000 characters\)$/)
})
