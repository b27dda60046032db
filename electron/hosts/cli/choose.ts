import type { ContractClient } from '#shared/contract/client.ts'
import type { RunSummary, WorkspaceInfo } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
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
}

/** A pipeline file, or a folder that has just one. */
export async function choosePipeline(client: ContractClient, io: Terminal, path: string): Promise<ChosenPipeline> {
  const { workspace, file } = await openPath(client, io.folder, path)
  if (file !== null) return { workspace, file }
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
  return { workspace, file: first.path }
}

/** A run by its id, the beginning of it, or `last`. Throws RUN_NOT_FOUND. */
export async function chooseRun(client: ContractClient, workspace: string, wanted: string): Promise<RunSummary> {
  const runs = await client.runs.list({ workspace })
  const matching = wanted === 'last' ? runs.slice(0, 1) : runs.filter((run) => run.run.startsWith(wanted))
  const exact = matching.find((run) => run.run === wanted)
  if (exact) return exact
  const [only, ...others] = matching
  if (only && others.length === 0) return only
  if (only)
    throw new UsageError(`"${wanted}" fits ${matching.length} runs.`, 'Give more of its id: see `dagwright runs`.')
  throw new AppError({
    code: 'RUN_NOT_FOUND',
    message: wanted === 'last' ? 'This workspace has no runs yet.' : `There is no run "${wanted}" in this workspace.`,
    where: workspace,
    next: 'See `dagwright runs`.',
  })
}
