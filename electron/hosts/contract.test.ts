import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { WorkspaceChange } from '#shared/contract/data.ts'
import type { AppErrorData } from '#shared/contract/error.ts'
import { WATCH_BATCH_EVENTS } from '#shared/contract/watching.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { foldRun } from '#shared/journal/fold.ts'
import { type Bench, FLOOD_EVENTS, openBench, TRANSPORTS } from './contract.testing.ts'

const HELLO = `dagwright: 1
id: hello
params:
  who: { type: string, default: world }
tasks:
  greet:
    kind: shell
    run: |
      echo "hello \${{ params.who }}"
      echo 'said=hi' >> "$DAGWRIGHT_OUTPUT"
  after:
    kind: shell
    needs: [greet]
    run: echo after >&2; echo done > done.txt
    writes: [done.txt]
`
const ENDLESS = `dagwright: 1
id: endless
tasks:
  count:
    kind: shell
    run: |
      i=0
      while true; do echo "line $i"; i=$((i+1)); sleep 0.05; done
`
const FLOOD = 'dagwright: 1\nid: flood\ntasks:\n  a: { kind: noop }\n'

let bench: Bench

beforeAll(async () => {
  bench = await openBench()
  await bench.put('hello.dag.yaml', HELLO)
  await bench.put('endless.dag.yaml', ENDLESS)
  await bench.put('flood.dag.yaml', FLOOD)
})
afterAll(() => bench.close())

async function failureOf(call: Promise<unknown>): Promise<AppErrorData> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  const data = appErrorOf(error)
  if (data === null) throw new Error(`Expected the contract's error, got ${String(error)}`)
  return data
}

