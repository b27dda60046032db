import { basename } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import { failure, type Result, success } from '#shared/model/problem.ts'
import type { WorkspaceConfig } from '#shared/model/pipeline.ts'
import { parseWorkspaceConfig } from '#shared/model/workspace-config.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { documentsOf } from './documents.ts'
import { historyOf } from './history.ts'
import { resolveInWorkspace } from './paths.ts'
import { runsOf } from './runs.ts'
import { stateFolderOf } from './state-folder.ts'
import type { Documents, WorkspaceStore } from './store.ts'
import { userDataFolder } from './user-data.ts'
import { watchWorkspace } from './watcher.ts'
import { CONFIG_FILE, findWorkspace, walkWorkspace } from './workspace.ts'

export interface StoreOptions {
  /** Absolute. Default: the person's own, see user-data.ts. */
  readonly userData?: string
  readonly disk?: Disk
  readonly now?: () => Date
}

/**
 * The files of the workspace that `path` (a folder or a pipeline file, absolute) belongs to. Reads only: nothing is written
 * until something is saved or run. Rejects with NOT_FOUND or PERMISSION_DENIED.
 */
export async function openStore(path: string, options: StoreOptions = {}): Promise<WorkspaceStore> {
  const { userData = userDataFolder(), disk = nodeDisk, now = () => new Date() } = options
  const { root, file } = await findWorkspace(disk, path)
  const state = await stateFolderOf(disk, root, userData)
  const runs = runsOf(disk, state)
  const documents = documentsOf(disk, root, state, now)
  return {
    root,
    name: basename(root) || root,
    readOnly: state.readOnly,
    stateFolder: state.path,
    file,
    resolve: (relative) => resolveInWorkspace(disk, root, relative),
    config: () => readConfig(documents),
    pipelineFiles: async () => (await walkWorkspace(disk, root)).pipelineFiles,
    documents,
    runs,
    history: async (pipeline, limit, aliases) => historyOf(await runs.records(pipeline, limit), aliases),
    watch: (onChange) => watchWorkspace(disk, root, onChange),
  }
}

/** What is wrong with the file must not keep anybody from looking at the workspace: then the defaults count. */
async function readConfig(documents: Documents): ReturnType<WorkspaceStore['config']> {
  const text = await configText(documents)
  const parsed = text.ok ? parseWorkspaceConfig(text.value) : text
  if (parsed.ok) return { config: parsed.value, problems: [] }
  const defaults = parseWorkspaceConfig('')
  if (!defaults.ok) throw new Error('A workspace without settings is a workspace.')
  return { config: defaults.value, problems: parsed.problems }
}

async function configText(documents: Documents): Promise<Result<string>> {
  try {
    return success((await documents.read(CONFIG_FILE)).text)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, next } = error.data
    if (code === 'NOT_FOUND') return success('')
    return failure({ code, severity: 'error', message, ...(next === undefined ? {} : { hint: next }) })
  }
}

function defaultConfig(): WorkspaceConfig {
  const empty = parseWorkspaceConfig('')
  if (!empty.ok) throw new Error('A workspace without dagwright.yaml must be valid.')
  return empty.value
}
