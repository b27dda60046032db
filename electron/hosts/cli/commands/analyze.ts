import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import {
  DEFAULT_BASIS,
  type DurationBasis,
  type DurationHistory,
  expectedDurations,
  parseBasis,
} from '#shared/analysis/basis.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import { analysisInSeconds, type PipelineAnalysis, pipelineAnalysis } from '#shared/analysis/summary.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import type { ImportedRun } from '#shared/formats/format.ts'
import { foldRun } from '#shared/journal/fold.ts'
import { taskDuration } from '#shared/journal/run-view.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { microsOf, secondsOf } from '#shared/model/time.ts'
import { choosePipeline, chooseRun, JSON_FLAG, openWorkspace, toldAsTyped, WORKSPACE_FLAG } from '../choose.ts'
import { type Arguments, type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'
import { plainText, table } from '../terminal.ts'

const BASES = 'estimate|imported|last|median|p95'
/** How many runs the durations look back on. */
const HISTORY_RUNS = 20

export const analyzeCommand: Command = {
  name: 'analyze',
  summary: 'Critical path, float and drag of a pipeline, or of a run',
  positionals: ['FILE|RUN'],
  flags: {
    basis: { type: 'string', value: BASES, help: 'Durations of a file; default: median' },
    workspace: WORKSPACE_FLAG,
    json: JSON_FLAG,
  },
  details: [
    'The plan with unlimited slots. For a file, durations are medians of the last 20 successes, else the estimates;',
    '`median:50` looks at 50. `imported`: what another system recorded, see `dagwright import`.',
    'For a run (an id, the beginning of one, or `last`), durations are those of that run.',
  ],
  run: (args, io) =>
    withHost('dagwright analyze', io, async (client) => {
      const wanted = args.positional(0)!
      const basis = basisOf(args)
      const isPath = await stat(resolve(io.folder, wanted)).then(
        () => true,
        () => wanted.endsWith('.yaml') || wanted.includes('/'),
      )
      const subject = isPath
        ? await planOfFile(client, io, wanted, basis)
        : await planOfRun(client, io, wanted, args.text('workspace'))
      const analysis = pipelineAnalysis(subject.pipeline.tasks, subject.durations)
      if (args.has('json')) io.out.line(JSON.stringify(jsonOf(analysis, subject.imported), null, 2))
      else printAnalysis(io, analysis, subject)
      return DONE
    }),
}

interface Subject {
  readonly pipeline: Pipeline
  readonly durations: ReturnType<typeof expectedDurations>
  /** What another system recorded of the pipeline. */
  readonly imported: ImportedRun | null
}

function basisOf(args: Arguments): DurationBasis {
  const text = args.text('basis')
  const basis = text === undefined ? DEFAULT_BASIS : parseBasis(text)
  if (basis) return basis
  throw new UsageError(`"${text}" is no basis of durations.`, `Choose one of ${BASES.split('|').join(', ')}.`)
}

async function planOfFile(client: ContractClient, io: Terminal, path: string, basis: DurationBasis): Promise<Subject> {
  const chosen = await choosePipeline(client, io, path)
  const { workspace, file, shown } = chosen
  const { text } = await toldAsTyped(chosen, client.documents.read({ workspace: workspace.root, path: file }))
  const pipeline = soundPipeline(text, shown)
  const { tasks, imported } = await client.history.get({
    workspace: workspace.root,
    pipeline: pipeline.id,
    limit: 'runs' in basis ? basis.runs : HISTORY_RUNS,
  })
  const history: DurationHistory = new Map(
    Object.entries(tasks).map(([id, times]) => [id, times.map((time) => time.duration)]),
  )
  const durations = expectedDurations(pipeline.tasks, history, basis, new Map(imported?.tasks))
  return { pipeline, durations, imported }
}

/** Tasks that did not run in it took no time. */
async function planOfRun(
  client: ContractClient,
  io: Terminal,
  wanted: string,
  path: string | undefined,
): Promise<Subject> {
  const workspace = (await openWorkspace(client, io, path)).root
  const { run } = await chooseRun(client, workspace, wanted)
  const { events, spec, header } = await client.runs.get({ workspace, run })
  if (spec === '') {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The copy of the pipeline that run ${run} was started with is missing, so there is no plan.`,
      next: `Analyze the file instead: \`dagwright analyze ${header.file}\`.`,
    })
  }
  const pipeline = soundPipeline(spec, header.file)
  const view = foldRun(events)
  const durations = pipeline.tasks.map((task) => {
    const ran = view?.tasks.get(task.id)
    const value = ran === undefined ? 0 : (taskDuration(ran) ?? 0)
    return [task.id, { value, source: 'history' as const }] as const
  })
  return { pipeline, durations: new Map(durations), imported: null }
}

function soundPipeline(text: string, where: string): Pipeline {
  const document = parseDocument(text)
  if (document.pipeline && !hasErrors(document)) return document.pipeline
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: 'The pipeline has errors, so there is no plan.',
    where,
    next: 'Correct it: see `dagwright validate`.',
    problems: document.problems.filter((problem) => problem.severity === 'error'),
  })
}

/** `imported`: null unless another system's record of the pipeline was imported. */
function jsonOf(analysis: PipelineAnalysis, imported: ImportedRun | null) {
  const { source, recordedAt, makespan } = imported ?? { source: '', recordedAt: null, makespan: null }
  const recorded = { source, recordedAt, makespan: makespan === null ? null : secondsOf(makespan) }
  return { ...analysisInSeconds(analysis), imported: imported === null ? null : recorded }
}

/** Guessed durations are marked as such. */
function printAnalysis(io: Terminal, analysis: PipelineAnalysis, { durations, imported }: Subject): void {
  const { out } = io
  const rows = Object.entries(analysisInSeconds(analysis).tasks).map(([id, task]) => {
    const text = (seconds: number) => durationText(microsOf(seconds))
    const guess = durations.get(id)?.source === 'default' && task.duration > 0 ? '~' : ''
    const cells = [
      plainText(id),
      guess + text(task.duration),
      text(task.earliestStart),
      text(task.totalFloat),
      text(task.drag),
    ]
    return task.critical ? cells.map((cell) => out.paint('bold', cell)) : cells
  })
  const head = ['task', 'duration', 'starts at', 'float', 'drag'].map((cell) => out.paint('dim', cell))
  for (const line of table([head, ...rows], new Set([1, 2, 3, 4]))) out.line(line)
  out.line()
  if (rows.some((cells) => cells[1]?.includes('~'))) {
    out.line('~ a guess: such a task has neither an estimate nor a successful run')
  }
  out.line(`makespan       ${durationText(analysis.makespan)} with unlimited slots`)
  if (imported?.makespan) {
    const at = imported.recordedAt === null ? '' : `, ${plainText(imported.recordedAt)}`
    out.line(`recorded       ${durationText(imported.makespan)} by another system (${imported.source}${at})`)
  }
  out.line(`critical path  ${analysis.criticalPath.map(plainText).join(' → ')}`)
}
