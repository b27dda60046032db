import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { makeDurableFolder, writeAtomic } from './atomic-write.ts'
import type { Disk } from './disk.ts'

/**
 * `.dagwright` of a workspace: runs, recovery copies, the lock, and indexes that may be deleted at any time. A read-only
 * workspace keeps it in the user's data folder; runs that came with it are still read where they lie.
 */
export interface StateFolder {
  readonly path: string
  /** The workspace's own folder cannot be written. */
  readonly readOnly: boolean
  /** Folders of runs by pipeline: the first is written to, all are read. */
  readonly runRoots: readonly string[]
  /** Makes the folder and its `.gitignore` before something is written into it. */
  prepare(): Promise<void>
}

export const STATE_FOLDER = '.dagwright'

/** `root` is a real path. Writes nothing yet: looking at a folder leaves no trace in it. */
export async function stateFolderOf(disk: Disk, root: string, userData: string): Promise<StateFolder> {
  const own = join(root, STATE_FOLDER)
  const readOnly = !(await disk.canWrite(root))
  const path = (await isWritable(disk, own, readOnly)) ? own : join(userData, 'workspaces', standInName(root))
  const runRoots = [...new Set([join(path, 'runs'), join(own, 'runs')])]
  let prepared: Promise<void> | null = null
  return {
    path,
    readOnly,
    runRoots,
    prepare() {
      prepared ??= prepareStateFolder(disk, path).catch((error: unknown) => {
        prepared = null
        throw error
      })
      return prepared
    },
  }
}

async function isWritable(disk: Disk, folder: string, parentReadOnly: boolean): Promise<boolean> {
  const entry = await disk.stat(folder)
  if (entry === null) return !parentReadOnly
  return entry.kind === 'folder' && (await disk.canWrite(folder))
}

function standInName(root: string): string {
  const readable = basename(root).replace(/[^A-Za-z0-9_-]+/g, '_') || 'root'
  return `${readable.slice(0, 40)}~${createHash('sha256').update(root).digest('hex').slice(0, 16)}`
}

/** Makes a state folder with the `.gitignore` that keeps it out of a person's commits. */
export async function prepareStateFolder(disk: Disk, path: string): Promise<void> {
  await makeDurableFolder(disk, path)
  const ignore = join(path, '.gitignore')
  if ((await disk.stat(ignore)) === null) {
    await writeAtomic(disk, ignore, '# Runs and state of Dagwright on this machine.\n*\n')
  }
}
