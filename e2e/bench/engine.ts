import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensure } from '../../build/bundle.ts'
import { decodeJournal } from '../../shared/journal/codec.ts'
import { foldRun } from '../../shared/journal/fold.ts'
import { DIST } from '../workspace.ts'
import { type HeldRun, runHeld } from './held.ts'
import { GOAL_MILLISECONDS, type Stalls, watchLoops } from './loops.ts'
import { begin, type Cost, inFolder, measure, median, type Peak, peakOf } from './measure.ts'
import { runDagu, runMake, runNinja } from './peers.ts'
import { chain, fan, layered, type Needs, pipelineOf } from './shapes.ts'
import { placed, runWatched, type WatchedRun } from './watched.ts'

/**
 * No-op shell tasks, 8 at a time, as whole processes side by side: Dagwright's built command line (its start, a durable
 * journal and a log for every task included), make and ninja (which keep neither) where they are installed, and Dagu.
 * All run their tasks with `sh`, so that engines are compared and not shells; the row `bash` shows what the usual shell
 * costs. CPU time is of the process and all it started: on a busy machine it says more than the wall, of which only
 * ratios of one row mean something then; the load is printed before and after. Memory is the sum of the proportional set
 * sizes of Dagwright's own processes, without the tasks. Under four minutes on an idle machine. Run with Node 24:
 *
 *   npm run bench:engine -- [repeats] [part of a row's name]
 */
