import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensure } from '../../build/bundle.ts'
import { chain, fan, layered, type Needs, pipelineOf } from './shapes.ts'

/**
 * No-op shell tasks, 8 at a time, as whole processes side by side: Dagwright's built command line (its start, a durable
 * journal and a log for every task included) and make and ninja (which keep neither), where they are installed. All run
 * their tasks with `sh`, so that engines are compared and not shells. CPU time is of the process and all it started: on
 * a busy machine it says more than the wall. Run with Node 24:
 *
 *   npm run bench:engine -- [repeats] [part of a shape's name]
 */
const SLOTS = 8
const repeats = Number(process.argv[2] ?? 3)
const wanted = process.argv[3] ?? ''
const root = join(import.meta.dirname, '../..')

interface Shape {
  readonly name: string
  readonly needs: Needs
}

const shapes: readonly Shape[] = [
  { name: 'chain 1000', needs: chain(1000) },
  { name: 'fan 1002', needs: fan(1000) },
  { name: 'layered 1000', needs: layered(20, 50) },
  { name: 'layered 5000', needs: layered(50, 100) },
]

interface Cost {
  readonly seconds: number
  /** Of the process and its descendants; null where there is no /proc. */
  readonly cpuSeconds: number | null
}

/** CPU time of all children that have ended, theirs included; in hundredths of a second, see proc_pid_stat(5). */
function childTicks(): number | null {
  try {
    const fields = readFileSync('/proc/self/stat', 'latin1').split(') ').at(-1)!.split(' ')
    return Number(fields[13]) + Number(fields[14])
  } catch {
    return null
  }
}

function measure(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Cost {
  const before = childTicks()
  const begin = performance.now()
  const { status, stderr } = spawnSync(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] })
  const seconds = (performance.now() - begin) / 1000
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.toString().slice(-500)}`)
  const after = childTicks()
  return { seconds, cpuSeconds: before === null || after === null ? null : (after - before) / 100 }
}

/** Runs in a new folder that holds the file. null: the program is not installed. */
function timed(program: string, args: readonly string[], file: string, text: string): Cost | null {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined) return null
  return inFolder(file, text, (folder) => measure(program, args, folder, process.env))
}

function inFolder<T>(file: string, text: string, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  writeFileSync(join(folder, file), text)
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runDagwright(shape: Shape, nodeOptions = ''): Cost {
  return inFolder('bench.dag.yaml', pipelineOf(shape.needs, SLOTS), (folder) => {
    const env = { ...process.env, DAGWRIGHT_HOME: join(folder, 'home'), NODE_OPTIONS: nodeOptions }
    const cost = measure(process.execPath, [join(root, 'dist/cli.mjs'), 'run', 'bench.dag.yaml'], folder, env)
    const runs = join(folder, '.dagwright/runs/bench')
    const logs = readdirSync(join(runs, readdirSync(runs)[0]!, 'logs')).length
    if (logs !== shape.needs.length) throw new Error(`${logs} logs of ${shape.needs.length} tasks.`)
    return cost
  })
}

interface Inside {
  readonly peakMegabytes: number
  /** The longest time, in milliseconds, in which the event loop did not turn after its first second. */
  readonly longestStall: number
}

/** Looks inside one more run, which is not timed: every process of it reports at its end, the largest is the engine's. */
function lookInside(shape: Shape): Inside {
  const reports = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
  const watch = `
    import { writeFileSync } from 'node:fs'
    const begin = performance.now()
    let last = begin, longest = 0
    setInterval(() => {
      const now = performance.now()
      if (last - begin > 1000) longest = Math.max(longest, now - last - 2)
      last = now
    }, 2).unref()
    process.on('exit', () => writeFileSync(${JSON.stringify(reports)} + '/' + process.pid,
      JSON.stringify({ peakMegabytes: process.resourceUsage().maxRSS / 1024, longestStall: longest })))`
  runDagwright(shape, `--import=data:text/javascript,${encodeURIComponent(watch)}`)
  const all = readdirSync(reports).map((name) => JSON.parse(readFileSync(join(reports, name), 'utf8')) as Inside)
  rmSync(reports, { recursive: true })
  return all.reduce((most, one) => (one.peakMegabytes > most.peakMegabytes ? one : most))
}

function runMake(shape: Shape): Cost | null {
  const names = shape.needs.map((_, task) => `t${task}`).join(' ')
  const rules = shape.needs.map((needs, task) => `t${task}: ${needs.map((up) => `t${up}`).join(' ')}\n\t@:;\n`)
  const text = `.PHONY: all ${names}\nall: ${names}\n${rules.join('')}`
  return timed('make', ['-s', `-j${SLOTS}`, 'all'], 'Makefile', text)
}

function runNinja(shape: Shape): Cost | null {
  const builds = shape.needs.map((needs, task) => `build t${task}: run ${needs.map((up) => `t${up}`).join(' ')}\n`)
  return timed('ninja', ['--quiet', `-j${SLOTS}`], 'build.ninja', `rule run\n  command = :\n${builds.join('')}`)
}

/** The run of median wall time; null where there is none. */
function median(costs: readonly (Cost | null)[]): Cost | null {
  const known = costs.filter((cost) => cost !== null).sort((a, b) => a.seconds - b.seconds)
  return known[Math.floor(known.length / 2)] ?? null
}

await ensure('engine')
const results = []
for (const shape of shapes.filter(({ name }) => name.includes(wanted))) {
  const costs = Array.from({ length: repeats }, () => ({
    dagwright: runDagwright(shape),
    make: runMake(shape),
    ninja: runNinja(shape),
  }))
  results.push({
    shape: shape.name,
    tasks: shape.needs.length,
    dagwright: median(costs.map(({ dagwright }) => dagwright)),
    make: median(costs.map(({ make }) => make)),
    ninja: median(costs.map(({ ninja }) => ninja)),
    ...lookInside(shape),
  })
}

const number = (value: number | null | undefined, digits = 2) => value?.toFixed(digits) ?? '–'
const ratio = (own?: number | null, other?: number | null) => (own && other ? (own / other).toFixed(1) : '–')
console.table(
  results.map(({ shape, tasks, dagwright, make, ninja, peakMegabytes, longestStall }) => ({
    shape,
    'dagwright s': number(dagwright?.seconds),
    'make s': number(make?.seconds),
    'ninja s': number(ninja?.seconds),
    '× ninja': ratio(dagwright?.seconds, ninja?.seconds),
    'CPU ms a task': number(dagwright?.cpuSeconds && (1000 * dagwright.cpuSeconds) / tasks),
    'ninja’s': number(ninja?.cpuSeconds && (1000 * ninja.cpuSeconds) / tasks),
    'peak MB': number(peakMegabytes, 0),
    'longest stall ms': number(longestStall, 0),
  })),
)
console.log(JSON.stringify({ slots: SLOTS, repeats, load: loadavg()[0], results }))
