import { join } from 'node:path'
import { z } from 'zod'
import { type RunSummary, runSummary } from '#shared/contract/data.ts'
import type { Micros } from '#shared/model/time.ts'
import { writeJson } from './atomic-write.ts'
import { type Disk, type DiskEntry, readWhole } from './disk.ts'

/**
 * What was folded from journals that have not changed since: derived, so that it may be deleted or be wrong in any way at
 * any time. An entry counts only while the journal's size and time are those it was made from.
 */
export interface RunIndex {
  get(directory: string, journal: DiskEntry): RunRecord | null
  /** `settled`: the run has ended. A journal that may still grow is no reason to write the index. */
  put(directory: string, journal: DiskEntry, record: RunRecord, settled: boolean): void
  /** Forgets runs whose folder is gone. */
  keepOnly(directories: ReadonlySet<string>): void
  /** Writes the index where it changed. A disk that refuses is no failure: it is made again next time. */
  save(): Promise<void>
}

/** By task id. */
export type TaskTimes = readonly (readonly [
  task: string,
  work: Micros,
  duration: Micros,
  queued: Micros,
  attempts: number,
])[]

export interface RunRecord {
  /** As of a run that is not live. */
  readonly summary: RunSummary
  /** Whole, executed successes. */
  readonly times: TaskTimes
}

const FORMAT = 1
const times = z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()]))
const entry = z.object({ size: z.number(), modifiedAt: z.number(), summary: runSummary, times })
const file = z.object({ format: z.literal(FORMAT), runs: z.array(z.tuple([z.string(), entry])) })
type Entry = z.infer<typeof entry>

export async function openRunIndex(disk: Disk, stateFolder: string): Promise<RunIndex> {
  const path = join(stateFolder, 'cache', 'runs.json')
  const entries = await readEntries(disk, path)
  let changed = false
  return {
    get(directory, journal) {
      const found = entries.get(directory)
      return found?.size === journal.size && found.modifiedAt === journal.modifiedAt ? found : null
    },
    put(directory, journal, { summary, times }, settled) {
      changed ||= settled
      entries.set(directory, {
        size: journal.size,
        modifiedAt: journal.modifiedAt,
        summary,
        times: times.map((one) => [...one]),
      })
    },
    keepOnly(directories) {
      for (const directory of entries.keys()) {
        if (!directories.has(directory)) changed = entries.delete(directory) || changed
      }
    },
    async save() {
      if (!changed) return
      changed = false
      const runs = [...entries]
      await writeJson(disk, path, { format: FORMAT, runs }).catch(() => undefined)
    },
  }
}

async function readEntries(disk: Disk, path: string): Promise<Map<string, Entry>> {
  try {
    const bytes = await readWhole(disk, path)
    if (bytes === null) return new Map()
    const parsed = file.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return new Map(parsed.success ? parsed.data.runs : [])
  } catch {
    return new Map()
  }
}
