import { stat } from 'node:fs/promises'
import { extname, posix } from 'node:path'
import type { Artifact } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import type { Implementer } from './implementer.ts'
import type { HostPorts } from './ports.ts'
import type { WorkspaceSession } from './session.ts'
import type { Sessions } from './sessions.ts'

export function artifactProcedures(api: Implementer, sessions: Sessions, ports: HostPorts) {
  const { artifacts } = api
  return {
    list: artifacts.list.handler(async ({ input }) => listArtifacts(await sessions.get(input.workspace), input.path)),
    open: artifacts.open.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      const path = await existingFile(session, input.path)
      if (ports.shell) {
        await ports.shell.openFile(path)
        return { url: null }
      }
      if (!ports.publishArtifact) {
        throw new AppError({ code: 'UNSUPPORTED_HERE', message: 'Files can’t be opened from here.', where: input.path })
      }
      return { url: ports.publishArtifact(path) }
    }),
    preview: artifacts.preview.handler(async ({ input, context }) => {
      const session = await sessions.get(input.workspace)
      const path = await existingFile(session, input.path)
      // The database may be in use by a run: only the owner's SQL host can look into it.
      const { table, limit } = input
      const here = () => session.engine.preview({ workspace: session.store.root, path, table, limit })
      return session.owner.through(context, (owner) => owner.artifacts.preview(input), here)
    }),
    result: artifacts.result.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      return session.store.runs.result(input.run, input)
    }),
  }
}

/** What the pipeline's tasks say they write, where it exists. `writes` are relative to the task's working directory. */
async function listArtifacts(session: WorkspaceSession, file: string): Promise<Artifact[]> {
  const { text } = await session.store.documents.read(file)
  const { pipeline } = await session.parse(text, new Map())
  const found = new Map<string, Artifact>()
  for (const task of pipeline?.tasks ?? []) {
    for (const written of task.writes) {
      const path = placeOf(file, task.cwd, written)
      if (path === null || found.has(path)) continue
      const facts = await session.store
        .resolve(path)
        .then((full) => stat(full))
        .catch(() => null)
      if (!facts?.isFile()) continue
      const { size, mtime } = facts
      found.set(path, { path, task: task.id, size, modifiedAt: mtime.toISOString(), kind: kindOf(path) })
    }
  }
  return [...found.values()]
}

/** Relative to the workspace; null for what isn't a plain path there (an expression, a URI, an absolute path). */
function placeOf(file: string, cwd: string | null, written: string): string | null {
  const parts = [cwd ?? '', written]
  if (parts.some((part) => part.includes('${{') || part.startsWith('/') || /^[A-Za-z][\w+.-]*:/.test(part))) return null
  return posix.normalize(posix.join(posix.dirname(file), ...parts))
}

const KINDS: ReadonlyMap<string, Artifact['kind']> = new Map([
  ['.html', 'html'],
  ['.htm', 'html'],
  ['.parquet', 'table'],
  ['.csv', 'table'],
  ['.tsv', 'table'],
  ['.json', 'table'],
  ['.ndjson', 'table'],
  ['.jsonl', 'table'],
  ['.duckdb', 'database'],
  ['.png', 'image'],
  ['.jpg', 'image'],
  ['.jpeg', 'image'],
  ['.gif', 'image'],
  ['.svg', 'image'],
  ['.webp', 'image'],
  ['.txt', 'text'],
  ['.md', 'text'],
  ['.log', 'text'],
  ['.sql', 'text'],
  ['.yaml', 'text'],
])

function kindOf(path: string): Artifact['kind'] {
  return KINDS.get(extname(path).toLowerCase()) ?? 'other'
}

async function existingFile(session: WorkspaceSession, relative: string): Promise<string> {
  const path = await session.store.resolve(relative)
  const facts = await stat(path).catch(() => null)
  if (facts?.isFile()) return path
  throw new AppError({
    code: 'NOT_FOUND',
    message: `There is no file ${relative} in this workspace.`,
    where: relative,
    next: 'Run the task that writes it.',
  })
}
