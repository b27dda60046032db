import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encode } from '#shared/journal/codec.ts'
import type { JournalBody, JournalEvent } from '#shared/journal/event.ts'
import { headerFor, journalOf } from '#shared/journal/journal.testing.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { diskError } from './disk-error.ts'
import { MemoryDisk } from './memory-disk.testing.ts'
import { runsOf } from './runs.ts'
import { stateFolderOf } from './state-folder.ts'
import type { RunFolder, Runs } from './store.ts'

const NONE: ReadonlySet<string> = new Set()
const SPEC = 'dagwright: 1\nid: flights\n'

function runNamed(at: number): string {
  return `202611${String(at).padStart(2, '0')}T120000Z-abcd`
}

/** One task that succeeded, from a run that ended. */
function finishedRun(run: string, task = 'a', pipeline = 'flights'): JournalEvent[] {
  const instance = { task, index: null } as const
  const bodies: JournalBody[] = [
    headerFor([task], { run, pipeline }),
    { type: 'starting', ...instance, attempt: 1, readyAt: 0, cause: { type: 'begin' } },
    {
      type: 'finished',
      ...instance,
      attempt: 1,
      outcome: 'success',
      exitCode: 0,
      signal: null,
      peakMemory: null,
      cpu: null,
      outputs: null,
      reason: null,
    },
    { type: 'settled', ...instance, state: 'success', origin: 'executed', reason: null },
    { type: 'ended', state: 'success', reason: null },
  ]
  return journalOf(...bodies)
}

async function record(runs: Runs, events: readonly JournalEvent[]): Promise<RunFolder> {
  const [header] = events
  if (header?.type !== 'run') throw new Error('no header')
  const folder = await runs.create(header, SPEC)
  await folder.append(events)
  await folder.close()
  return folder
}

async function shelf(disk: Disk, root = '/work') {
  return runsOf(disk, await stateFolderOf(disk, root, '/home/user-data'))
}

async function workDisk(): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  await disk.makeFolder('/work')
  await disk.syncFolder('/')
  return disk
}

