import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DEFAULT_BASIS, type DurationBasis, expectedDurations, parseBasis } from '#shared/analysis/basis.ts'
import { readDurations } from '#shared/analysis/past-durations.ts'
import { realizedPath } from '#shared/analysis/realized-path.ts'
import { handlersOf, pipelineAnalysis } from '#shared/analysis/summary.ts'
import { waitsOf } from '#shared/analysis/waits.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { foldRun } from '#shared/journal/fold.ts'
import { taskDuration } from '#shared/journal/run-view.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type Analyzed, analysisJson, printAnalysis } from '../analysis-report.ts'
import { choosePipeline, chooseRun, JSON_FLAG, openWorkspace, toldAsTyped, WORKSPACE_FLAG } from '../choose.ts'
import { type Arguments, type Command, DONE, type Terminal, UsageError } from '../command.ts'
import { withHost } from '../local-host.ts'

const BASES = 'estimate|imported|last|median|p95'
/** How many runs the durations look back on. */
const HISTORY_RUNS = 20

export const analyzeCommand: Command = {
  name: 'analyze',
  summary: 'Critical path, float and drag of a pipeline, or of a run',
  positionals: ['FILE|RUN'],
  flags: {
    basis: { type: 'string', value: BASES, help: 'Durations of the plan; default: median, of a run its own' },
    workspace: WORKSPACE_FLAG,
    json: JSON_FLAG,
  },
  details: [
    'The plan with unlimited slots. For a file, durations are medians of the last 20 successes, else the estimates;',
    '`median:50` looks at 50. `imported`: what another system recorded, see `dagwright import`.',
    'For a run (an id, the beginning of one, or `last`), durations are those of that run; then comes what led to its end,',
    'link by link with its cause: the parts add up to the makespan exactly. What tasks waited for stands beside it.',
  ],
  json: [
    '{ makespan, criticalPath: [ID], nearCritical: [ID], tasks: { ID: { duration, earliestStart, latestStart, totalFloat,',
    'freeFloat, drag, critical } }, imported?, realized?: { path: { makespan, segments, links }, waits } }',
  ],
  examples: ['dagwright analyze flights.dag.yaml', 'dagwright analyze last --json'],
  run: (args, io) =>
    withHost('dagwright analyze', io, async (client) => {
      const wanted = args.positional(0)!
      const basis = basisOf(args)
      const isPath = await stat(resolve(io.folder, wanted)).then(
        () => true,
        () => wanted.endsWith('.yaml') || wanted.includes('/'),
      )
      const subject = isPath
        ? await planOfFile(client, io, wanted, basis ?? DEFAULT_BASIS)
        : await planOfRun(client, io, wanted, args.text('workspace'), basis)
      const analysis = pipelineAnalysis(subject.pipeline.tasks, subject.durations, handlersOf(subject.pipeline))
      if (args.has('json')) io.out.line(JSON.stringify(analysisJson({ ...subject, analysis }), null, 2))
      else printAnalysis(io, { ...subject, analysis })
      return DONE
    }),
}

interface Subject extends Omit<Analyzed, 'analysis'> {
  readonly pipeline: Pipeline
}

function basisOf(args: Arguments): DurationBasis | null {
  const text = args.text('basis')
  if (text === undefined) return null
  const basis = parseBasis(text)
  if (basis) return basis
  throw new UsageError(`"${text}" is no basis of durations.`, `Choose one of ${BASES.split('|').join(', ')}.`)
}

async function planOfFile(client: ContractClient, io: Terminal, path: string, basis: DurationBasis): Promise<Subject> {
  const chosen = await choosePipeline(client, io, path)
  const { workspace, file, shown } = chosen
  const { text } = await toldAsTyped(chosen, client.documents.read({ workspace: workspace.root, path: file }))
  const pipeline = soundPipeline(text, shown)
  return { pipeline, ...(await expected(client, workspace.root, pipeline, basis)), realized: null }
}

async function expected(
  client: ContractClient,
  workspace: string,
  pipeline: Pipeline,
  basis: DurationBasis,
): Promise<Pick<Subject, 'durations' | 'imported'>> {
  const limit = 'runs' in basis ? basis.runs : HISTORY_RUNS
  const { durations, imported } = await client.history.get({ workspace, pipeline: pipeline.id, limit })
  const history = readDurations(durations)
  return { durations: expectedDurations(pipeline.tasks, history, basis, new Map(imported?.tasks)), imported }
}

/** By the durations of the run itself (tasks that did not run in it took no time), unless a basis is given. */
async function planOfRun(
  client: ContractClient,
  io: Terminal,
  wanted: string,
  path: string | undefined,
  basis: DurationBasis | null,
): Promise<Subject> {
  const workspace = (await openWorkspace(client, io, path)).root
  const { run } = await chooseRun(client, workspace, wanted)
  const { events } = await client.runs.get({ workspace, run })
  const { header, spec } = await client.runs.frozen({ workspace, run })
  if (spec === '') {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `The copy of the pipeline that run ${run} was started with is missing, so there is no plan.`,
      next: `Analyze the file instead: \`dagwright analyze ${header.file}\`.`,
    })
  }
  const pipeline = soundPipeline(spec, header.file)
  const view = foldRun(events)
  const realized = view && { path: realizedPath(view, events), waits: waitsOf(view) }
  if (basis !== null) return { pipeline, ...(await expected(client, workspace, pipeline, basis)), realized }
  const durations = pipeline.tasks.map((task) => {
    const ran = view?.tasks.get(task.id)
    const value = ran === undefined ? 0 : (taskDuration(ran) ?? 0)
    return [task.id, { value, source: 'history' as const }] as const
  })
  return { pipeline, durations: new Map(durations), imported: null, realized }
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
