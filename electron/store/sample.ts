import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { writeAtomic } from './atomic-write.ts'
import type { Disk } from './disk.ts'
import { JOURNAL, KEEP } from './run-folder.ts'
import { STATE_FOLDER } from './state-folder.ts'

/** What another person's machine left in the sample's state folder, and what is made anew. */
const LEFT_OUT = new Set(['node_modules', 'cache', 'lock', 'recovery'])

export interface DataFile {
  /** Absolute. */
  readonly from: string
  /** Relative to the workspace. */
  readonly to: string
}

/**
 * Copies a sample workspace with the recorded runs in its `.dagwright`, and its data files from where they lie (blocks are
 * shared where the file system can). Never touches an existing folder: `NAME 2`, `NAME 3`, … are taken instead. It is
 * there as a whole or not at all. Returns the path.
 */
export async function copySample(
  disk: Disk,
  source: string,
  target: string,
  data: readonly DataFile[] = [],
): Promise<string> {
  const parent = dirname(target)
  await disk.makeFolder(parent)
  const building = join(parent, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await copyTree(disk, source, building)
    for (const { from, to } of data) {
      const place = join(building, to)
      if ((await disk.stat(place)) !== null) continue
      await disk.makeFolder(dirname(place))
      await disk.copy(from, place)
    }
    await protectRuns(disk, join(building, STATE_FOLDER, 'runs'))
    const path = await freeName(disk, target)
    await disk.rename(building, path)
    await disk.syncFolder(parent)
    return path
  } catch (error) {
    await disk.remove(building).catch(() => undefined)
    throw error
  }
}

async function copyTree(disk: Disk, from: string, to: string): Promise<void> {
  await disk.makeFolder(to)
  for (const { name } of await disk.list(from)) {
    const kind = (await disk.stat(join(from, name)))?.kind
    if (kind === 'folder' && !LEFT_OUT.has(name)) await copyTree(disk, join(from, name), join(to, name))
    else if (kind === 'file') await disk.copy(join(from, name), join(to, name))
  }
}

/** Recorded runs are the only ones of their kind: retention leaves them alone. */
async function protectRuns(disk: Disk, runs: string): Promise<void> {
  if ((await disk.stat(runs)) === null) return
  for (const pipeline of await disk.list(runs)) {
    if (pipeline.kind !== 'folder') continue
    for (const run of await disk.list(join(runs, pipeline.name))) {
      const folder = join(runs, pipeline.name, run.name)
      if ((await disk.stat(join(folder, JOURNAL))) !== null) await writeAtomic(disk, join(folder, KEEP), '')
    }
  }
}

async function freeName(disk: Disk, target: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = number === 1 ? target : `${target} ${number}`
    if ((await disk.stat(path)) === null) return path
  }
}