describe('runs', () => {
  it('are listed as damaged where nothing of their journal can be read', async () => {
    const disk = await workDisk()
    const runs = await shelf(disk)
    const { directory } = await record(runs, finishedRun(runNamed(1)))
    await disk.remove(join(directory, 'journal.ndjson'))
    const file = await disk.open(join(directory, 'journal.ndjson'), 'create')
    await file.write(Buffer.from('no header at all\nand more\n'))
    await file.close()
    const listed = await runs.list({ live: new Set() })
    expect(listed).toMatchObject([{ run: runNamed(1), pipeline: 'flights', state: 'interrupted', damaged: true }])
  })

  it('are durable from the first event on, folder and spec included', async () => {
    const disk = await workDisk()
    const events = finishedRun(runNamed(1))
    await record(await shelf(disk), events)
    disk.crash()
    const runs = await shelf(disk)
    expect(await runs.read(runNamed(1))).toEqual({ header: events[0], events, damaged: null })
    expect(await runs.frozen(runNamed(1))).toEqual({ header: events[0], spec: SPEC })
  })

  it('after a crash at any point are listed or not there, and never a reason to fail', async () => {
    for (let at = 1; at < 40; at++) {
      const disk = await workDisk()
      disk.fault = (_operation, _path, number) => (number === disk.operations && number >= at ? 'crash' : null)
      const outcome = await record(await shelf(disk), finishedRun(runNamed(1))).catch(() => null)
      disk.crash((length) => Math.ceil(length / 2))
      const summaries = await (await shelf(disk)).list({ live: NONE })
      expect(summaries.length).toBeLessThanOrEqual(1)
      if (outcome !== null) expect(summaries[0]?.state).toBe('success')
    }
  })

  it('are listed newest first, by pipeline and up to a limit', async () => {
    const runs = await shelf(await workDisk())
    for (const at of [2, 1, 3]) await record(runs, finishedRun(runNamed(at)))
    await record(runs, finishedRun(runNamed(9), 'a', 'Other / pipeline'))
    const ids = async (query: { pipeline?: string; limit?: number }) =>
      (await runs.list({ ...query, live: NONE })).map((one) => one.run)
    expect(await ids({})).toEqual([9, 3, 2, 1].map(runNamed))
    expect(await ids({ pipeline: 'flights', limit: 2 })).toEqual([3, 2].map(runNamed))
    expect(await ids({ pipeline: 'Other / pipeline' })).toEqual([runNamed(9)])
    expect(await ids({ pipeline: '../runs' })).toEqual([])
  })

  it('whose summary is known are listed with it, without a look at their journals', async () => {
    const disk = await workDisk()
    const runs = await shelf(disk)
    for (const at of [1, 2]) await record(runs, finishedRun(runNamed(at)))
    const [newest] = await runs.list({ live: NONE, limit: 1 })
    const running = { ...newest!, state: 'running' as const }
    // A new shelf remembers nothing, and any look at this journal would fail.
    disk.fault = (operation, path) => (operation === 'open' && path.includes(`${newest!.run}/journal`) ? 'EIO' : null)
    const listed = await (await shelf(disk)).list({
      live: new Set([newest!.run]),
      known: new Map([[newest!.run, running]]),
    })
    expect(listed.map(({ run, state }) => [run, state])).toEqual([
      [runNamed(2), 'running'],
      [runNamed(1), 'success'],
    ])
  })

  it('that the system does not let be read are damaged, and hide no other', async () => {
    const disk = await workDisk()
    const runs = await shelf(disk)
    for (const at of [1, 2]) await record(runs, finishedRun(runNamed(at)))
    const stat = disk.stat.bind(disk)
    disk.stat = async (path) => {
      if (path.includes(runNamed(2))) throw diskError({ code: 'EACCES' }, path, 'read')
      return stat(path)
    }
    const listed = await runs.list({ live: NONE })
    expect(listed.map(({ run, damaged }) => [run, damaged])).toEqual([
      [runNamed(2), true],
      [runNamed(1), false],
    ])
  })

  it('without an end are interrupted, or running where an engine writes them', async () => {
    const runs = await shelf(await workDisk())
    await record(runs, finishedRun(runNamed(1)).slice(0, 2))
    const state = async (live: ReadonlySet<string>) => (await runs.list({ live }))[0]
    expect(await state(NONE)).toMatchObject({ state: 'interrupted', live: false })
    expect(await state(new Set([runNamed(1)]))).toMatchObject({ state: 'running', live: true, endedAt: null })
    expect(await runs.summary(runNamed(1), true)).toMatchObject({ state: 'running' })
  })

  it('are the same with the index, without it, and with one that is broken or out of date', async () => {
    const disk = await workDisk()
    for (const at of [1, 2, 3]) await record(await shelf(disk), finishedRun(runNamed(at)))
    const fresh = await (await shelf(disk)).list({ live: NONE })
    expect(await disk.stat('/work/.dagwright/cache/runs.json')).not.toBeNull()
    expect(await (await shelf(disk)).list({ live: NONE })).toEqual(fresh)

    await disk.remove('/work/.dagwright/cache/runs.json')
    const broken = await disk.open('/work/.dagwright/cache/runs.json', 'create')
    await broken.write(Buffer.from('{"format":1,"runs":[["x"'))
    expect(await (await shelf(disk)).list({ live: NONE })).toEqual(fresh)

    const runs = await shelf(disk)
    await runs.list({ live: NONE })
    const reopened = await runs.open(runNamed(2))
    await reopened.append([{ n: 5, t: 9_000_000, type: 'resumed', wall: '2026-12-01T00:00:00.000Z' }])
    expect((await runs.list({ live: NONE }))[1]).toMatchObject({ run: runNamed(2), state: 'interrupted' })
  })

  it('that are not read again come from the index', async () => {
    const disk = await workDisk()
    await record(await shelf(disk), finishedRun(runNamed(1)))
    await (await shelf(disk)).list({ live: NONE })
    let opened = 0
    const open = disk.open.bind(disk)
    disk.open = (path, ...rest) => {
      if (path.endsWith('journal.ndjson')) opened++
      return open(path, ...rest)
    }
    expect(await (await shelf(disk)).list({ live: NONE })).toHaveLength(1)
    expect(opened).toBe(0)
  })

  it('of a read-only workspace go to the user’s folder, and those that came with it are read', async () => {
    const disk = await workDisk()
    await record(await shelf(disk), finishedRun(runNamed(1)))
    disk.canWrite = async (path) => !path.startsWith('/work')
    const runs = await shelf(disk)
    const folder = await record(runs, finishedRun(runNamed(2)))
    expect(folder.directory).toMatch(/^\/home\/user-data\/workspaces\/work~/)
    expect((await runs.list({ live: NONE })).map((one) => one.run)).toEqual([runNamed(2), runNamed(1)])
  })

  it('unknown or hostile are not found', async () => {
    const runs = await shelf(await workDisk())
    for (const run of ['nope', '..', '../../etc', 'a/b', '', 'x'.repeat(500)]) {
      for (const ask of [
        runs.read(run),
        runs.frozen(run),
        runs.delete(run),
        runs.open(run),
        runs.summary(run, false),
      ]) {
        await expect(ask).rejects.toMatchObject({ data: { code: 'RUN_NOT_FOUND', next: expect.any(String) } })
      }
    }
  })
})

