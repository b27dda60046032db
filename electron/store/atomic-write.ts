import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { type Disk, writeAll } from './disk.ts'

/**
 * Replaces a file with `content` at once or not at all, also across a crash or a full disk: a temporary file in the same
 * folder, all of it written and synced, renamed over, and the folder synced. (`write-file-atomic` skips the last step
 * and ignores short writes.) A link's target is replaced, not the link; the mode stays. Missing folders are made.
 */
export async function writeAtomic(disk: Disk, path: string, content: string | Uint8Array): Promise<void> {
  const target = (await disk.realPath(path)) ?? path
  const folder = dirname(target)
  const before = await disk.stat(target)
  if (before === null) await makeDurableFolder(disk, folder)
  const temporary = join(folder, temporaryName(basename(target)))
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  try {
    const file = await disk.open(temporary, 'create', before?.mode)
    try {
      await writeAll(file, bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await disk.rename(temporary, target)
  } catch (error) {
    await disk.remove(temporary).catch(() => undefined)
    throw error
  }
  await disk.syncFolder(folder)
}

/** A folder with its missing parents, all of them durable. */
export async function makeDurableFolder(disk: Disk, path: string): Promise<void> {
  const parents: string[] = []
  for (let at = path; (await disk.stat(at)) === null; at = dirname(at)) parents.push(dirname(at))
  await disk.makeFolder(path)
  for (const parent of parents) await disk.syncFolder(parent)
}

/** Begins with a dot and ends in `.tmp`, so that listings and watchers pass over it. */
function temporaryName(name: string): string {
  return `.${name.slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`
}

/** JSON of a few settings or an index, for people to read too. */
export async function writeJson(disk: Disk, path: string, value: unknown): Promise<void> {
  await writeAtomic(disk, path, `${JSON.stringify(value, null, 2)}\n`)
}
