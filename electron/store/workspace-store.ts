import { basename, join } from 'node:path'
import { parseWorkspaceConfig } from '#shared/model/workspace-config.ts'
import { type Disk, nodeDisk, readWhole } from './disk.ts'
import { documentsOf } from './documents.ts'
import { historyOf } from './history.ts'
import { resolveInWorkspace } from './paths.ts'
import { runsOf } from './runs.ts'
import { stateFolderOf } from './state-folder.ts'
import type { WorkspaceStore } from './store.ts'
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
  return {
    root,
    name: basename(root) || root,
    readOnly: state.readOnly,
    stateFolder: state.path,
    file,
    resolve: (relative) => resolveInWorkspace(disk, root, relative),
    async config() {
      const bytes = await readWhole(disk, join(root, CONFIG_FILE))
      return parseWorkspaceConfig(Buffer.from(bytes ?? []).toString('utf8'))
    },
    pipelineFiles: async () => (await walkWorkspace(disk, root)).pipelineFiles,
    documents: documentsOf(disk, root, state, now),
    runs,
    history: async (pipeline, limit, aliases) => historyOf(await runs.records(pipeline, limit), aliases),
    watch: (onChange) => watchWorkspace(disk, root, onChange),
  }
}
