import type { ParsedText } from '#electron/parser/parser.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import { AppError } from '#shared/contract/error.ts'
import { instantOf } from '#shared/expression/instant.ts'
import { resolveParameters } from '#shared/expression/parameters.ts'
import { logicalDateOf } from '#shared/expression/schedule.ts'
import type { RunHeader } from '#shared/journal/event.ts'
import type { Json, Pipeline, WorkspaceConfig } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import type { HostPorts } from './ports.ts'
import type { WorkspaceSession } from './session.ts'

/** What a run needs to know before anything is written or started. */
export interface PreparedPipeline {
  readonly pipeline: Pipeline
  readonly config: WorkspaceConfig
  /** The file as it is on disk now: the run's frozen spec. */
  readonly text: string
  /** SHA-256 of the file's bytes, in hex. */
  readonly version: string
  readonly params: Readonly<Record<string, Json>>
  readonly logicalDate: string
  readonly dataInterval: { readonly start: string; readonly end: string }
}

type StartInput = Parameters<ContractClient['runs']['start']>[0]

/**
 * Throws INVALID_CONFIG, INVALID_PIPELINE or INVALID_PARAMETERS with the problems; BAD_INPUT where the run whose failed
 * tasks are to run again is another pipeline's.
 */
export async function preparePipeline(
  session: WorkspaceSession,
  ports: HostPorts,
  input: StartInput,
): Promise<PreparedPipeline> {
  const { text, version } = await session.store.documents.read(input.path)
  const config = await checkedConfig(session)
  const pipeline = soundPipeline(await session.pipelines.parsed(text, config.pools), input.path)
  const parent =
    input.rerunFailedOf === undefined ? null : (await session.store.runs.frozen(input.rerunFailedOf)).header
  if (parent !== null) refuseOtherPipeline(parent, pipeline, input.path)
  const params = paramsOf(pipeline, input.path, paramsToGive(pipeline, parent?.params ?? {}, input.params))
  const given = input.logicalDate ?? parent?.logicalDate
  if (given !== undefined && instantOf(given) === null) {
    throw new AppError({
      code: 'BAD_INPUT',
      message: `"${given}" is not a date.`,
      next: 'Write the logical date as 2026-11-21 or 2026-11-21T06:00:00Z.',
    })
  }
  return {
    pipeline,
    config,
    text,
    version,
    params,
    ...logicalDateOf(pipeline.schedule, ports.now().toISOString(), given),
  }
}

function paramsOf(pipeline: Pipeline, where: string, given: Readonly<Record<string, Json>>): Record<string, Json> {
  const resolved = resolveParameters(pipeline, given, { fromText: false })
  if (resolved.ok) return resolved.value
  throw new AppError({
    code: 'INVALID_PARAMETERS',
    message: firstMessage(resolved.problems, 'A parameter has a wrong value.'),
    where,
    next: 'Correct the parameters and start again.',
    problems: [...resolved.problems],
  })
}

/** What was not given comes from the earlier run; what only that one knew is left out, also where it was given again. */
function paramsToGive(
  pipeline: Pipeline,
  earlier: Readonly<Record<string, Json>>,
  given: Readonly<Record<string, Json>>,
): Record<string, Json> {
  const all = Object.entries({ ...earlier, ...given })
  return Object.fromEntries(all.filter(([name]) => pipeline.params.has(name) || !Object.hasOwn(earlier, name)))
}

function refuseOtherPipeline(parent: RunHeader, pipeline: Pipeline, path: string): void {
  if (parent.pipeline === pipeline.id || parent.file === path) return
  throw new AppError({
    code: 'BAD_INPUT',
    message: `That run is of the pipeline \`${parent.pipeline}\`, not of \`${pipeline.id}\`.`,
    where: parent.run,
    next: `Choose a run of \`${pipeline.id}\`, or run ${parent.file}.`,
  })
}

export async function checkedConfig(session: WorkspaceSession): Promise<WorkspaceConfig> {
  const { config, problems } = await session.store.config()
  const errors = problems.filter((problem) => problem.severity === 'error')
  if (errors.length === 0) return config
  throw new AppError({
    code: 'INVALID_CONFIG',
    message: `dagwright.yaml of this workspace has ${countOf(errors)}: ${errors[0]!.message}`,
    where: 'dagwright.yaml',
    next: 'Correct it, then start again.',
    problems: [...problems],
  })
}

/** Of an earlier run's text. `where`: the file, for the error. */
export async function checkedPipeline(
  session: WorkspaceSession,
  text: string,
  where: string,
  config: WorkspaceConfig,
): Promise<Pipeline> {
  return soundPipeline(await session.parse(text, config.pools), where)
}

function soundPipeline({ pipeline, problems }: ParsedText, where: string): Pipeline {
  const errors = problems.filter((problem) => problem.severity === 'error')
  if (pipeline && errors.length === 0) return pipeline
  throw new AppError({
    code: 'INVALID_PIPELINE',
    message: `The pipeline has ${countOf(errors)}: ${firstMessage(errors, 'it cannot be read.')}`,
    where,
    next: 'Correct it, then start again.',
    problems: [...problems],
  })
}

function countOf(errors: readonly Problem[]): string {
  return errors.length === 1 ? 'an error' : `${errors.length} errors`
}

function firstMessage(problems: readonly Problem[], otherwise: string): string {
  return problems[0]?.message ?? otherwise
}