const SLOTS = 8
const LARGE = 10_000
const repeats = Number(process.argv[2] ?? 3)
const loadBefore = loadavg()
const wanted = process.argv[3] ?? ''
const cli = join(DIST, 'cli.mjs')
/** One for all runs, as a person has one: the command line keeps its compiled code there. */
const home = mkdtempSync(join(tmpdir(), 'dagwright-bench-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))

interface Row {
  readonly name: string
  readonly needs: Needs
  /** Of each task, in YAML's flow style. */
  readonly fields?: string
  /** How many logs must be there afterwards: a silent task has none. */
  readonly logs?: number
  readonly withDagu?: boolean
  /** Takes long: once is enough. */
  readonly once?: boolean
  /** One more run tells how long the loop stood still. */
  readonly withStalls?: boolean
}

const rows: readonly Row[] = [
  { name: 'chain 1000', needs: chain(1000) },
  { name: 'fan 1002', needs: fan(1000) },
  { name: 'layered 1000', needs: layered(20, 50), withDagu: true, withStalls: true },
  { name: 'layered 5000', needs: layered(50, 100), once: true, withStalls: true },
  { name: 'layered 1000, each prints a line', needs: layered(20, 50), fields: 'shell: sh, run: echo done', logs: 1000 },
  { name: 'layered 1000, bash', needs: layered(20, 50), fields: "shell: bash, run: ':'" },
]

function runDagwright(row: Row, options = ''): Cost {
  return inFolder('bench.dag.yaml', pipelineOf(row.needs, SLOTS, row.fields), (folder) => {
    const env = { ...process.env, DAGWRIGHT_HOME: home, NODE_OPTIONS: options }
    const cost = measure(process.execPath, [cli, 'run', 'bench.dag.yaml'], folder, env)
    const logs = readdirSync(join(runIn(folder), 'logs')).length
    if (logs !== (row.logs ?? 0)) throw new Error(`${logs} logs of ${row.needs.length} tasks.`)
    return cost
  })
}

function runIn(folder: string): string {
  const runs = join(folder, '.dagwright/runs/bench')
  return join(runs, readdirSync(runs)[0]!)
}

/** What loads its code takes less than that; nobody waits for an answer meanwhile. */
const LOADING_MILLISECONDS = 250

/** Of one more run, which is not timed. */
function stallsOf(row: Row): Stalls {
  const loops = watchLoops(LOADING_MILLISECONDS)
  runDagwright(row, loops.options)
  const stalls = loops.stalls('cli.mjs')
  loops.discard()
  return stalls
}

interface Large {
  readonly peak: Peak
  /** Milliseconds to decode and fold its journal, the median of some. */
  readonly replay: number
  readonly events: number
}

function runLarge(): Promise<Large> {
  return inFolder('bench.dag.yaml', pipelineOf(layered(100, LARGE / 100), SLOTS), async (folder) => {
    const env = { ...process.env, DAGWRIGHT_HOME: home, NODE_OPTIONS: '' }
    const peak = await peakOf(begin(process.execPath, [cli, 'run', 'bench.dag.yaml'], folder, env))
    const journal = readFileSync(join(runIn(folder), 'journal.ndjson'), 'latin1')
    const replays = Array.from({ length: 5 }, () => {
      const began = performance.now()
      const { events, damaged } = decodeJournal(journal)
      if (damaged !== null || foldRun(events)?.state !== 'success') throw new Error('The journal is not sound.')
      return { milliseconds: performance.now() - began, events: events.length }
    }).sort((a, b) => a.milliseconds - b.milliseconds)
    return { peak, replay: replays[2]!.milliseconds, events: replays[2]!.events }
  })
}

const isWanted = (name: string) => name.includes(wanted)

if (process.env.DAGWRIGHT_DIST === undefined) await ensure('engine')
const results = []
for (const row of rows.filter(({ name }) => isWanted(name))) {
  const alike = row.fields === undefined
  const costs = Array.from({ length: row.once ? 1 : repeats }, () => ({
    dagwright: runDagwright(row),
    make: alike ? runMake(row.needs, SLOTS) : null,
    ninja: runNinja(row.needs, SLOTS),
  }))
  results.push({
    row: row.name,
    tasks: row.needs.length,
    dagwright: median(costs.map(({ dagwright }) => dagwright)),
    make: median(costs.map(({ make }) => make)),
    ninja: median(costs.map(({ ninja }) => ninja)),
    // Once: it takes long.
    dagu: row.withDagu ? runDagu(row.needs, SLOTS) : null,
    stalls: row.withStalls ? stallsOf(row) : null,
  })
}

const number = (value: number | null | undefined, digits = 2) => value?.toFixed(digits) ?? '–'
const signed = (value: number) => `${value < 0 ? '' : '+'}${number(value, 0)}`
const ratio = (own?: number | null, other?: number | null) => (own && other ? (own / other).toFixed(1) : '–')
if (results.length > 0)
  console.table(
    results.map(({ row, tasks, dagwright, make, ninja, dagu, stalls }) => ({
      row,
      'dagwright s': number(dagwright?.seconds),
      'make s': number(make?.seconds),
      'ninja s': number(ninja?.seconds),
      '× ninja': ratio(dagwright?.seconds, ninja?.seconds),
      'Dagu s': `${dagu?.unfinished ? '> ' : ''}${number(dagu?.seconds, 1)}`,
      'Dagu ÷ ours': `${dagu?.unfinished ? '> ' : ''}${ratio(dagu?.seconds, dagwright?.seconds)}`,
      'CPU ms a task': number(dagwright?.cpuSeconds && (1000 * dagwright.cpuSeconds) / tasks),
      'ninja’s': number(ninja?.cpuSeconds && (1000 * ninja.cpuSeconds) / tasks),
      'longest stall ms': number(stalls?.wall, 0),
      'of CPU': number(stalls?.cpu, 0),
    })),
  )
const held = isWanted('layered 1000, 1 GB held')
  ? runHeld(cli, pipelineOf(layered(20, 50), SLOTS), { ...process.env, DAGWRIGHT_HOME: home }, repeats)
  : null
if (held !== null) {
  const middle = (all: readonly number[]) => all.toSorted((a, b) => a - b)[repeats >> 1]!
  const compared = (value: (run: HeldRun) => number) => {
    const [alone, holding] = [middle(held.alone.map(value)), middle(held.holding.map(value))]
    return `${number(alone)} s, with 1 GB ${number(holding)} s (${signed(100 * (holding / alone - 1))} %)`
  }
  console.log(
    `layered 1000 while the app's process holds 1 GB: alone ${compared((run) => run.seconds)}; its own CPU ` +
      `${compared((run) => run.cpuSeconds)}; medians of ${repeats} by turns, without allocating and freeing it`,
  )
}
const large = isWanted('large') ? await runLarge() : null
if (large !== null) {
  const { peak, replay, events } = large
  console.log(
    `${LARGE} tasks: peak ${number(peak.megabytes, 0)} MB (PSS) in ${peak.processes} processes of Dagwright's own`,
  )
  console.log(`${LARGE} tasks: the journal of ${events} events decodes and folds in ${number(replay, 0)} ms`)
}
if (isWanted('watched') && process.env.DAGWRIGHT_DIST === undefined) await ensure('renderer')
const watched = isWanted('watched')
  ? await runWatched(placed(pipelineOf(layered(50, 100), SLOTS), 5000, 100), repeats)
  : null
if (watched !== null) {
  const middle = (runs: readonly WatchedRun[], value: (run: WatchedRun) => number | null) => {
    const known = runs.map(value).filter((one) => one !== null)
    return known.sort((a, b) => a - b)[Math.floor(known.length / 2)]
  }
  console.table(
    (['unwatched', 'watched', 'again'] as const).map((name) => ({
      'layered 5000 on the web host': name,
      'makespan s': number(middle(watched[name], (run) => run.makespan)),
      'all of them': watched[name].map((run) => number(run.makespan)).join(' '),
      'host’s CPU s': number(middle(watched[name], (run) => run.hostCpu)),
      'browser’s CPU s': number(middle(watched[name], (run) => run.browserCpu)),
      'steps seen': middle(watched[name], (run) => run.steps),
      'end shown after ms': number(
        middle(watched[name], (run) => run.endShownAfter),
        0,
      ),
    })),
  )
  for (const [name, runs] of [
    ['by a page just opened', watched.watched],
    ['once more in that page', watched.again],
  ] as const) {
    const times = (side: readonly WatchedRun[]) => middle(side, (run) => run.makespan)!
    const pairs = runs.map(({ makespan }, at) => makespan / watched.unwatched[at]!.makespan).sort((a, b) => a - b)
    console.log(
      `Watched ${name} it takes ${signed(100 * (times(runs) / times(watched.unwatched) - 1))} % (medians of ${repeats} ` +
        `by turns; the median of the pairs ${signed(100 * (pairs[Math.floor(pairs.length / 2)]! - 1))} %)`,
    )
  }
  const { stalls, idleStalls } = watched
  console.log(
    `The host's loop: a turn computes ${number(stalls.cpu, 0)} ms at most (garbage collection included, ${stalls.longByCpu} ` +
      `turns over ${GOAL_MILLISECONDS} ms) and takes ${number(stalls.wall, 0)} ms at most by the clock (${stalls.longByWall} ` +
      `over ${GOAL_MILLISECONDS} ms in ${number(stalls.seconds, 0)} s). A process beside it that has nothing to do waits ` +
      `${number(idleStalls.wall, 0)} ms at most (${idleStalls.longByWall} times over ${GOAL_MILLISECONDS} ms)`,
  )
}
console.log(`Load of the machine: ${[loadBefore, loadavg()].map(([minute]) => minute!.toFixed(1)).join(', then ')}`)
console.log(JSON.stringify({ slots: SLOTS, repeats, load: [loadBefore, loadavg()], results, held, large, watched }))
