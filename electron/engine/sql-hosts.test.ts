import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { type Bench, bench } from './engine.testing.ts'

let host: Bench
afterEach(() => host.dispose())

const ends = (run: Awaited<ReturnType<Bench['run']>>) =>
  run.events.flatMap((event) => (event.type === 'finished' ? [`${event.task} ${event.outcome}`] : []))

test('what DuckDB prints on its own is no answer of the host', async () => {
  host = bench()
  const run = await host.run(`
tasks:
  progress:
    kind: sql
    sql: |
      set enable_progress_bar = true; set enable_progress_bar_print = true; set progress_bar_time = 1;
      select count(*) from range(100000000) t(i) where i % 7 = 3
  after: { kind: sql, needs: [progress], sql: select 1 }
`)
  expect(ends(run)).toEqual(['progress success', 'after success'])
})

test('a task that is stopped while it waits for its turn leaves the others of its host alone', async () => {
  host = bench(200)
  const run = await host.run(`
tasks:
  up: { kind: sql, sql: select 1 }
  long: { kind: sql, needs: [up], sql: 'select count(*) from range(600000000) t(i) where i % 7 = 3' }
  alone: { kind: sql, needs: [up], timeout: 50ms, sql: 'set threads = 1; select 1' }
`)
  expect(ends(run)).toEqual(['up success', 'alone timed_out', 'long success'])
})

test('many queries at once are interrupted, each by itself: their host is not killed', async () => {
  host = bench(3000)
  const names = Array.from({ length: 8 }, (_, number) => `q${number}`)
  const endless = 'select count(*) from range(100000000000) t(i) where i % 7 = 3'
  const started = host.start(
    `tasks:\n${names.map((name) => `  ${name}: { kind: sql, sql: '${endless}' }`).join('\n')}`,
    { slots: 8 },
  )
  await Promise.all(names.map((name) => started.until((event) => event.type === 'started' && event.task === name)))
  await pause(200)
  await started.cancel(false)
  const run = await started.finished()
  for (const name of names) expect(run.log(name)).toBe('[Interrupted.]')
})

test('a host does not outlive its engine, whatever it is looking at', async () => {
  host = bench()
  await host.run(`
tasks:
  make:
    kind: sql
    database: slow.duckdb
    sql: create view slow as select count(*) from range(100000000000) t(i) where i % 7 = 3
`)
  const path = join(host.root, 'slow.duckdb')
  const looking = host.engine.preview({ workspace: host.root, path, table: 'slow', limit: 1 }).catch(String)
  await pause(500)
  await host.engine.dispose()
  expect(await looking).toContain('cannot be shown')
})
