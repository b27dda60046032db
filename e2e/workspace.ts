import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..')
/** What was built: command line, renderer and desktop shell. */
export const DIST = process.env.DAGWRIGHT_DIST ?? join(ROOT, 'dist')
export const SAMPLES = join(ROOT, 'shared/samples')
export const SAMPLE = join(SAMPLES, 'flights')

/** Files by path; or the sample with its data; or another sample by its name. */
export type Contents = Readonly<Record<string, string | Buffer>> | 'sample' | `sample ${string}`

/** A folder of pipelines in a temporary folder of its own, beside a home for what Dagwright keeps of a person. */
export interface Workspace {
  /** Absolute path of the workspace. */
  readonly root: string
  /** Absolute path for DAGWRIGHT_HOME: trust, settings. */
  readonly home: string
  read(path: string): Promise<string>
  write(path: string, content: string | Buffer): Promise<void>
  remove(path: string): Promise<void>
  discard(): Promise<void>
}

export async function makeWorkspace(contents: Contents): Promise<Workspace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-e2e-')))
  const root = join(folder, 'work')
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  if (contents === 'sample') await cp(SAMPLE, root, { recursive: true })
  else if (typeof contents === 'string') {
    await cp(join(SAMPLES, contents.slice('sample '.length)), root, { recursive: true })
  } else {
    await mkdir(root)
    for (const [path, content] of Object.entries(contents)) await write(path, content)
  }
  return {
    root,
    home: join(folder, 'home'),
    read: (path) => readFile(join(root, path), 'utf8'),
    write,
    remove: (path) => rm(join(root, path), { recursive: true }),
    discard: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}
