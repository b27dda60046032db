import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Bench, bench } from './engine.testing.ts'

/**
 * Real databases of other makes. DuckDB reads them with extensions: where this machine has none (see
 * `DAGWRIGHT_TEST_PYTHON`: a Python with the packages), what is seen is the error that says how to get one.
 */
const PYTHON = process.env.DAGWRIGHT_TEST_PYTHON ?? 'python3'
const PACKAGES = ['duckdb_extension_sqlite_scanner', 'duckdb_extension_postgres_scanner'] as const
const [hasSqlite, hasPostgres] = PACKAGES.map(isInstalled)

function isInstalled(name: string): boolean {
  try {
    return execFileSync(PYTHON, ['-c', `import importlib.util as u; print(u.find_spec('${name}'))`]).includes('Spec')
  } catch {
    return false
  }
}

let host: Bench
beforeAll(() => {
  host = bench()
})
afterAll(() => host.dispose())

const WORK = `
tasks:
  write:
    kind: sql
    connection: other
    sql: |
      create table if not exists people (id bigint, name text);
      delete from people;
      insert into people values (1, 'Åsa'), (2, \${{ params.name }});
  read:
    kind: sql
    needs: [write]
    connection: other
    sql: select * from people order by id
    outputs: { names: select name from people order by id, rows: select count(*) from people }
  copied:
    kind: sql
    needs: [write]
    connection: other
    sql: copy (select * from people order by id) to 'people.csv'
params: { name: { type: string, default: "O'Hara; drop table people --" } }
`

async function work(type: 'sqlite' | 'postgres', url: string) {
  const connections = new Map([['other', { type, url, secret: null }]])
  const interpreters = { python: PYTHON, node: null }
  return host.run(WORK, { config: { connections, interpreters } })
}

function expectTold(run: Awaited<ReturnType<typeof work>>, packaged: string): void {
  expect(run.states).toEqual({ write: 'failed', read: 'upstream_failed', copied: 'upstream_failed' })
  expect(run.reason('write')).toMatch(new RegExp(`-m pip install ${packaged}==\\d`))
}

test('an SQLite file is read and written', async () => {
  const run = await work('sqlite', 'other.sqlite')
  if (!hasSqlite) return expectTold(run, 'duckdb-extension-sqlite-scanner')
  expect(run.states).toEqual({ write: 'success', read: 'success', copied: 'success' })
  expect(run.outputs.read).toEqual({ names: ['Åsa', "O'Hara; drop table people --"], rows: 2 })
})

test('a PostgreSQL server is read and written', async () => {
  const server = await startPostgres()
  const run = await work('postgres', server?.url ?? 'host=/nowhere dbname=postgres').finally(() => server?.stop())
  if (!hasPostgres) return expectTold(run, 'duckdb-extension-postgres-scanner')
  if (server === null) return expect(run.reason('write')).toContain('/nowhere')
  expect(run.states, run.reason('write')).toEqual({ write: 'success', read: 'success', copied: 'success' })
  expect(run.outputs.read).toEqual({ names: ['Åsa', "O'Hara; drop table people --"], rows: 2 })
})

test('a connection may be called like the pipeline, whose own database is called so, too', async () => {
  if (!hasSqlite) return
  const connections = new Map([['P', { type: 'sqlite' as const, url: 'named.sqlite', secret: null }]])
  const run = await host.run(WORK.replaceAll('connection: other', 'connection: P'), {
    config: { connections, interpreters: { python: PYTHON, node: null } },
  })
  expect(run.states, run.reason('write')).toEqual({ write: 'success', read: 'success', copied: 'success' })
  expect(run.log('write')).toContain("has a catalog P already: the connection's is called P_connection here")
})

test('a password is a secret, in both forms of an address, and stays out of what a failure says', async () => {
  const password = "p'a ss\\w%/:@?&=é"
  const server = hasPostgres ? await startPostgres(password) : null
  if (server === null) return
  const socket = server.url.slice('host='.length, server.url.indexOf(' '))
  const urls = { pairs: server.url, address: `postgresql:///postgres?host=${socket}&user=tester` }
  const connections = new Map(
    Object.entries(urls).map(([name, url]) => [name, { type: 'postgres' as const, url, secret: 'PASSWORD' }]),
  )
  const tasks = Object.keys(urls).map((name) => `  ${name}: { kind: sql, connection: ${name}, sql: select 1 }`)
  const config = { connections, interpreters: { python: PYTHON, node: null } }
  const given = (secret: string) => host.run(`tasks:\n${tasks.join('\n')}\n`, { config, secrets: { PASSWORD: secret } })
  const [right, wrong] = await Promise.all([given(password), given(`not ${password}`)]).finally(() => server.stop())
  expect(right.states, right.reason('pairs') + right.reason('address')).toEqual({
    pairs: 'success',
    address: 'success',
  })
  expect(wrong.reason('pairs')).toContain("password='***'")
  expect(wrong.reason('address')).toContain('password=***')
})

/**
 * A server of its own in a temporary folder, on a socket in it, which asks for the password where there is one; null
 * where none is installed.
 */
async function startPostgres(password?: string): Promise<{ readonly url: string; stop(): Promise<void> } | null> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dagwright-postgres-')))
  const data = join(folder, 'data')
  mkdirSync(data)
  // The server refuses to run as root.
  const root = process.getuid?.() === 0
  const identity = root ? nobody() : {}
  if (identity.uid !== undefined) for (const path of [folder, data]) chownSync(path, identity.uid, identity.gid!)
  chmodSync(data, 0o700)
  writeFileSync(join(folder, 'password'), password ?? '')
  const access =
    password === undefined ? ['-A', 'trust'] : ['-A', 'scram-sha-256', '--pwfile', join(folder, 'password')]
  try {
    execFileSync('initdb', ['-D', data, '-U', 'tester', ...access, '-N'], {
      ...identity,
      cwd: folder,
      stdio: 'ignore',
    })
  } catch {
    rmSync(folder, { recursive: true })
    return null
  }
  const server = spawn('postgres', ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-F'], {
    ...identity,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await new Promise<void>((resolve) => {
    server.stderr.on('data', (text: Buffer) => text.includes('ready to accept connections') && resolve())
    void ended.then(resolve)
  })
  await pause(100)
  return {
    url: `host=${folder} user=tester dbname=postgres`,
    async stop() {
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function nobody(): { readonly uid?: number; readonly gid?: number } {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody']).toString())
  return { uid: id('-u'), gid: id('-g') }
}
