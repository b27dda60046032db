import { opendir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import type { FolderListing } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { examineMachine } from './doctor.ts'
import type { Implementer } from './implementer.ts'
import type { HostPorts } from './ports.ts'
import type { Sessions } from './sessions.ts'

export function appProcedures(api: Implementer, sessions: Sessions, ports: HostPorts) {
  const { app } = api
  return {
    info: app.info.handler(() => ports.info),
    browse: app.browse.handler(({ input }) => browse(input.path ?? homedir())),
    settings: app.settings.handler(() => ports.settings.get()),
    changeSettings: app.changeSettings.handler(({ input }) => ports.settings.change(input)),
    doctor: app.doctor.handler(async ({ input }) =>
      examineMachine(input.workspace === null ? null : (await sessions.get(input.workspace)).store),
    ),
  }
}

/** A folder with more than this is not for choosing by eye. */
const MOST_ENTRIES = 5000
const KIND_ORDER = ['workspace', 'folder', 'pipeline', 'plan'] as const

async function browse(path: string): Promise<FolderListing> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw new AppError({ code: 'BAD_INPUT', message: `"${path}" is not a whole path.`, next: 'Choose a folder.' })
  }
  const folder = await realpath(path)
  const entries: FolderListing['entries'] = []
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.')) continue
    const full = join(folder, entry.name)
    if (entry.name.endsWith('.dag.yaml')) entries.push({ name: entry.name, path: full, kind: 'pipeline' })
    else if (entry.name.endsWith('.plan.yaml')) entries.push({ name: entry.name, path: full, kind: 'plan' })
    else if (await isFolder(full)) {
      entries.push({ name: entry.name, path: full, kind: (await isWorkspace(full)) ? 'workspace' : 'folder' })
    }
    if (entries.length >= MOST_ENTRIES) break
  }
  entries.sort(
    (one, other) =>
      KIND_ORDER.indexOf(one.kind) - KIND_ORDER.indexOf(other.kind) || one.name.localeCompare(other.name, 'en'),
  )
  const parent = dirname(folder)
  return { path: folder, parent: parent === folder ? null : parent, entries }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  )
}

async function isWorkspace(folder: string): Promise<boolean> {
  for (const mark of ['dagwright.yaml', '.dagwright']) {
    const found = await stat(join(folder, mark)).then(
      () => true,
      () => false,
    )
    if (found) return true
  }
  return false
}