describe('reopening a run', () => {
  it('cuts a torn line off and goes on after the last whole event', async () => {
    const disk = await workDisk()
    const events = finishedRun(runNamed(1))
    const { directory } = await record(await shelf(disk), events.slice(0, 2))
    const file = await disk.open(join(directory, 'journal.ndjson'), 'append')
    await file.write(Buffer.from(encode(events[2]!).slice(0, 30)))
    const runs = await shelf(disk)
    expect((await runs.read(runNamed(1))).damaged).toBeNull()
    const folder = await runs.open(runNamed(1))
    await folder.append(events.slice(2))
    await folder.close()
    expect((await runs.read(runNamed(1))).events).toEqual(JSON.parse(JSON.stringify(events)))
  })

  it('is refused where the journal is damaged, which still reads up to there', async () => {
    const disk = await workDisk()
    const events = finishedRun(runNamed(1))
    const { directory } = await record(await shelf(disk), events.slice(0, 2))
    const file = await disk.open(join(directory, 'journal.ndjson'), 'append')
    await file.write(Buffer.from(encode(events[2]!).replace('"n":2', '"n":3')))
    const runs = await shelf(disk)
    expect((await runs.read(runNamed(1))).damaged).toEqual({ line: 3, reason: 'checksum' })
    expect((await runs.list({ live: NONE }))[0]).toMatchObject({ damaged: true, state: 'interrupted' })
    await expect(runs.open(runNamed(1))).rejects.toMatchObject({ data: { code: 'JOURNAL_CORRUPT' } })
  })

  it('is refused for a run that exists', async () => {
    const runs = await shelf(await workDisk())
    await record(runs, finishedRun(runNamed(1)))
    await expect(record(runs, finishedRun(runNamed(1)))).rejects.toMatchObject({ data: { code: 'BAD_INPUT' } })
  })
})

