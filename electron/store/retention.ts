import { join } from 'node:path'
import { z } from 'zod'
import { type Disk, writeAll } from './disk.ts'
import { readJson } from './json-file.ts'
import { JOURNAL } from './run-folder.ts'

/** In a run's folder: what it holds, while its journal is as long as it says. May be deleted at any time. */
const SIZE = 'size.json'
const sizeShape = z.object({ journal: z.number(), bytes: z.number() })

interface Kept {
  readonly run: string
  readonly directory: string
}

/**
 * Keeps the newest runs, as many as `runs` says, of those that fit into `bytes`; removes the others. The newest is kept
 * however large it is: somebody may be looking at its end. Protected ones count but are never removed. `newestFirst` in
 * that order. Returns the ids removed.
 */
export async function retainRuns(
  disk: Disk,
  newestFirst: readonly Kept[],
  limits: { readonly runs: number; readonly bytes: number },
  isProtected: (one: Kept) => Promise<boolean>,
  discard: (one: Kept) => Promise<void>,
): Promise<readonly string[]> {
  const removed: string[] = []
  let count = 0
  let bytes = 0
  for (const one of newestFirst) {
    const size = await bytesOf(disk, one.directory)
    const fits = one === newestFirst[0] || (count + 1 <= limits.runs && bytes + size <= limits.bytes)
    if (fits || (await isProtected(one))) {
      count++
      bytes += size
      continue
    }
    await discard(one)
    removed.push(one.run)
  }
  return removed
}

/** Counted once: a run may have thousands of logs, and this is asked of every run at the end of each. */
async function bytesOf(disk: Disk, directory: string): Promise<number> {
  const journal = (await disk.stat(join(directory, JOURNAL)))?.size ?? 0
  const known = sizeShape.safeParse(await readJson(disk, join(directory, SIZE))).data
  if (known?.journal === journal) return known.bytes
  const bytes = await sizeOf(disk, directory)
  await note(disk, join(directory, SIZE), JSON.stringify({ journal, bytes })).catch(() => undefined)
  return bytes
}

/** Without making it durable. */
async function note(disk: Disk, path: string, text: string): Promise<void> {
  const file = await disk.open(path, 'append')
  try {
    await file.truncate(0)
    await writeAll(file, Buffer.from(text))
  } finally {
    await file.close()
  }
}

/** Bytes of all files below; links are not followed. */
async function sizeOf(disk: Disk, folder: string): Promise<number> {
  let sum = 0
  for (const entry of await disk.list(folder)) {
    const path = join(folder, entry.name)
    if (entry.kind === 'folder') sum += await sizeOf(disk, path)
    else if (entry.kind === 'file') sum += (await disk.stat(path))?.size ?? 0
  }
  return sum
}
