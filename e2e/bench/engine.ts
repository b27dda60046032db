import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../../electron/engine/engine.ts'
import { nodeDisk } from '../../electron/store/disk.ts'
import { createRunFolder } from '../../electron/store/run-folder.ts'
import type { RunHeader } from '../../shared/journal/event.ts'
import { parseDocument } from '../../shared/model/document.ts'

/**
 * Wall time of no-op shell tasks, 8 at a time: Dagwright's engine with a durable journal and a log for every task, beside
 * make and ninja (which keep neither) where they are installed. Run with Node 24:
 *
 *   node e2e/bench/engine.ts [repeats]
 */
const SLOTS = 8
const repeats = Number(process.argv[2] ?? 3)
const root = join(import.meta.dirname, '../..')

interface Shape {
  readonly name: string
  /** Upstreams of every task, by number. */
  readonly needs: readonly (readonly number[])[]
}

const shapes: readonly Shape[] = [
  { name: 'chain 1000', needs: Array.from({ length: 1000 }, (_, task) => (task === 0 ? [] : [task - 1])) },
  { name: 'fan 1002', needs: fan(1000) },
  { name: 'layered 1000', needs: layered(20, 50) },
  { name: 'layered 5000', needs: layered(50, 100) },
]

function fan(width: number): number[][] {
  const middle = Array.from({ length: width }, () => [0])
  return [[], ...middle, Array.from({ length: width }, (_, task) => task + 1)]
}

/** Every task needs three of the layer before it. */
function layered(layers: number, width: number): number[][] {
  return Array.from({ length: layers * width }, (_, task) => {
    const layer = Math.floor(task / width)
    const place = task % width
    if (layer === 0) return []
    return [0, 7, 13].map((offset) => (layer - 1) * width + ((place + offset) % width))
  })
}

async function runDagwright(shape: Shape): Promise<{ seconds: number; peakMegabytes: number; longestStall: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  const tasks = shape.needs.map(
    (needs, task) => `  t${task}: { kind: shell, run: ':', needs: [${needs.map((up) => `t${up}`)}] }`,
  )
  const text = `dagwright: 1\nid: bench\ntasks:\n${tasks.join('\n')}\n`
  const pipeline = parseDocument(text).pipeline
  if (pipeline === null) throw new Error('The benchmark wrote a pipeline that cannot be read.')
  const header: RunHeader = {
    type: 'run',
    format: 1,
    run: runId(),
    pipeline: 'bench',
    name: 'bench',
    file: 'bench.dag.yaml',
    specHash: '',
    params: {},
    logicalDate: new Date().toISOString(),
    dataInterval: { start: '', end: '' },
    wall: new Date().toISOString(),
    machine: { platform: process.platform, cpus: 2, node: process.version, label: 'benchmark' },
    dagwright: '0',
    slots: SLOTS,
    pools: {},
    basis: {},
    selection: null,
    parent: null,
    trigger: 'test',
  }
  mkdirSync(join(folder, '.dagwright/runs'), { recursive: true })
  const stall = watchLoop()
  const begin = performance.now()
  const storage = await createRunFolder(nodeDisk, join(folder, '.dagwright/runs'), header, text)
  const engine = createEngine({
    spawnerEntry: join(root, 'electron/spawner/main.ts'),
    sqlEntry: join(root, 'electron/sql/main.ts'),
    execPath: process.execPath,
    hostEnvironment: process.env,
    environment: process.env,
    stateFolder: join(folder, '.dagwright'),
  })
  const handle = engine.start({
    header,
    pipeline,
    storage,
    workspaceRoot: folder,
    file: join(folder, 'bench.dag.yaml'),
    config: {
      pools: new Map(),
      slots: null,
      interpreters: { python: null, node: null },
      connections: new Map(),
      retention: { runs: 50, bytes: 1e9 },
      slotPrice: null,
    },
    secret: () => undefined,
    satisfied: new Map(),
    past: [],
    onEvents: () => undefined,
  })
  const ended = await handle.done
  const seconds = (performance.now() - begin) / 1000
  const longestStall = stall()
  const peakMegabytes = process.resourceUsage().maxRSS / 1024
  await engine.dispose()
  rmSync(folder, { recursive: true, force: true })
  if (ended.state !== 'success') throw new Error(`The run ended as ${ended.state}.`)
  return { seconds, peakMegabytes, longestStall }
}

/** Returns a function that tells the longest time, in milliseconds, in which the event loop did not turn. */
function watchLoop(): () => number {
  let last = performance.now()
  let longest = 0
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last - 2)
    last = now
  }, 2)
  return () => {
    clearInterval(timer)
    return longest
  }
}

function runId(): string {
  return `${new Date().toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z-${Math.random().toString(36).slice(2, 8).padEnd(6, '0')}`
}

function runMake(shape: Shape): number | null {
  const rules = shape.needs.map((needs, task) => `t${task}: ${needs.map((up) => `t${up}`).join(' ')}\n\t@exit 0\n`)
  const all = `all: ${shape.needs.map((_, task) => `t${task}`).join(' ')}\n`
  return timed(
    'make',
    ['-s', `-j${SLOTS}`, 'all'],
    'Makefile',
    `.PHONY: all ${shape.needs.map((_, task) => `t${task}`).join(' ')}\n${all}${rules.join('')}`,
  )
}

function runNinja(shape: Shape): number | null {
  const builds = shape.needs.map((needs, task) => `build t${task}: run ${needs.map((up) => `t${up}`).join(' ')}\n`)
  return timed('ninja', ['--quiet', `-j${SLOTS}`], 'build.ninja', `rule run\n  command = exit 0\n${builds.join('')}`)
}

function timed(program: string, args: readonly string[], file: string, text: string): number | null {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) return null
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  writeFileSync(join(folder, file), text)
  const begin = performance.now()
  execFileSync(program, args, { cwd: folder, stdio: 'ignore' })
  const seconds = (performance.now() - begin) / 1000
  rmSync(folder, { recursive: true, force: true })
  return seconds
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

const results = []
for (const shape of shapes) {
  const own = []
  const make = []
  const ninja = []
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    own.push(await runDagwright(shape))
    make.push(runMake(shape))
    ninja.push(runNinja(shape))
  }
  const known = (seconds: readonly (number | null)[]) => {
    const values = seconds.filter((value) => value !== null)
    return values.length === 0 ? null : median(values)
  }
  results.push({
    shape: shape.name,
    dagwright: median(own.map((result) => result.seconds)),
    make: known(make),
    ninja: known(ninja),
    peakMegabytes: Math.max(...own.map((result) => result.peakMegabytes)),
    longestStallMilliseconds: Math.max(...own.map((result) => result.longestStall)),
  })
}

const seconds = (value: number | null) => (value === null ? '–' : value.toFixed(2))
console.table(
  results.map((result) => ({
    shape: result.shape,
    'dagwright s': seconds(result.dagwright),
    'make s': seconds(result.make),
    'ninja s': seconds(result.ninja),
    '× ninja': result.ninja === null ? '–' : (result.dagwright / result.ninja).toFixed(1),
    'engine peak MB': result.peakMegabytes.toFixed(0),
    'longest stall ms': result.longestStallMilliseconds.toFixed(0),
  })),
)
console.log(JSON.stringify({ slots: SLOTS, repeats, results }))