describe.each(TRANSPORTS)('the contract over $name', (transport) => {
  let client: ContractClient
  let close: () => Promise<void>
  let workspace: string

  beforeAll(async () => {
    ;({ client, close } = await transport.connect(bench.host, bench.folder))
    workspace = (await client.workspace.open({ path: bench.root })).workspace.root
    await client.workspace.setTrust({ workspace, trusted: true })
  })
  afterAll(() => close())
  afterEach(() => expect(bench.logged.splice(0)).toEqual([]))

  async function runToEnd(path: string, params = {}): Promise<{ run: string; events: JournalEvent[] }> {
    const { run } = await client.runs.start({ workspace, path, params, trigger: 'test' })
    const events: JournalEvent[] = []
    for await (const batch of await client.runs.watch({ workspace, run, after: -1 })) events.push(...batch.events)
    return { run, events }
  }

  async function forWorkspaceChange(
    changes: AsyncIterator<WorkspaceChange>,
    wanted: (change: WorkspaceChange) => boolean,
  ): Promise<WorkspaceChange> {
    for (;;) {
      const { value, done } = await changes.next()
      if (done) throw new Error('The stream ended.')
      if (wanted(value)) return value
    }
  }

  describe('app and workspace', () => {
    it('tells about itself', async () => {
      expect(await client.app.info({})).toMatchObject({ host: 'test', platform: process.platform })
    })

    it('remembers settings', async () => {
      expect(await client.app.changeSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark', snapToGrid: true })
      expect((await client.app.changeSettings({ theme: 'system' })).theme).toBe('system')
    })

    it('opens a file’s workspace and lists its pipelines', async () => {
      const opened = await client.workspace.open({ path: join(bench.root, 'hello.dag.yaml') })
      expect(opened.file).toBe('hello.dag.yaml')
      expect(opened.workspace.pipelines).toContainEqual({
        path: 'hello.dag.yaml',
        id: 'hello',
        name: 'hello',
        tasks: 2,
        errors: 0,
      })
      expect((await client.workspace.recent({}))[0]?.path).toBe(bench.root)
    })

    it('lists folders and marks workspaces', async () => {
      const { entries, path } = await client.app.browse({ path: bench.folder })
      expect(path).toBe(bench.folder)
      expect(entries).toContainEqual({ name: 'workspace', path: bench.root, kind: 'workspace' })
      expect((await failureOf(client.app.browse({ path: join(bench.folder, 'nothing') }))).code).toBe('NOT_FOUND')
      expect((await failureOf(client.app.browse({ path: 'relative' }))).code).toBe('BAD_INPUT')
    })

    it('examines the machine', async () => {
      const items = await client.app.doctor({ workspace })
      expect(items.map((item) => item.id)).toEqual(expect.arrayContaining(['python', 'node', 'duckdb', 'workspace']))
      for (const item of items) if (item.status !== 'ok') expect(item.next).not.toBe('')
    })

    it('has no window here', async () => {
      expect((await failureOf(client.shell.pickWorkspace({}))).code).toBe('UNSUPPORTED_HERE')
      expect((await failureOf(client.shell.commands({}))).code).toBe('UNSUPPORTED_HERE')
    })
  })

  describe('documents', () => {
    const path = 'written.dag.yaml'
    afterEach(() => rm(join(bench.root, path), { force: true }))

    it('writes, reads back and refuses what was changed meanwhile', async () => {
      const text = 'dagwright: 1\r\nid: written\r\ntasks: {}\r\n# \u00e9\u{1f600}\r\n'
      const { version } = await client.documents.write({ workspace, path, text, baseVersion: null })
      expect(await client.documents.read({ workspace, path })).toMatchObject({ text, version, recovery: null })
      await writeFile(join(bench.root, path), 'other\n')
      const conflict = await failureOf(client.documents.write({ workspace, path, text: 'x', baseVersion: version }))
      expect(conflict.code).toBe('FILE_CHANGED_ON_DISK')
      expect(conflict.details).toMatchObject({ text: 'other\n' })
      expect(await readFile(join(bench.root, path), 'utf8')).toBe('other\n')
      await client.documents.write({ workspace, path, text: 'x', baseVersion: version, force: true })
      expect(await readFile(join(bench.root, path), 'utf8')).toBe('x')
      await rm(join(bench.root, path))
      expect((await failureOf(client.documents.read({ workspace, path }))).code).toBe('NOT_FOUND')
    })

    it('keeps a recovery copy until it is discarded', async () => {
      const { version } = await client.documents.write({ workspace, path, text: 'a\n', baseVersion: null })
      await client.documents.saveRecovery({ workspace, path, text: 'b\n', baseVersion: version })
      const { text, recovery } = await client.documents.read({ workspace, path })
      expect([text, recovery?.text, recovery?.baseVersion]).toEqual(['a\n', 'b\n', version])
      await client.documents.discardRecovery({ workspace, path })
      expect((await client.documents.read({ workspace, path })).recovery).toBeNull()
    })

    it.each(['../outside.dag.yaml', '/etc/passwd', 'a/../../b.dag.yaml', 'link/b.dag.yaml', 'nul\0.dag.yaml'])(
      'keeps %j inside',
      async (hostile) => {
        await symlink(bench.folder, join(bench.root, 'link')).catch(() => undefined)
        for (const call of [
          () => client.documents.read({ workspace, path: hostile }),
          () => client.documents.write({ workspace, path: hostile, text: 'x', baseVersion: null }),
          () => client.artifacts.open({ workspace, path: hostile }),
          () => client.runs.start({ workspace, path: hostile, params: {} }),
        ]) {
          expect(['OUTSIDE_WORKSPACE', 'BAD_INPUT', 'NOT_FOUND']).toContain((await failureOf(call())).code)
        }
        await expect(readFile(join(bench.folder, 'b.dag.yaml'))).rejects.toThrow()
        await rm(join(bench.root, 'link'), { force: true })
      },
    )

    it('refuses what is no text or too large', async () => {
      await writeFile(join(bench.root, path), Buffer.from([0, 1, 2, 0xff, 0xfe]))
      expect((await failureOf(client.documents.read({ workspace, path }))).code).toBe('FILE_NOT_TEXT')
      await writeFile(join(bench.root, path), 'a'.repeat(50 * 1024 * 1024))
      expect((await failureOf(client.documents.read({ workspace, path }))).code).toBe('FILE_TOO_LARGE')
      expect((await failureOf(client.runs.start({ workspace, path, params: {} }))).code).toBe('FILE_TOO_LARGE')
    })
  })

  describe('failures', () => {
    it('have a code, a message and nothing of the inside', async () => {
      const failure = await failureOf(client.workspace.open({ path: join(bench.folder, 'nowhere') }))
      expect(failure).toMatchObject({ code: 'NOT_FOUND', where: expect.any(String), next: expect.any(String) })
      expect((await failureOf(client.workspace.get({ workspace: '/nowhere' }))).code).toBe('NOT_FOUND')
      expect((await failureOf(client.runs.get({ workspace, run: '../x' }))).code).toBe('RUN_NOT_FOUND')
      expect((await failureOf(client.runs.cancel({ workspace, run: 'x', kill: false }))).code).toBe('RUN_NOT_FOUND')
    })

    it('name a wrong input', async () => {
      const wrong = client.runs.list({ workspace, limit: -1 })
      expect(await failureOf(wrong)).toMatchObject({
        code: 'BAD_INPUT',
        details: { issues: [expect.stringContaining('limit')] },
      })
      const none = client.documents.read({} as never)
      expect((await failureOf(none)).code).toBe('BAD_INPUT')
    })

    it('are the contract’s inside a stream too', async () => {
      const events = client.runs.watch({ workspace, run: 'nothing', after: -1 }).then((stream) => stream.next())
      expect((await failureOf(events)).code).toBe('RUN_NOT_FOUND')
    })
  })

  describe('trust', () => {
    afterEach(() => client.workspace.setTrust({ workspace, trusted: true }))

    it('is needed to run, and the refusal shows what would run', async () => {
      await client.workspace.setTrust({ workspace, trusted: false })
      expect((await client.workspace.get({ workspace })).trusted).toBe(false)
      const refused = await failureOf(client.runs.start({ workspace, path: 'hello.dag.yaml', params: {} }))
      expect(refused.code).toBe('NOT_TRUSTED')
      expect(refused.details?.tasks).toEqual([
        expect.objectContaining({ task: 'greet', kind: 'shell', code: expect.stringContaining('echo "hello') }),
        expect.objectContaining({ task: 'after' }),
      ])
      // A page can't talk itself into a terminal's consent by what it sends.
      const asTerminal = client.runs.start({ workspace, path: 'hello.dag.yaml', params: {}, trigger: 'cli' })
      expect((await failureOf(asTerminal)).code).toBe('NOT_TRUSTED')
    })

    it('is not needed where a person typed the command', async () => {
      await client.workspace.setTrust({ workspace, trusted: false })
      const { run } = await bench.terminal.runs.start({ workspace, path: 'hello.dag.yaml', params: {} })
      for await (const _ of await bench.terminal.runs.watch({ workspace, run, after: -1 }));
      expect((await client.workspace.get({ workspace })).trusted).toBe(false)
    })
  })

  describe('runs', () => {
    it('start, are watched, listed, read and deleted', async () => {
      const { run, events } = await runToEnd('hello.dag.yaml', { who: 'you' })
      expect(events.map((event) => event.n)).toEqual(events.map((_, index) => events[0]!.n + index))
      const view = foldRun(events)!
      expect([view.state, view.tasks.get('greet')?.instances[0]?.outputs]).toEqual(['success', { said: 'hi' }])
      expect(view.header.params).toEqual({ who: 'you' })
      const [newest] = await client.runs.list({ workspace, pipeline: 'hello', limit: 1 })
      expect(newest).toMatchObject({ run, state: 'success', live: false, counts: { success: 2 } })
      expect((await client.runs.get({ workspace, run })).events).toEqual(events)
      expect(await client.runs.frozen({ workspace, run })).toEqual({ header: view.header, spec: HELLO })
      const { durations } = await client.history.get({ workspace, pipeline: 'hello', limit: 1 })
      expect(durations.map(([task]) => task)).toEqual(['greet', 'after'])
      expect(await client.artifacts.list({ workspace, path: 'hello.dag.yaml' })).toMatchObject([
        { path: 'done.txt', task: 'after', kind: 'text' },
      ])
      await client.runs.delete({ workspace, run })
      expect((await failureOf(client.runs.get({ workspace, run }))).code).toBe('RUN_NOT_FOUND')
    })

    it('have a history, of the pipeline and of each task, and can be compared and queried', async () => {
      const { run: earlier } = await runToEnd('hello.dag.yaml')
      const { run: later } = await runToEnd('hello.dag.yaml')
      const of = { workspace, pipeline: 'hello', limit: 2 }
      const { pipeline, tasks } = await client.history.pipeline(of)
      expect(pipeline.runs.map(({ run }) => run)).toEqual([later, earlier])
      expect(tasks.map(({ task, runs }) => [task, runs])).toEqual([
        ['greet', 2],
        ['after', 2],
      ])
      const { points, change } = await client.history.task({ ...of, task: 'greet' })
      expect([points.map(({ state }) => state), change]).toEqual([['success', 'success'], null])
      const { makespan, explained } = await client.history.compare({ workspace, earlier, later })
      expect(explained.reduce((sum, { delta }) => sum + delta, 0)).toBe(makespan.delta)
      expect(await client.history.slo({ workspace, path: 'hello.dag.yaml' })).toBeNull()
      const sql = 'select run from runs order by run desc limit 2'
      const { rows } = await client.history.query({ workspace, sql, limit: 9 })
      expect(rows).toEqual([[later], [earlier]])
      const endless = client.history.query(
        { workspace, sql: 'select count(*) from range(1000000000000)', limit: 1 },
        { signal: AbortSignal.timeout(1500) },
      )
      await expect(endless).rejects.toThrow()
      for (const run of [earlier, later]) await client.runs.delete({ workspace, run })
    })

    it('are watched from any number on', async () => {
      const { run, events } = await runToEnd('hello.dag.yaml')
      for (const after of [-1, 0, 3, events.at(-2)!.n, events.at(-1)!.n, 1_000_000]) {
        const seen: JournalEvent[] = []
        let live: boolean | null = null
        for await (const batch of await client.runs.watch({ workspace, run, after })) {
          seen.push(...batch.events)
          live = batch.live
        }
        expect(seen).toEqual(events.filter((event) => event.n > after))
        expect(live).toBe(false)
      }
    })

    it('refuse a pipeline with errors, unknown parameters and wrong values', async () => {
      await bench.put('broken.dag.yaml', 'dagwright: 1\nid: broken\ntasks:\n  a: { kind: shell, run: x, needs: [b] }\n')
      const invalid = await failureOf(client.runs.start({ workspace, path: 'broken.dag.yaml', params: {} }))
      expect(invalid.code).toBe('INVALID_PIPELINE')
      expect(invalid.problems?.[0]?.range?.start.line).toBe(4)
      const start = (params: Record<string, string | number>) =>
        client.runs.start({ workspace, path: 'hello.dag.yaml', params })
      expect((await failureOf(start({ whom: 'x' }))).code).toBe('INVALID_PARAMETERS')
      expect((await failureOf(start({ who: 1 }))).code).toBe('INVALID_PARAMETERS')
      const only = client.runs.start({
        workspace,
        path: 'hello.dag.yaml',
        params: {},
        selection: { only: ['nothing'] },
      })
      expect((await failureOf(only)).code).toBe('BAD_INPUT')
      await rm(join(bench.root, 'broken.dag.yaml'))
    })

    it('are cancelled, and their log is followed while they run', async () => {
      const { run } = await client.runs.start({ workspace, path: 'endless.dag.yaml', params: {} })
      const where = { workspace, run, task: 'count', index: null, attempt: 1 }
      const lines: string[] = []
      let cancelled = false
      for await (const chunk of await client.runs.log({ ...where, after: 0, follow: true })) {
        lines.push(...chunk.lines.filter((line) => line.stream === 'out').map((line) => line.text))
        if (lines.length >= 3 && !cancelled) {
          cancelled = true
          expect((await client.runs.list({ workspace, limit: 1 }))[0]).toMatchObject({
            run,
            live: true,
            state: 'running',
          })
          expect((await failureOf(client.runs.delete({ workspace, run }))).code).toBe('RUN_ALREADY_LIVE')
          await client.runs.cancel({ workspace, run, kill: false })
        }
      }
      expect(lines).toEqual(lines.map((_, index) => `line ${index}`))
      for await (const _ of await client.runs.watch({ workspace, run, after: -1 }));
      expect((await client.runs.list({ workspace, limit: 1 }))[0]).toMatchObject({
        run,
        state: 'cancelled',
        live: false,
      })
      const again = await failureOf(client.runs.cancel({ workspace, run, kill: true }))
      expect(again.code).toBe('RUN_NOT_LIVE')
      const resumed = await failureOf(client.runs.resume({ workspace, run }))
      expect(resumed.code).toBe('RUN_NOT_LIVE')
      const once: string[] = []
      for await (const chunk of await client.runs.log({ ...where, after: 0, follow: false })) {
        once.push(...chunk.lines.filter((line) => line.stream === 'out').map((line) => line.text))
      }
      expect(once).toEqual(lines)
    })

    it('rerun only what failed', async () => {
      await bench.put(
        'flaky.dag.yaml',
        'dagwright: 1\nid: flaky\ntasks:\n  good: { kind: shell, run: echo good }\n  bad: { kind: shell, run: test -e repaired, needs: [good] }\n',
      )
      const first = await runToEnd('flaky.dag.yaml')
      expect(foldRun(first.events)?.state).toBe('failed')
      await writeFile(join(bench.root, 'repaired'), '')
      const { run } = await client.runs.start({
        workspace,
        path: 'flaky.dag.yaml',
        params: {},
        rerunFailedOf: first.run,
      })
      for await (const _ of await client.runs.watch({ workspace, run, after: -1 }));
      const view = foldRun((await client.runs.get({ workspace, run })).events)!
      expect(view.state).toBe('success')
      expect(view.header.parent).toBe(first.run)
      expect(view.tasks.get('good')?.instances[0]?.origin).toBe('reused')
      expect(view.tasks.get('bad')?.instances[0]?.origin).toBe('executed')
    })

    it('are opened again once, however many ask at the same time', async () => {
      await bench.put('twice.dag.yaml', 'dagwright: 1\nid: twice\ntasks:\n  one: { kind: shell, run: sleep 0.2 }\n')
      const { run, events } = await runToEnd('twice.dag.yaml')
      const journal = join(bench.root, '.dagwright/runs/twice', run, 'journal.ndjson')
      const lines = (await readFile(journal, 'latin1')).split('\n')
      await writeFile(
        journal,
        `${lines
          .slice(
            0,
            events.findIndex(({ type }) => type === 'finished'),
          )
          .join('\n')}\n`,
      )
      const asked = await Promise.allSettled(Array.from({ length: 3 }, () => client.runs.resume({ workspace, run })))
      expect(asked.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
      for await (const _ of await client.runs.watch({ workspace, run, after: -1 }));
      const detail = await client.runs.get({ workspace, run })
      expect(detail.events.filter(({ type }) => type === 'resumed')).toHaveLength(1)
      expect(detail.events.map(({ n }) => n)).toEqual(detail.events.map((_, index) => index))
      expect(detail.summary.state).toBe('success')
      await rm(join(bench.root, 'repaired'))
    })

    it('refuse a part whose inputs nobody made, naming the task', async () => {
      await bench.put(
        'parts.dag.yaml',
        'dagwright: 1\nid: parts\ntasks:\n  first: { kind: noop }\n  second: { kind: noop, needs: [first] }\n',
      )
      const start = () =>
        client.runs.start({ workspace, path: 'parts.dag.yaml', params: {}, selection: { only: ['second'] } })
      for (const { run } of await client.runs.list({ workspace, pipeline: 'parts' }))
        await client.runs.delete({ workspace, run })
      const missing = await failureOf(start())
      expect([missing.code, missing.details?.tasks]).toEqual(['OUTPUTS_MISSING', ['first']])
      await runToEnd('parts.dag.yaml')
      const { run } = await start()
      for await (const _ of await client.runs.watch({ workspace, run, after: -1 }));
      expect((await client.runs.list({ workspace, limit: 1 }))[0]).toMatchObject({
        run,
        state: 'success',
        partial: true,
        counts: { success: 1 },
      })
    })
  })

  describe('streams', () => {
    it('a watcher that reads nothing costs nothing, and still gets every event once it reads', async () => {
      const { run } = await client.runs.start({ workspace, path: 'flood.dag.yaml', params: {} })
      const stream = await client.runs.watch({ workspace, run, after: -1 })
      // Another watcher, who reads, sees the whole run pass meanwhile.
      let passed = 0
      for await (const batch of await client.runs.watch({ workspace, run, after: -1 })) passed += batch.events.length
      expect(passed).toBe(FLOOD_EVENTS)
      let expected = 0
      for await (const { events } of stream) {
        expect(events.length).toBeLessThanOrEqual(WATCH_BATCH_EVENTS)
        for (const event of events) expect(event.n).toBe(expected++)
      }
      expect(expected).toBe(FLOOD_EVENTS)
    })

    it('report files, pipelines and runs of the workspace', async () => {
      const abort = new AbortController()
      const changes = await client.workspace.changes({ workspace }, { signal: abort.signal })
      const iterator = changes[Symbol.asyncIterator]()
      const { run } = await client.runs.start({ workspace, path: 'hello.dag.yaml', params: {} })
      const ended = await forWorkspaceChange(
        iterator,
        (change) => change.type === 'run' && change.summary.run === run && !change.summary.live,
      )
      expect(ended).toMatchObject({ summary: { state: 'success' } })
      const file = `new-${transport.name.replace(' ', '-')}.dag.yaml`
      await bench.put(file, FLOOD.replace('flood', 'another'))
      await forWorkspaceChange(
        iterator,
        (change) => change.type === 'pipelines' && change.pipelines.some((one) => one.path === file),
      )
      await rm(join(bench.root, file))
      await forWorkspaceChange(
        iterator,
        (change) => change.type === 'file' && change.path === file && change.version === null,
      )
      abort.abort()
      const afterwards = await iterator.next().then(
        ({ done }) => done,
        () => true,
      )
      expect(afterwards).toBe(true)
    })

    it('are let go of on the other side when the caller leaves', async () => {
      const session = await bench.host.sessions.get(workspace)
      const { run } = await client.runs.start({ workspace, path: 'endless.dag.yaml', params: {} })
      const abort = new AbortController()
      const watched = await client.runs.watch({ workspace, run, after: -1 }, { signal: abort.signal })
      const changes = await client.workspace.changes({ workspace }, { signal: abort.signal })
      await watched.next()
      const pending = [watched.next(), watched.next(), watched.next(), changes.next()]
      await expect.poll(() => session.changes.watched).toBe(true)
      abort.abort()
      await Promise.allSettled(pending)
      await expect.poll(() => session.changes.watched).toBe(false)
      await expect.poll(() => session.feed(run)?.watchers).toBe(0)
      await client.runs.cancel({ workspace, run, kill: true })
      for await (const _ of await client.runs.watch({ workspace, run, after: -1 }));
    })
  })

  describe('exports', () => {
    it('are written inside the workspace and overwrite nothing unasked', async () => {
      const files = [{ path: 'sub/a.py', content: 'é', encoding: 'utf8' as const }]
      const write = (overwrite: boolean) => client.exports.write({ workspace, folder: 'out', files, overwrite })
      expect(await write(true)).toEqual({ written: ['out/sub/a.py'] })
      expect(await readFile(join(bench.root, 'out/sub/a.py'), 'utf8')).toBe('é')
      const refused = await failureOf(write(false))
      expect(refused).toMatchObject({ code: 'BAD_INPUT', details: { existing: ['out/sub/a.py'] } })
      for (const path of ['../b.py', '/b.py', 'x/../../../b.py', '..\\b.py']) {
        const hostile = client.exports.write({
          workspace,
          folder: 'out',
          files: [{ ...files[0]!, path }],
          overwrite: true,
        })
        expect((await failureOf(hostile)).code).toBe('OUTSIDE_WORKSPACE')
      }
      const outside = client.exports.write({ workspace, folder: '../elsewhere', files, overwrite: true })
      expect((await failureOf(outside)).code).toBe('OUTSIDE_WORKSPACE')
    })
  })

  it('carries ids that are also words of JavaScript', async () => {
    await bench.put(
      'names.dag.yaml',
      'dagwright: 1\nid: names\ntasks:\n  __proto__: { kind: noop }\n  constructor: { kind: noop, needs: [__proto__] }\n',
    )
    const { events } = await runToEnd('names.dag.yaml')
    const view = foldRun(events)!
    expect(view.order).toEqual(['__proto__', 'constructor'])
    expect(view.tasks.get('__proto__')?.state).toBe('success')
  })

  it('creates samples', async () => {
    await mkdir(join(bench.folder, 'samples'), { recursive: true })
    for (const [name, file] of [
      ['rules', 'parcels.dag.yaml'],
      ['mapping', 'stations.dag.yaml'],
    ] as const) {
      const { path } = await client.workspace.createSample({ folder: join(bench.folder, 'samples'), name })
      expect(await readFile(join(path, file), 'utf8')).toContain('dagwright: 1')
    }
  })
})
