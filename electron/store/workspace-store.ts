import { basename } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { Problem } from '#shared/model/problem.ts'
import { parseWorkspaceConfig } from '#shared/model/workspace-config.ts'
import { contentHashes } from './content-hash.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { documentsOf } from './documents.ts'
import { importedRunsOf } from './imported.ts'
import { resolveInWorkspace } from './paths.ts'
import { pinsOf } from './pins.ts'
import { pipelineListing } from './pipeline-listing.ts'
import { resultsOf } from './results.ts'
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
  const hashes = contentHashes(disk, state.path, now)
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
    planFiles: async () => (await walkWorkspace(disk, root)).planFiles,
    documents,
    listing: pipelineListing(disk, root, state.path),
    runs,
    pins: pinsOf(disk, state),
    results: resultsOf(disk, state.path, hashes),
    hashes,
    records: runs.records,
    imported: importedRunsOf(disk, state),
    watch: (onChange) => watchWorkspace(disk, root, onChange),
  }
}

/** What is wrong with the file must not keep anybody from looking at the workspace: then the defaults count. */
async function readConfig(documents: Documents): ReturnType<WorkspaceStore['config']> {
  try {
    return parseWorkspaceConfig((await documents.read(CONFIG_FILE)).text)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { code, message, next } = error.data
    const defaults = parseWorkspaceConfig('')
    if (code === 'NOT_FOUND') return defaults
    const problem: Problem = { code, severity: 'error', message, ...(next === undefined ? {} : { hint: next }) }
    return { ...defaults, problems: [problem] }
  }
}
