import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { OPEN_OUTCOMES } from '#shared/analysis/outcomes.ts'
import { planRush } from '#shared/analysis/planner.ts'
import { readRush } from '#shared/analysis/planner-file.ts'
import type { Rush } from '#shared/analysis/planner-input.ts'
import { typicalDuration } from '#shared/analysis/task-odds.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import type { Problem } from '#shared/model/problem.ts'
import { choosePipeline, JSON_FLAG } from '../choose.ts'
import { type Command, DONE, RUN_FAILED, type Terminal } from '../command.ts'
import { withHost } from '../local-host.ts'
import { SIMULATED_RUNS } from '../next-run.ts'
import { planJson, printPlan } from '../plan-report.ts'
import { loadSimulation } from '../simulation-load.ts'

export const planCommand: Command = {
  name: 'plan',
  summary: 'Whether many pipelines end in time on given workers, and the cheapest workers that do it',
  positionals: ['FILE'],
  flags: { json: JSON_FLAG },
  details: [
    'FILE is a *.plan.yaml:',
    '',
    '  dagwrightPlan: 1',
    '  window: { start: "06:00", length: 60m }     # times below: of day, or since the start (30m)',
    '  deadline: "06:47"                           # default: the end of the window',
    '  workers: [{ at: 0m, workers: 14 }, { at: 25m, workers: 9 }]   # how it is today; may be left out',
    '  most: 14                                    # the most workers at once; default: 64',
    '  interval: 5m                                # how often workers come and go',
    '  utilisation: { low: 0.7, high: 0.8 }        # the band to aim at',
    '  price: { perHour: 0.40, currency: EUR }     # of one worker',
    '  pipelines:',
    '    sales: { release: "06:05", duration: 5m }',
    '    mart:  { needs: [sales], tasks: { load: { duration: 3m }, build: { duration: 2m, needs: [load] } } }',
    '    big:   { file: big.dag.yaml, deadline: "06:40" }   # durations: medians of its runs, else its estimates',
    '',
    'Everything is weighed by the scheduler that runs pipelines, under a virtual clock.',
  ],
  json: [
    '{ name, pipelines, window, start, interval, band, work, inTime, hopeless, bound, proven, given, planned, fixed }',
    'given, planned, fixed: { done, workerTime, steps: [{ at, workers }], pipelines: [{ start, end, deadline, … }], … }',
  ],
  fails: 'not everything is in time',
  examples: ['dagwright plan morning_rush.plan.yaml', 'dagwright plan morning_rush.plan.yaml --json'],
  run: async (args, io) => {
    const path = args.positional(0)!
    const rush = await rushIn(io, path)
    const answer = planRush(rush)
    if (!answer.ok) throw refused(path, answer.problems)
    if (args.has('json')) io.out.line(JSON.stringify(planJson(rush, answer.value), null, 2))
    else printPlan(io, rush, answer.value)
    return answer.value.inTime ? DONE : RUN_FAILED
  },
}

async function rushIn(io: Terminal, path: string): Promise<Rush> {
  const text = await readFile(resolve(io.folder, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const gone = error.code === 'ENOENT'
    throw new AppError({
      code: gone ? 'NOT_FOUND' : 'IO_ERROR',
      message: gone ? `There is no file ${path}.` : `${path} can't be read: ${error.message}`,
      where: path,
      next: 'Name a *.plan.yaml; `dagwright plan --help` shows what stands in one.',
    })
  })
  const { rush, files, problems } = readRush(text)
  if (rush === null) throw refused(path, problems)
  if (files.length === 0) return rush
  return withHost('dagwright plan', io, async (client) => {
    const folder = dirname(resolve(io.folder, path))
    const pipelines = [...rush.pipelines]
    for (const { pipeline, path: file } of files) {
      const tasks = await tasksIn(client, io, resolve(folder, file))
      pipelines[pipeline] = { ...pipelines[pipeline]!, tasks }
    }
    return { ...rush, pipelines }
  })
}

/** The tasks of a pipeline's file, each with what it typically takes; a mapped one counts as one. */
async function tasksIn(
  client: ContractClient,
  io: Terminal,
  file: string,
): Promise<Rush['pipelines'][number]['tasks']> {
  const chosen = await choosePipeline(client, io, file)
  const nothing = { slots: undefined, pools: new Map(), choices: OPEN_OUTCOMES, runs: SIMULATED_RUNS }
  const { source } = await loadSimulation(client, chosen, { ...nothing, failures: 'off' })
  return source.pipeline.tasks.map(({ id, needs }) => ({
    id,
    duration: typicalDuration(source.odds.get(id)!.duration),
    needs: needs.map((need) => need.task),
  }))
}

function refused(path: string, problems: readonly Problem[]): AppError {
  return new AppError({
    code: 'BAD_INPUT',
    message: `${path} can't be planned.`,
    where: path,
    next: 'Correct it; `dagwright plan --help` shows what may stand in it.',
    problems: [...problems],
  })
}
