import { join } from 'node:path'
import type { Disk } from './disk.ts'

interface Kept {
  readonly run: string
  readonly directory: string
}

/**
 * Removes the oldest runs until at most `runs` are left and they hold at most `bytes`. Protected ones count but are never
 * removed. `newestFirst` in that order. Returns the ids removed.
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
    const size = await sizeOf(disk, one.directory)
    const fits = count + 1 <= limits.runs && bytes + size <= limits.bytes
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
