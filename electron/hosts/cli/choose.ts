import { isAbsolute, join, relative } from 'node:path'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { RunSummary, WorkspaceInfo } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { didYouMean } from '#shared/model/suggestion.ts'
import { secondsOf } from '#shared/model/time.ts'
import { type Flag, type Terminal, UsageError } from './command.ts'
import { openPath } from './local-host.ts'

export const WORKSPACE_FLAG: Flag = {
  type: 'string',
  short: 'w',
  value: 'PATH',
  help: 'The workspace (or anything in it); default: the current folder',
}
export const JSON_FLAG: Flag = { type: 'boolean', help: 'Print JSON: times in seconds, instants in UTC' }

/** The workspace of a command that names a run. */
export async function openWorkspace(
  client: ContractClient,
  io: Terminal,
  path: string | undefined,
): Promise<WorkspaceInfo> {
  return (await openPath(client, io.folder, path ?? '.')).workspace
}

export interface ChosenPipeline {
  readonly workspace: WorkspaceInfo
  /** Relative to the workspace. */
  readonly file: string
  /** As a person here would type it. */
  readonly shown: string
}

/** A file of a workspace as a person in `folder` would type it. */
export function shownPath(folder: string, workspace: string, file: string): string {
  const path = join(workspace, file)
  const near = relative(folder, path)
  return near.startsWith('..') || isAbsolute(near) ? path : near
}

/** Rejects like the call; what it says of the pipeline's file is put as a person here would type it. */
export async function toldAsTyped<T>({ file, shown }: ChosenPipeline, call: Promise<T>): Promise<T> {
  return call.catch((error: unknown) => {
    const data = appErrorOf(error)
    throw data?.where === file ? new AppError({ ...data, where: shown }) : error
  })
}

/** A pipeline file, or a folder that has just one. */
export async function choosePipeline(client: ContractClient, io: Terminal, path: string): Promise<ChosenPipeline> {
  const { workspace, file } = await openPath(client, io.folder, path)
  const chosen = (chosenFile: string): ChosenPipeline => {
    return { workspace, file: chosenFile, shown: shownPath(io.folder, workspace.root, chosenFile) }
  }
  if (file !== null) return chosen(file)
  const [first, ...others] = workspace.pipelines
  if (!first) {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `There is no pipeline in ${path}.`,
      next: 'Name a file that ends in .dag.yaml.',
    })
  }
  if (others.length > 0) {
    const names = workspace.pipelines.map((pipeline) => pipeline.path).join(', ')
    throw new UsageError(`${path} has several pipelines.`, `Name one of them: ${names}.`)
  }
  return chosen(first.path)
}

/** A pipeline by its file, or by its id: that of a deleted file still has a history. Default: the only one there is. */
export async function choosePipelineId(
  client: ContractClient,
  io: Terminal,
  wanted: string | undefined,
  path: string | undefined,
): Promise<{ readonly workspace: string; readonly pipeline: string }> {
  if (wanted !== undefined && !isPath(wanted)) {
    const { root, pipelines } = await openWorkspace(client, io, path)
    const ran = await client.runs.list({ workspace: root, pipeline: wanted, limit: 1 })
    if (ran.length > 0 || pipelines.some((pipeline) => pipeline.id === wanted))
      return { workspace: root, pipeline: wanted }
    const known = pipelines.flatMap((pipeline) => pipeline.id ?? [])
    throw new AppError({
      code: 'NOT_FOUND',
      message: `There is no pipeline "${wanted}" in this workspace, and no run of one.`,
      where: root,
      next: didYouMean(wanted, known, 'Give its id, or the path of its file.'),
    })
  }
  const { workspace, file, shown } = await choosePipeline(client, io, wanted ?? path ?? '.')
  const pipeline = workspace.pipelines.find((one) => one.path === file)?.id
  if (typeof pipeline === 'string') return { workspace: workspace.root, pipeline }
  const next = 'Correct it: see `dagwright validate`. Or give the id of the pipeline.'
  throw new AppError({ code: 'INVALID_PIPELINE', message: 'The file has no readable id.', where: shown, next })
}

function isPath(text: string): boolean {
  return text.includes('/') || text.includes('\\') || text.endsWith('.yaml') || text === '.' || text === '..'
}

/** Any data with the numbers of these fields in seconds instead of microseconds. */
export function inSeconds(value: unknown, times: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => inSeconds(one, times))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, one]) => {
    return [key, typeof one === 'number' && times.has(key) ? secondsOf(one) : inSeconds(one, times)]
  })
  return Object.fromEntries(entries)
}

/** A run by its id, the beginning of it, or `last`: of those of `file`, where it is given. Throws RUN_NOT_FOUND. */
export async function chooseRun(
  client: ContractClient,
  workspace: string,
  wanted: string,
  file?: ChosenPipeline,
): Promise<RunSummary> {
  const runs = await client.runs.list({ workspace })
  const matching =
    wanted === 'last'
      ? runs.filter((run) => !file || isOf(file, run)).slice(0, 1)
      : runs.filter((run) => run.run.startsWith(wanted))
  const exact = matching.find((run) => run.run === wanted)
  if (exact) return exact
  const [only, ...others] = matching
  if (only && others.length === 0) return only
  if (only)
    throw new UsageError(`"${wanted}" fits ${matching.length} runs.`, 'Give more of its id: see `dagwright runs`.')
  // A run whose journal cannot be read, or that made room for others, is not listed, but can say so itself.
  if (wanted !== 'last') await client.runs.get({ workspace, run: wanted }).catch(unlessUnknown)
  throw new AppError({
    code: 'RUN_NOT_FOUND',
    message:
      wanted === 'last'
        ? `${file?.shown ?? 'This workspace'} has no runs yet.`
        : `There is no run "${wanted}" in this workspace.`,
    where: workspace,
    next: 'See `dagwright runs`.',
  })
}

function isOf({ file, workspace }: ChosenPipeline, run: RunSummary): boolean {
  return run.file === file || run.pipeline === workspace.pipelines.find(({ path }) => path === file)?.id
}

function unlessUnknown(error: unknown): void {
  const told = appErrorOf(error)
  if (told?.code !== 'RUN_NOT_FOUND' || told.details?.removed === true) throw error
}
