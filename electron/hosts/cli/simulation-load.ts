import { attemptHistory } from '#shared/analysis/attempt-history.ts'
import { OPEN_OUTCOMES, type Outcomes, outcomesOf, withChoices } from '#shared/analysis/outcomes.ts'
import type { PlanSource } from '#shared/analysis/simulation-source.ts'
import { type OddsOptions, taskOdds } from '#shared/analysis/task-odds.ts'
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
  const journals = await Promise.all(
    runs.map(async ({ run }) => (await client.runs.get({ workspace: workspace.root, run })).events),
  )
  const whole = runs.findIndex((run) => !run.partial && (run.state === 'success' || run.state === 'partial'))
  const past = whole < 0 ? OPEN_OUTCOMES : outcomesOf(journals[whole]!)
  const { cpus } = await client.app.info({})
  const odds = taskOdds(pipeline.tasks, attemptHistory(pipeline.tasks, journals), options)
  const source: PlanSource = {
    type: 'plan',
    pipeline,
    selection: null,
    slots: options.slots ?? pipeline.concurrency ?? cpus,
    pools: poolSizes(pipeline, workspace, options.pools),
    odds,
    outcomes: withChoices(past, knownChoices(pipeline, options.choices)),
  }
  return { source, workspace, runs, notes: notesOf(source, runs, options) }
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

function notesOf({ pipeline, odds }: PlanSource, runs: readonly RunSummary[], options: LoadOptions): string[] {
  const notes: string[] = []
  if (options.durations === 'estimate') notes.push('Durations are the estimates in the file; past runs are not asked.')
  else if (runs.length === 0)
    notes.push('This pipeline has no finished run yet: durations are the estimates in the file.')
  else if (runs.every((run) => run.state !== 'success' && run.state !== 'partial')) {
    const counted = runs.length === 1 ? 'The one run' : `None of the ${runs.length} runs`
    notes.push(
      `${counted} that was looked at ${runs.length === 1 ? 'did not succeed' : 'succeeded'}: ` +
        'only the tasks that did are measured, conditions are taken to hold.',
    )
  }
  const tasksWhere = (matches: (id: string) => boolean) => named(pipeline.tasks.map((task) => task.id).filter(matches))
  const guessed = tasksWhere((id) => {
    const own = odds.get(id)
    return own?.source === 'default' && own.duration.type === 'fixed' && own.duration.value > 0
  })
  if (guessed !== null) notes.push(`~ Assumed to take 1 s, for want of a successful run or an estimate: ${guessed}.`)
  const hopeless = tasksWhere((id) => odds.get(id)?.failureRate === 1)
  if (hopeless !== null) notes.push(`Failed in every attempt so far, and so in every draw: ${hopeless}.`)
  return notes
}

/** "`a`, `b` and 3 more"; null where there are none. */
function named(ids: readonly string[]): string | null {
  if (ids.length === 0) return null
  const shown = ids.slice(0, 4).map((id) => `\`${id}\``)
  return ids.length <= 4 ? shown.join(', ') : `${shown.join(', ')} and ${ids.length - 4} more`
}
