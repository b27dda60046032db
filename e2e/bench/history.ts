import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { TERMINAL } from '../../electron/api/caller.ts'
import { connectInProcess } from '../../electron/hosts/in-process.ts'
import { placesOf } from '../../electron/hosts/places.ts'
import { createHost } from '../../electron/hosts/serve.ts'
import { encode } from '../../shared/journal/codec.ts'
import type { JournalBody, JournalEvent, RunHeader } from '../../shared/journal/event.ts'

/**
 * History at scale, through the contract as a screen asks for it: milliseconds, and the longest the process did not answer
 * meanwhile (which should stay under 20 ms).
 *
 *   npm run bench:history -- [runs] [tasks]
 */
const runs = Number(process.argv[2] ?? 500)
const tasks = Number(process.argv[3] ?? 1000)

const folder = await mkdtemp(join(tmpdir(), 'dagwright-bench-history-'))
const workspace = join(folder, 'workspace')

function headerOf(run: string, started: number): RunHeader {
  const wall = new Date(started).toISOString()
  return {
    type: 'run',
    format: 1,
    run,
    pipeline: 'bench',
    name: 'bench',
    file: 'bench.dag.yaml',
    specHash: '',
    params: {},
    logicalDate: wall,
    dataInterval: { start: wall, end: wall },
    wall,
    machine: { platform: process.platform, cpus: 2, node: process.version, label: 'benchmark' },
    dagwright: '0',
    slots: 8,
    pools: {},
    basis: Object.fromEntries(Array.from({ length: tasks }, (_, task) => [`t${task}`, 1000])),
    selection: null,
    parent: null,
    trigger: 'test',
  }
}

/** Durations that look random, twice as long for every tenth task from the middle of the runs on. */
function durationOf(run: number, task: number): number {
  const level = task % 10 === 0 && run > runs / 2 ? 2000 : 1000
  return level + ((run * 7919 + task * 104_729) % 300)
}

async function writeRun(number: number): Promise<void> {
  const started = Date.UTC(2026, 0, 1) + number * 3_600_000
  const stamp = new Date(started).toISOString().replace(/[-:]|\.\d+/g, '')
  const run = `${stamp}-aaaa`
  const directory = join(workspace, '.dagwright', 'runs', 'bench', run)
  await mkdir(directory, { recursive: true })
  const file = createWriteStream(join(directory, 'journal.ndjson'))
  let n = 0
  let t = 0
  const write = (body: JournalBody) => file.write(encode({ n: n++, t, ...body } as JournalEvent))
  write(headerOf(run, started))
  for (let task = 0; task < tasks; task++) {
    const one = { task: `t${task}`, index: null }
    write({ type: 'starting', ...one, attempt: 1, readyAt: t, cause: { type: 'begin' } })
    write({ type: 'started', ...one, attempt: 1, pid: 1000 + task })
    t += durationOf(number, task)
    const usage = { exitCode: 0, signal: null, peakMemory: 4_000_000, cpu: 1000 }
    write({ type: 'finished', ...one, attempt: 1, outcome: 'success', ...usage, outputs: { rows: task }, reason: null })
    write({ type: 'settled', ...one, state: 'success', origin: 'executed', reason: null })
  }
  write({ type: 'ended', state: 'success', reason: null })
  file.end()
  await once(file, 'close')
}

const host = createHost({
  kind: 'test',
  label: 'benchmark',
  userData: join(folder, 'home'),
  samplesFolder: folder,
  initial: null,
  entries: placesOf(join(import.meta.dirname, '../../electron/hosts/cli/main.ts')),
})

async function measured(what: string, work: () => Promise<unknown>) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const begin = performance.now()
  await work()
  const milliseconds = performance.now() - begin
  delay.disable()
  return { what, ms: Math.round(milliseconds), 'longest block ms': Math.round(delay.max / 1e6) }
}

try {
  await mkdir(workspace, { recursive: true })
  await writeFile(join(workspace, 'dagwright.yaml'), '')
  await writeFile(join(workspace, 'bench.dag.yaml'), 'dagwright: 1\nid: bench\ntasks:\n  t0: { kind: noop }\n')
  for (let number = 0; number < runs; number++) await writeRun(number)
  const client = connectInProcess(host.router, TERMINAL)
  await client.workspace.open({ path: workspace })
  const of = { workspace, pipeline: 'bench', limit: runs }
  const query = (sql: string) => client.history.query({ workspace, sql, limit: 100, runs })
  const results = [
    await measured('pipeline, journals never read', () => client.history.pipeline(of)),
    await measured('pipeline again', () => client.history.pipeline(of)),
    await measured('pipeline, last 100 runs', () => client.history.pipeline({ ...of, limit: 100 })),
    await measured('one task', () => client.history.task({ ...of, task: 't10' })),
    await measured('basis of durations, 20 runs', () => client.history.get({ ...of, limit: 20 })),
    await measured('query over tasks', () => query('select task, median(work) from tasks group by 1 order by 2 desc')),
    await measured('query over attempts', () => query('select state, count(*) from attempts group by 1')),
  ]
  console.table(results)
  console.log(JSON.stringify({ runs, tasks, results }))
} finally {
  await host.dispose()
  await rm(folder, { recursive: true, force: true })
}
process.exit()
