import { join } from 'node:path'
import { z } from 'zod'
import { type RunSummary, runSummary } from '#shared/contract/data.ts'
import { writeAtomic } from './atomic-write.ts'
import type { Disk, DiskEntry } from './disk.ts'
import { readJson } from './json-file.ts'

/**
 * Summaries folded from journals that have not changed since: derived, so that it may be deleted or be wrong in any way at
 * any time. An entry counts only while the journal's size and time are those it was made from.
 */
export interface RunIndex {
  /** As of a run that is not live. */
  get(directory: string, journal: DiskEntry): RunSummary | null
  /** `settled`: the run has ended. A journal that may still grow is no reason to write the index. */
  put(directory: string, journal: DiskEntry, summary: RunSummary, settled: boolean): void
  /** Forgets runs whose folder is gone. */
  keepOnly(directories: ReadonlySet<string>): void
  /** Writes the index where it changed. A disk that refuses is no failure: it is made again next time. */
  save(): Promise<void>
}

const FORMAT = 2
const entryShape = z.object({ size: z.number(), modifiedAt: z.number(), summary: runSummary })
const indexShape = z.object({ format: z.literal(FORMAT), runs: z.array(z.tuple([z.string(), entryShape])) })
type Entry = z.infer<typeof entryShape>

export async function openRunIndex(disk: Disk, stateFolder: string): Promise<RunIndex> {
  const path = join(stateFolder, 'cache', 'runs.json')
  const entries = await readEntries(disk, path)
  let changed = false
  return {
    get(directory, journal) {
      const found = entries.get(directory)
      return found?.size === journal.size && found.modifiedAt === journal.modifiedAt ? found.summary : null
    },
    put(directory, { size, modifiedAt }, summary, settled) {
      changed ||= settled
      entries.set(directory, { size, modifiedAt, summary })
    },
    keepOnly(directories) {
      for (const directory of entries.keys()) {
        if (!directories.has(directory)) changed = entries.delete(directory) || changed
      }
    },
    async save() {
      if (!changed) return
      changed = false
      await writeAtomic(disk, path, JSON.stringify({ format: FORMAT, runs: [...entries] })).catch(() => undefined)
    },
  }
}

async function readEntries(disk: Disk, path: string): Promise<Map<string, Entry>> {
  return new Map(indexShape.safeParse(await readJson(disk, path)).data?.runs)
}
