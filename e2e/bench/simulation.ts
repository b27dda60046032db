import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { makeDraws } from '../../electron/hosts/cli/draws.ts'
import type { DurationDistribution } from '../../shared/analysis/duration-distribution.ts'
import { DEFAULT_DRAWS, type MonteCarloInput } from '../../shared/analysis/monte-carlo.ts'
import { OPEN_OUTCOMES } from '../../shared/analysis/outcomes.ts'
import { planRush } from '../../shared/analysis/planner.ts'
import { readRush } from '../../shared/analysis/planner-file.ts'
import { answerSimulation } from '../../shared/analysis/simulation-answer.ts'
import type { PlanSource } from '../../shared/analysis/simulation-source.ts'
import type { TaskOdds } from '../../shared/analysis/task-odds.ts'
import { parseDocument } from '../../shared/model/document.ts'
import { layered, pipelineOf } from './shapes.ts'

/**
 * Simulation at full size, in milliseconds of the wall and of CPU (all threads): on a busy machine the CPU says more.
 * The draws are made as `dagwright simulate` makes them, on all cores, the start of the threads included.
 *
 *   npm run bench:simulation -- [repeats]
 */
const repeats = Number(process.argv[2] ?? 3)
const SAMPLE = join(import.meta.dirname, '../../shared/samples/morning_rush/rush.plan.yaml')

interface Row {
  readonly what: string
  readonly budget: number | null
  readonly wall: number
  readonly cpu: number
}

/** The fastest of the repeats: what the machine does when it is let. */
async function measure(what: string, budget: number | null, work: () => unknown): Promise<Row> {
  const rows: Row[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const cpu = process.cpuUsage()
    const begin = performance.now()
    await work()
    const wall = performance.now() - begin
    const { user, system } = process.cpuUsage(cpu)
    rows.push({ what, budget, wall, cpu: (user + system) / 1000 })
  }
  return rows.reduce((best, row) => (row.wall < best.wall ? row : best))
}

/** 20 layers of 50 tasks on 8 slots; every task needs three of the layer before it. */
function sourceOf(distribution: (typical: number) => DurationDistribution): PlanSource {
  const { pipeline } = parseDocument(pipelineOf(layered(20, 50), 8))
  if (pipeline === null) throw new Error('The benchmark wrote a pipeline that cannot be read.')
  const odds = pipeline.tasks.map(({ id }, task): [string, TaskOdds] => {
    const duration = distribution((((task * 7919) % 1000) + 1) * 1000)
    return [id, { duration, source: 'history', failureRates: [0.01], failedDuration: duration }]
  })
  const outcomes = OPEN_OUTCOMES
  return { type: 'plan', pipeline, selection: null, slots: 8, pools: new Map(), odds: new Map(odds), outcomes }
}

const past = sourceOf((typical) => ({
  type: 'history',
  values: Array.from({ length: 20 }, (_, run) => Math.round(typical * (0.8 + 0.03 * run))),
}))
const estimated = sourceOf((likely) => ({ type: 'pert', min: likely / 2, likely, max: likely * 3 }))

function draws(source: PlanSource): Promise<unknown> {
  const input: MonteCarloInput = { source, scenario: [], seed: 1, goals: [] }
  return makeDraws(input, DEFAULT_DRAWS, new AbortController().signal, () => undefined)
}

const question = { source: past, scenario: [], fixes: 0, fixDraws: 0, curve: null }
const { rush } = readRush(readFileSync(SAMPLE, 'utf8'))
if (rush === null) throw new Error('The sample of the planner cannot be read.')
const rows = [
  await measure('10,000 draws of 1,000 tasks, from history', 5000, () => draws(past)),
  await measure('10,000 draws of 1,000 tasks, from estimates', 5000, () => draws(estimated)),
  await measure('one simulation of 1,000 tasks, with what it hits', null, () => answerSimulation(question)),
  await measure('single changes of 1,000 tasks ranked', null, () => answerSimulation({ ...question, fixes: 10 })),
  await measure('slots curve of 1,000 tasks, 1 to 64 slots', null, () =>
    answerSimulation({ ...question, curve: { most: 64, interval: 60_000_000 } }),
  ),
  await measure('cheapest workers of the morning rush', null, () => planRush(rush)),
]
console.table(
  rows.map(({ what, budget, wall, cpu }) => ({
    what,
    'wall ms': wall.toFixed(0),
    'CPU ms': cpu.toFixed(0),
    'budget ms': budget ?? '–',
  })),
)
console.log(JSON.stringify({ repeats, cores: availableParallelism(), load: loadavg()[0], rows }))
process.exit()
