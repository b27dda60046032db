import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { headerFor, journalOf } from '#shared/journal/journal.testing.ts'
import type { FileChange } from './store.ts'
import { openStore } from './workspace-store.ts'

describe('a store', () => {
  let folder: string
  let root: string
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-store-')))
    root = join(folder, 'flights')
    await mkdir(join(root, 'marts'), { recursive: true })
    await writeFile(join(root, 'dagwright.yaml'), 'slots: 3\npools: { warehouse: 2 }\n')
    await writeFile(join(root, 'marts', 'flights.dag.yaml'), 'dagwright: 1\nid: flights\n')
  })
  afterEach(() => rm(folder, { recursive: true }))

  const open = (path = root) => openStore(path, { userData: join(folder, 'home') })

  it('opens from a folder or a file in it, and leaves no trace by looking', async () => {
    const store = await open(join(root, 'marts', 'flights.dag.yaml'))
    expect(store).toMatchObject({ root, name: 'flights', readOnly: false, file: 'marts/flights.dag.yaml' })
    expect(store.stateFolder).toBe(join(root, '.dagwright'))
    expect(await store.pipelineFiles()).toEqual(['marts/flights.dag.yaml'])
    expect((await store.documents.read('marts/flights.dag.yaml')).text).toContain('id: flights')
    expect(await store.runs.list({ live: new Set() })).toEqual([])
    expect(await store.records('flights', 20)).toEqual([])
    expect((await open(join(root, 'marts'))).file).toBeNull()
    expect((await readdir(root)).sort()).toEqual(['dagwright.yaml', 'marts'])
    expect(await readdir(folder)).toEqual(['flights'])
  })

  it('reads the configuration', async () => {
    const { config, problems } = await (await open()).config()
    expect(problems).toEqual([])
    expect(config.slots).toBe(3)
    expect(config.pools).toEqual(new Map([['warehouse', 2]]))
  })

  it.each([
    ['a wrong key', 'slotz: 3\n'],
    ['no YAML', '{{{'],
    ['binary data', 'a\0b'],
    ['Latin-1', Buffer.from([0xe9])],
    ['50 MB', Buffer.alloc(50 * 1024 * 1024, 0x61)],
  ])('goes on with the defaults and says what is wrong with a configuration of %s', async (_name, bytes) => {
    await writeFile(join(root, 'dagwright.yaml'), bytes)
    const { config, problems } = await (await open()).config()
    expect(problems.some((problem) => problem.severity === 'error' && problem.message !== '')).toBe(true)
    expect(config).toMatchObject({ slots: null, retention: { runs: 50 } })
  })

  it('without a configuration has the defaults and no problem', async () => {
    await rm(join(root, 'dagwright.yaml'))
    const { config, problems } = await (await open()).config()
    expect(problems).toEqual([])
    expect(config.retention.bytes).toBe(5e9)
  })

  it('gives a history that is the same from the journals and from what was derived of them', async () => {
    const store = await open()
    const attempt = { task: 'a', index: null, attempt: 1 } as const
    const events = journalOf(
      headerFor(['a'], { run: store.runs.newId(new Date()) }),
      { type: 'starting', ...attempt, readyAt: 0, cause: { type: 'begin' } },
      {
        type: 'finished',
        ...attempt,
        outcome: 'success',
        exitCode: 0,
        signal: null,
        peakMemory: null,
        cpu: null,
        outputs: null,
        reason: null,
      },
      { type: 'settled', task: 'a', index: null, state: 'success', origin: 'executed', reason: null },
      { type: 'ended', state: 'success', reason: null },
    )
    const header = events[0]!
    if (header.type !== 'run') throw new Error('no header')
    const run = await store.runs.create(header, 'id: flights')
    await run.append(events)
    await run.close()
    const folded = await store.records('flights', 20)
    expect(folded[0]!.facts.tasks).toMatchObject([{ task: 'a', work: 1e6, duration: 2e6, queued: 1e6, attempts: 1 }])
    expect(await (await open()).records('flights', 20)).toEqual(folded)
    expect(await readdir(join(root, '.dagwright', 'cache', 'facts'))).toEqual([`${header.run}.ndjson`])
    await writeFile(join(root, '.dagwright', 'cache', 'facts', `${header.run}.ndjson`), '{"format":2,')
    expect(await (await open()).records('flights', 20)).toEqual(folded)
    await store.runs.delete(header.run)
    expect(await readdir(join(root, '.dagwright', 'cache', 'facts'))).toEqual([])
    expect(await store.records('flights', 20)).toEqual([])
  })

  it('keeps what other systems recorded by pipeline, whatever its id, and takes a broken file for none', async () => {
    const store = await open()
    const imported = { source: 'wfcommons', recordedAt: null, makespan: 5, tasks: [['__proto__', 1]] } as const
    for (const pipeline of ['../x', '__proto__', 'flights']) {
      await store.imported.put({ ...imported, pipeline })
      expect(await (await open()).imported.get(pipeline)).toEqual({ ...imported, pipeline })
    }
    expect(await store.imported.get('other')).toBeNull()
    await writeFile(join(root, '.dagwright', 'imported', 'flights.json'), '{"source":')
    expect(await store.imported.get('flights')).toBeNull()
  })

  it('keeps paths inside, and watches', async () => {
    const store = await open()
    await expect(store.resolve('../x')).rejects.toMatchObject({ data: { code: 'OUTSIDE_WORKSPACE' } })
    expect(await store.resolve('marts/new.csv')).toBe(join(root, 'marts', 'new.csv'))
    const changes: FileChange[] = []
    const stop = await store.watch((change) => changes.push(change))
    const { version } = await store.documents.write('new.dag.yaml', 'id: new\n', null)
    await vi.waitFor(() => expect(changes).toEqual([{ path: 'new.dag.yaml', version }]), { timeout: 15_000 })
    stop()
  })
})
