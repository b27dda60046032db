import type { Outcomes } from '#shared/analysis/outcomes.ts'
import { planSource } from '#shared/analysis/plan-source.ts'
import type { PlanSource } from '#shared/analysis/simulation-source.ts'
import type { OddsOptions } from '#shared/analysis/task-odds.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { RunSummary, WorkspaceInfo } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { type ChosenPipeline, toldAsTyped } from './choose.ts'

export interface LoadOptions extends OddsOptions {
  readonly slots: number | undefined
  readonly pools: ReadonlyMap<string, number>
  readonly choices: Outcomes
  /** How many past runs are looked at. */
  readonly runs: number
}

export interface LoadedSimulation {
  readonly source: PlanSource
  readonly workspace: WorkspaceInfo
  /** Runs that durations and failures come from. */
  readonly runs: readonly RunSummary[]
  /** What a person should know before believing the numbers. */
  readonly notes: readonly string[]
}

/** The pipeline with what its past runs say of durations, failures and outcomes. */
export async function loadSimulation(
  client: ContractClient,
  chosen: ChosenPipeline,
  options: LoadOptions,
): Promise<LoadedSimulation> {
  const { workspace } = chosen
  const pipeline = await pipelineIn(client, chosen)
  const listed = await client.runs.list({ workspace: workspace.root, pipeline: pipeline.id })
  const runs = listed.filter((run) => !run.live && !run.damaged).slice(0, options.runs)
  const past = await Promise.all(
    runs.map(async ({ run, state, partial }) => {
      const { events } = await client.runs.get({ workspace: workspace.root, run })
      return { state, partial, events }
    }),
  )
  const { cpus } = await client.app.info({})
  const { source, notes } = planSource(pipeline, past, {
    ...options,
    slots: options.slots ?? pipeline.concurrency ?? cpus,
    pools: poolSizes(pipeline, workspace, options.pools),
    choices: knownChoices(pipeline, options.choices),
  })
  return { source, workspace, runs, notes }
}

async function pipelineIn(client: ContractClient, chosen: ChosenPipeline): Promise<Pipeline> {
  const { workspace, file, shown } = chosen
  const { text } = await toldAsTyped(chosen, client.documents.read({ workspace: workspace.root, path: file }))
  const document = parseDocument(text, { sharedPools: new Map(Object.entries(workspace.pools)) })
  if (document.pipeline && !hasErrors(document)) return document.pipeline
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: "The pipeline has errors, so it can't be simulated.",
    where: shown,
    next: 'Correct it: see `dagwright validate`.',
    problems: document.problems.filter((problem) => problem.severity === 'error'),
  })
}

function poolSizes(
  pipeline: Pipeline,
  { pools }: WorkspaceInfo,
  given: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const known = new Map([...Object.entries(pools), ...pipeline.pools])
  for (const [name, size] of given) {
    if (!known.has(name)) throw unknown('pool', name, [...known.keys()])
    known.set(name, size)
  }
  return known
}

function knownChoices(pipeline: Pipeline, choices: Outcomes): Outcomes {
  const ids = pipeline.tasks.map((task) => task.id)
  const named = choices.answers.flatMap(({ task, value }) => (Array.isArray(value) ? [task, ...value] : [task]))
  for (const id of [...named, ...choices.counts.keys()]) if (!ids.includes(id)) throw unknown('task', id, ids)
  return choices
}

function unknown(kind: 'pool' | 'task', name: string, known: readonly string[]): AppError {
  return new AppError({
    code: 'BAD_INPUT',
    message: `The pipeline has no ${kind} \`${name}\`.`,
    next: didYouMean(name, known, `It has ${known.length === 0 ? `no ${kind}s` : known.slice(0, 8).join(', ')}.`),
  })
}
