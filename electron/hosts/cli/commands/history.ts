import { durationText } from '#shared/analysis/duration-text.ts'
import type {
  DurationStatistics,
  HistoryChange,
  SuccessRate,
  TaskHistory,
  TaskSummary,
} from '#shared/analysis/history.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { choosePipelineId, inSeconds, JSON_FLAG, WORKSPACE_FLAG } from '../choose.ts'
import { type Command, DONE, type Terminal } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

const DEFAULT_RUNS = 100

export const historyCommand: Command = {
  name: 'history',
  summary: 'Durations, success rates and changes over the runs of a pipeline',
  positionals: ['[PIPELINE|FILE]'],
  flags: {
    task: { type: 'string', short: 't', value: 'TASK', help: 'One task, run by run' },
    runs: { type: 'string', short: 'n', value: 'N', help: `Look at the last N runs; default: ${DEFAULT_RUNS}` },
    workspace: WORKSPACE_FLAG,
    json: JSON_FLAG,
  },
  details: [
    'Durations come from executed successes only; those of the pipeline from whole runs. Percentiles interpolate between',
    'the closest ranks. Success rates are over the last 20 runs that ended by themselves. A change is a new level of',
    'durations, from 10 successes on; pure noise shows one in at most 1 of 100 tasks.',
  ],
  json: [
    '{ pipeline, runs, makespan, rate, changes, note, tasks: [{ task, runs, duration, work, queued, attempts, … }] }',
    'With --task: { task, runs, duration, work, queued, rate, attempts, rows, bytes, cpu, peakMemory, change, changes, note,',
    'points: [{ run, state, origin, duration, work, queued, attempts, … }] }',
  ],
  examples: ['dagwright history flights.dag.yaml', 'dagwright history flights --task load --json'],
  run: (args, io) =>
    withHost('dagwright history', io, async (client) => {
      const { workspace, pipeline } = await choosePipelineId(client, io, args.positional(0), args.text('workspace'))
      const limit = args.number('runs', 1) ?? DEFAULT_RUNS
      const task = args.text('task')
      const query = { workspace, pipeline, limit }
      if (task !== undefined) await tellTask(client, io, query, task, args.has('json'))
      else await tellPipeline(client, io, query, args.has('json'))
      return DONE
    }),
}

interface HistoryQuery {
  readonly workspace: string
  readonly pipeline: string
  readonly limit: number
}

async function tellPipeline(client: ContractClient, io: Terminal, query: HistoryQuery, json: boolean): Promise<void> {
  const { out } = io
  const { pipeline, tasks } = await client.history.pipeline(query)
  if (json) {
    out.line(JSON.stringify(inSeconds({ ...pipeline, tasks }, TIMES), null, 2))
    return
  }
  if (pipeline.note !== null) out.line(pipeline.note)
  if (pipeline.runs.length === 0) return
  const { makespan } = pipeline
  if (makespan) {
    out.line(
      `makespan  median ${durationText(makespan.median)}, p95 ${durationText(makespan.p95)}, p99 ${durationText(makespan.p99)} of ${makespan.count} whole successes`,
    )
  }
  out.line(`success   ${rateText(pipeline.rate)}`)
  for (const change of pipeline.changes) out.line(changeText(change))
  out.line()
  const head = ['task', 'runs', 'success', 'median', 'p95', 'p99', 'waited', 'attempts', 'memory', 'change']
  const body = tasks.map(taskRow)
  for (const line of table([head.map((cell) => out.paint('dim', cell)), ...body], new Set([1, 2, 3, 4, 5, 6, 7, 8]))) {
    out.line(line)
  }
}

/** Fields that hold microseconds, whatever object they stand in. */
const TIMES = new Set('makespan median p95 p99 least most before after duration work queued cpu'.split(' '))

function taskRow(task: TaskSummary): string[] {
  const of = (statistics: DurationStatistics | null, key: 'median' | 'p95' | 'p99') =>
    statistics === null ? '–' : durationText(statistics[key])
  const { duration, queued, attempts, peakMemory, change } = task
  return [
    plainText(task.task),
    String(task.runs),
    shareText(task.rate),
    of(duration, 'median'),
    of(duration, 'p95'),
    of(duration, 'p99'),
    of(queued, 'median'),
    attempts === null ? '–' : attempts.toFixed(1),
    sizeText(peakMemory),
    change === null ? '' : changeText(change),
  ]
}

async function tellTask(
  client: ContractClient,
  io: Terminal,
  query: HistoryQuery,
  task: string,
  json: boolean,
): Promise<void> {
  const { out } = io
  const history = await client.history.task({ ...query, task })
  if (history.runs === 0) await refuseUnknown(client, query, task)
  if (json) {
    out.line(JSON.stringify(inSeconds(history, TIMES), null, 2))
    return
  }
  if (history.note !== null) out.line(history.note)
  if (history.duration) {
    const { median, p95, p99, count } = history.duration
    out.line(
      `duration  median ${durationText(median)}, p95 ${durationText(p95)}, p99 ${durationText(p99)} of ${count} executed successes`,
    )
  }
  out.line(`success   ${rateText(history.rate)}`)
  for (const change of history.changes) out.line(changeText(change))
  out.line()
  const head = ['run', 'state', 'duration', 'work', 'waited', 'attempts', 'rows', 'bytes', 'memory', 'cpu']
  const body = history.points.map(pointRow)
  const numbers = new Set([2, 3, 4, 5, 6, 7, 8, 9])
  for (const line of table([head.map((cell) => out.paint('dim', cell)), ...body], numbers)) out.line(line)
}

function pointRow(point: TaskHistory['points'][number]): string[] {
  const time = (value: number | null) => (value === null ? '–' : durationText(value))
  const origin = point.origin === null || point.origin === 'executed' ? '' : ` (${point.origin})`
  return [
    point.run,
    `${point.state.replace('_', ' ')}${origin}`,
    time(point.duration),
    time(point.work),
    time(point.queued),
    String(point.attempts),
    point.rows === null ? '–' : String(point.rows),
    sizeText(point.bytes),
    sizeText(point.peakMemory),
    time(point.cpu),
  ]
}

/** A task without history may be a typing error: then the history of the others says so. */
async function refuseUnknown(client: ContractClient, query: HistoryQuery, task: string): Promise<void> {
  const { pipeline, tasks } = await client.history.pipeline(query)
  const known = tasks.map((one) => one.task)
  if (pipeline.runs.length === 0 || known.includes(task)) return
  throw new AppError({
    code: 'NOT_FOUND',
    message: `No run of ${query.pipeline} had a task "${task}".`,
    where: task,
    next: didYouMean(task, known, 'See `dagwright history` for its tasks.'),
  })
}

function rateText(rate: SuccessRate | null): string {
  if (rate === null) return 'no run has ended by itself yet'
  return `${shareText(rate)} of the last ${rate.judged} runs that ended by themselves`
}

function shareText(rate: SuccessRate | null): string {
  return rate === null ? '–' : `${Math.floor((100 * rate.succeeded) / rate.judged)}%`
}

function changeText({ before, after, since }: HistoryChange): string {
  const direction = after > before ? 'slower' : 'faster'
  return `${direction} since ${since.slice(0, 10)}: median ${durationText(before)} → ${durationText(after)}`
}

function sizeText(bytes: number | null): string {
  if (bytes === null) return '–'
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
