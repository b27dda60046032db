import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ensure } from '../../build/bundle.ts'
import { simulate } from '../../shared/analysis/simulation.ts'
import { modelFromDurations } from '../../shared/analysis/simulation-model.ts'
import { readWorkflow } from '../../shared/formats/wfcommons/workflow.ts'
import { parseDocument } from '../../shared/model/document.ts'
import { compilePlan } from '../../shared/scheduler/plan.ts'
import { DIST, ROOT } from '../workspace.ts'
import { firstInFirstOut, listSchedule, remainingPaths } from './list-scheduling.ts'
import { inFolder } from './measure.ts'
import type { Needs } from './shapes.ts'

/**
 * What the order of starts is worth: Dagwright's (the longest remaining path first) against first-in-first-out, on real
 * workflows with their recorded run times. Simulated at full scale for some numbers of slots, also with estimates that
 * are off by up to a factor of two; then replayed on the real engine with sleeping tasks, scaled down: by turns, the
 * quicker run of each order counts, since whatever else the machine does only adds.
 *
 *   npm run bench:priority -- [folder of WfFormat files] [replay seconds; 0 for none] [repeats]
 */
const folder = process.argv[2] ?? join(ROOT, '../shared/data/wfcommons')
const replaySeconds = Number(process.argv[3] ?? 20)
const repeats = Number(process.argv[4] ?? 2)
const SLOTS = [2, 4, 8, 16, 32] as const
const REPLAYED_SLOTS = 8
/** More processes than this would measure the machine, not the order. */
const MOST_REPLAYED = 400

interface Work {
  readonly name: string
  readonly needs: Needs
  /** Microseconds. */
  readonly durations: readonly number[]
}

function works(): Work[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return files.flatMap((file) => {
    const read = readWorkflow(readFileSync(join(folder, file), 'utf8'))
    if (!read.ok) {
      console.error(`${file} is left out: ${read.problems[0]?.message}`)
      return []
    }
    const numbers = new Map(read.value.tasks.map(({ id }, task) => [id, task]))
    const needs = read.value.tasks.map(({ parents }) => parents.flatMap((id) => numbers.get(id) ?? []))
    return [
      { name: file.replace(/\.json$/, ''), needs, durations: read.value.tasks.map(({ runtime }) => runtime ?? 0) },
    ]
  })
}

/** Between half and twice as long, the same every time. */
function guessed(durations: readonly number[]): number[] {
  return durations.map((duration, task) => Math.round(duration * 2 ** (((task * 2654435761) % 2001) / 1000 - 1)))
}

/** The app's scheduler at full scale: it believes `basis`, the tasks take `durations`. */
function simulated({ needs, durations }: Work, slots: number, basis: readonly number[]): number {
  const { pipeline } = parseDocument(pipelineText(needs, slots, () => 'kind: noop'))
  if (pipeline === null) throw new Error('The pipeline of this workflow is not valid.')
  const of = (list: readonly number[]) => (id: string) => list[Number(id.slice(1))] ?? 0
  const plan = compilePlan(pipeline, { slots, pools: new Map(), basis: of(basis) })
  if (!plan.ok) throw new Error(plan.problems[0]?.message)
  return simulate(plan.value, modelFromDurations(plan.value, of(durations))).makespan
}

function pipelineText(needs: Needs, slots: number, fields: (task: number) => string): string {
  const tasks = needs.map((own, task) => `  t${task}: { ${fields(task)}, needs: [${own.map((up) => `t${up}`)}] }`)
  return `dagwright: 1\nid: bench\nconcurrency: ${slots}\ntasks:\n${tasks.join('\n')}\n`
}

function compared(work: Work, slots: number) {
  const fifo = listSchedule(work.needs, work.durations, slots, firstInFirstOut).makespan
  const remaining = remainingPaths(work.needs, work.durations)
  const longestFirst = listSchedule(
    work.needs,
    work.durations,
    slots,
    (a, b) => (remaining[b] ?? 0) - (remaining[a] ?? 0),
  )
  const exact = simulated(work, slots, work.durations)
  const total = work.durations.reduce((sum, duration) => sum + duration, 0)
  return {
    slots,
    bound: Math.max(...remaining, total / slots) / 1e6,
    fifo: fifo / 1e6,
    criticalPathFirst: exact / 1e6,
    withGuesses: simulated(work, slots, guessed(work.durations)) / 1e6,
    /** Two programs that know nothing of each other must agree. */
    agrees: Math.abs(exact - longestFirst.makespan) <= 1e-6 * exact,
  }
}