describe('retention', () => {
  const limits = { runs: 2, bytes: 1e9 }

  it('removes the oldest, but no live one and none that came with a sample', async () => {
    const disk = await workDisk()
    const runs = await shelf(disk)
    for (const at of [1, 2, 3, 4, 5, 6]) await record(runs, finishedRun(runNamed(at)))
    const kept = await disk.open(join('/work/.dagwright/runs/flights', runNamed(1), 'keep'), 'create')
    await kept.close()
    expect(await runs.retain(limits, new Set([runNamed(3)]))).toEqual([4, 2].map(runNamed))
    expect((await runs.list({ live: NONE })).map((one) => one.run)).toEqual([6, 5, 3, 1].map(runNamed))
    await expect(runs.read(runNamed(2))).rejects.toMatchObject({
      data: { code: 'RUN_NOT_FOUND', details: { removed: true } },
    })
    await expect(runs.read(runNamed(9))).rejects.toThrow('There is no run')
  })

  it('keeps within a size', async () => {
    const runs = await shelf(await workDisk())
    for (const at of [1, 2, 3]) await record(runs, finishedRun(runNamed(at)))
    const bytes = finishedRun(runNamed(1)).map(encode).join('').length + SPEC.length
    expect(await runs.retain({ runs: 50, bytes: bytes * 2 }, NONE)).toEqual([runNamed(1)])
    // Somebody may be looking at the end of the newest.
    expect(await runs.retain({ runs: 50, bytes: 0 }, NONE)).toEqual([runNamed(2)])
    expect((await runs.list({ live: NONE })).map((one) => one.run)).toEqual([runNamed(3)])
  })

  it('counts what a run holds once, and again when its journal has grown', async () => {
    const disk = await workDisk()
    const runs = await shelf(disk)
    for (const at of [1, 2]) await record(runs, finishedRun(runNamed(at)))
    const limits = { runs: 50, bytes: 100_000 }
    expect(await runs.retain(limits, NONE)).toEqual([])
    const folder = join('/work/.dagwright/runs/flights', runNamed(1))
    const grow = async (name: string, bytes: number) => {
      const file = await disk.open(join(folder, name), 'append')
      await file.write(Buffer.alloc(bytes))
      await file.close()
    }
    await grow('logs/print.1.log', 200_000)
    expect(await runs.retain(limits, NONE)).toEqual([])
    await grow('journal.ndjson', 10)
    expect(await runs.retain(limits, NONE)).toEqual([runNamed(1)])
  })
})

describe('on a real disk', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'dagwright-runs-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('have logs and scratch folders told apart for every task, index and attempt', async () => {
    const runs = await shelf(nodeDisk, root)
    const folder = await runs.create(headerFor(['a'], { run: runNamed(1) }), SPEC)
    const tasks = ['a', 'A', 'a.1', 'a[0]', '../x', 'con', 'x'.repeat(200)]
    const paths = tasks.flatMap((task) =>
      [null, 0, 1, 10].flatMap((index) => [1, 2, 11].map((attempt) => folder.logPath(task, index, attempt))),
    )
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length)
    for (const path of paths) await writeFile(path, `1 o ${path}\n`)
    const address = { task: 'a[0]', index: 10, attempt: 11 }
    const chunk = await runs.log(runNamed(1), address, 0, 10_000, true)
    expect(chunk.lines[0]?.text).toBe(folder.logPath('a[0]', 10, 11))
    expect(folder.scratchPath('a', 1, 2)).toBe(join(folder.directory, 'tmp', 'a[1].2'))
    await folder.close()
  })

  it('are ignored by git, and deleted with all they hold', async () => {
    const runs = await shelf(nodeDisk, root)
    const { directory } = await record(runs, finishedRun(runNamed(1)))
    expect(await readFile(join(root, '.dagwright', '.gitignore'), 'utf8')).toMatch(/^\*$/m)
    await runs.delete(runNamed(1))
    await expect(stat(directory)).rejects.toThrow()
    expect(await runs.list({ live: NONE })).toEqual([])
  })

  it('get ids that sort by time', () => {
    const ids = [0, 1000, 61_000].map(async (ms) =>
      (await shelf(nodeDisk, root)).newId(new Date(Date.UTC(2026, 10, 21, 12, 14, 55) + ms)),
    )
    return Promise.all(ids).then((all) => {
      expect(all[0]).toMatch(/^20261121T121455Z-[a-z2-9]{4}$/)
      expect([...all].sort()).toEqual(all)
    })
  })
})
