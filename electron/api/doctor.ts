import { execFile } from 'node:child_process'
import { access, constants, statfs } from 'node:fs/promises'
import { cpus, homedir, tmpdir } from 'node:os'
import type { WorkspaceStore } from '#electron/store/store.ts'
import type { DoctorItem } from '#shared/contract/data.ts'

const PROGRAM_MILLISECONDS = 10_000
/** Below this, DuckDB's temporary files or a long log can end a run. */
const LITTLE_SPACE = 1024 ** 3

/** What this machine lacks for running pipelines, with the next step. `store`: also looks at that workspace. */
export async function examineMachine(store: WorkspaceStore | null): Promise<DoctorItem[]> {
  const interpreters = store ? (await store.config()).config.interpreters : { python: null, node: null }
  const windows = process.platform === 'win32'
  const folder = store?.root ?? homedir()
  return Promise.all([
    processors(),
    program({
      id: 'python',
      title: 'Python',
      command: interpreters.python ?? (windows ? 'python' : 'python3'),
      next: 'Install Python 3, or name one under `interpreters: { python: … }` in dagwright.yaml. Python tasks need it.',
    }),
    program({
      id: 'node',
      title: 'Node.js',
      command: interpreters.node ?? 'node',
      next: 'Install Node.js, or name one under `interpreters: { node: … }` in dagwright.yaml. JavaScript tasks need it.',
    }),
    windows
      ? program({
          id: 'shell',
          title: 'PowerShell',
          command: 'powershell',
          arguments: ['-Version'],
          next: 'Shell tasks need it.',
        })
      : program({
          id: 'shell',
          title: 'bash',
          command: 'bash',
          next: 'Install bash; until then shell tasks run in sh, without `pipefail`.',
          without: 'warning',
        }),
    database(),
    space('space', 'Disk space', folder),
    space('temporary', 'Space for temporary files', tmpdir()),
    ...(store ? [writable(store)] : []),
  ])
}

async function processors(): Promise<DoctorItem> {
  const { length } = cpus()
  return item('cpus', 'Processors', 'ok', `${length}; a run uses that many slots unless it says otherwise`)
}

interface Program {
  readonly id: string
  readonly title: string
  readonly command: string
  readonly arguments?: readonly string[]
  readonly next: string
  readonly without?: DoctorItem['status']
}

function program(wanted: Program): Promise<DoctorItem> {
  return new Promise((resolve) => {
    const options = { timeout: PROGRAM_MILLISECONDS, windowsHide: true }
    execFile(wanted.command, [...(wanted.arguments ?? ['--version'])], options, (error, stdout, stderr) => {
      if (error) {
        const gone = (error as NodeJS.ErrnoException).code === 'ENOENT'
        const missing = /[\\/]/.test(wanted.command) ? 'does not exist' : 'is not on the PATH'
        const detail = `${wanted.command} ${gone ? missing : 'does not start'}`
        resolve(item(wanted.id, wanted.title, wanted.without ?? 'missing', detail, wanted.next))
        return
      }
      const version = (stdout || stderr).split('\n')[0]!.trim()
      resolve(item(wanted.id, wanted.title, 'ok', `${version} (${wanted.command})`))
    })
  })
}

/** Loads the library only: SQL runs in processes of its own. */
async function database(): Promise<DoctorItem> {
  try {
    const { version } = await import('@duckdb/node-api')
    return item('duckdb', 'DuckDB', 'ok', version())
  } catch {
    const next = 'Run `npm ci` again on this machine: the database comes with the package for each platform.'
    return item('duckdb', 'DuckDB', 'missing', 'its library does not load, so SQL tasks cannot run', next)
  }
}

async function space(id: string, title: string, folder: string): Promise<DoctorItem> {
  const facts = await statfs(folder).catch(() => null)
  if (!facts) return item(id, title, 'warning', `unknown for ${folder}`)
  const free = facts.bavail * facts.bsize
  const detail = `${(free / 1024 ** 3).toFixed(1)} GB free for ${folder}`
  if (free >= LITTLE_SPACE) return item(id, title, 'ok', detail)
  return item(id, title, 'warning', detail, 'Free some space: logs and temporary tables of a run may not fit.')
}

async function writable(store: WorkspaceStore): Promise<DoctorItem> {
  const allowed = await access(store.root, constants.W_OK).then(
    () => !store.readOnly,
    () => false,
  )
  if (allowed) return item('workspace', 'Workspace', 'ok', `${store.root} can be written`)
  const next =
    'Runs are kept in your own folder instead. To save pipelines, copy the workspace somewhere you may write.'
  return item('workspace', 'Workspace', 'warning', `${store.root} is read-only`, next)
}

function item(
  id: string,
  title: string,
  status: DoctorItem['status'],
  detail: string,
  next: string | null = null,
): DoctorItem {
  return { id, title, status, detail, next }
}