/** The makespan in seconds of a real run of sleeping tasks; `first`: each task's priority, where the order is given. */
function replayed(work: Work, scale: number, first: readonly number[] | null): number {
  const seconds = (task: number) => ((work.durations[task] ?? 0) / 1e6) * scale
  const text = pipelineText(work.needs, REPLAYED_SLOTS, (task) => {
    const estimate = `estimate: ${Math.max(1, Math.round(seconds(task) * 1000))}ms`
    const priority = first === null ? '' : `, priority: ${first[task]}`
    return `kind: shell, shell: sh, run: 'sleep ${seconds(task).toFixed(4)}', ${estimate}${priority}`
  })
  return inFolder('bench.dag.yaml', text, (place) => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [join(DIST, 'cli.mjs'), 'run', 'bench.dag.yaml', '--json'],
      {
        cwd: place,
        env: { ...process.env, DAGWRIGHT_HOME: join(place, 'home') },
        encoding: 'utf8',
        maxBuffer: 1 << 26,
      },
    )
    if (status !== 0) throw new Error(stderr.slice(-500))
    return (JSON.parse(stdout) as { makespan: number }).makespan
  })
}

function replay(work: Work) {
  const fifo = listSchedule(work.needs, work.durations, REPLAYED_SLOTS, firstInFirstOut)
  const scale = replaySeconds / (fifo.makespan / 1e6)
  const priorities = new Array<number>(work.needs.length).fill(0)
  fifo.order.forEach((task, place) => {
    priorities[task] = work.needs.length - place
  })
  const expected = {
    fifo: fifo.makespan / 1e6,
    criticalPathFirst: simulated(work, REPLAYED_SLOTS, work.durations) / 1e6,
  }
  const runs = Array.from({ length: repeats }, () => ({
    fifo: replayed(work, scale, priorities),
    criticalPathFirst: replayed(work, scale, null),
  }))
  return {
    expectedGain: gain(expected.fifo, expected.criticalPathFirst),
    fifo: Math.min(...runs.map((run) => run.fifo)),
    criticalPathFirst: Math.min(...runs.map((run) => run.criticalPathFirst)),
  }
}

function gain(fifo: number, other: number): number {
  return fifo === 0 ? 0 : (1 - other / fifo) * 100
}

const percent = (value: number) => `${value >= 0 ? '+' : ''}${value.toFixed(1)} %`

const found = works()
if (found.length === 0) {
  console.log(`There are no WfFormat files in ${folder}, so nothing is measured. Name their folder as first argument.`)
} else {
  const simulations = found.map((work) => ({
    workflow: work.name,
    tasks: work.needs.length,
    rows: SLOTS.map((slots) => compared(work, slots)),
  }))
  const table = simulations.flatMap(({ workflow, tasks, rows }) =>
    rows.map((row) => ({
      workflow,
      tasks,
      slots: row.slots,
      'bound s': row.bound.toFixed(1),
      'FIFO s': row.fifo.toFixed(1),
      'critical path first s': row.criticalPathFirst.toFixed(1),
      gain: percent(gain(row.fifo, row.criticalPathFirst)),
      'gain, estimates off 2×': percent(gain(row.fifo, row.withGuesses)),
      agrees: row.agrees,
    })),
  )
  console.table(table)
  const replays: Record<string, ReturnType<typeof replay>> = {}
  if (replaySeconds > 0) {
    await ensure('engine')
    for (const work of found) {
      if (work.needs.length > MOST_REPLAYED || work.needs.length < REPLAYED_SLOTS) continue
      replays[work.name] = replay(work)
    }
    console.table(
      Object.entries(replays).map(([workflow, row]) => ({
        workflow,
        slots: REPLAYED_SLOTS,
        'FIFO s': row.fifo.toFixed(2),
        'critical path first s': row.criticalPathFirst.toFixed(2),
        gain: percent(gain(row.fifo, row.criticalPathFirst)),
        'gain in the simulator': percent(row.expectedGain),
      })),
    )
  }
  console.log(JSON.stringify({ simulations, replays }))
}
