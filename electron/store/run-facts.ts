import { join } from 'node:path'
import { z } from 'zod'
import type { Micros } from '#shared/model/time.ts'
import { writeAtomic } from './atomic-write.ts'
import { type Disk, type DiskEntry, readWhole } from './disk.ts'

/** Whole, executed successes of one run, by task. */
export type TaskTimes = readonly (readonly [
  task: string,
  work: Micros,
  duration: Micros,
  queued: Micros,
  attempts: number,
])[]

/**
 * Times folded from the journal of an ended run, one file a run, so that a history of large runs need not read their
 * journals. Derived like the index: `null` where there is none that fits the journal.
 */
export async function readTimes(
  disk: Disk,
  stateFolder: string,
  run: string,
  journal: DiskEntry,
): Promise<TaskTimes | null> {
  try {
    const bytes = await readWhole(disk, timesPath(stateFolder, run))
    if (bytes === null) return null
    const found = timesShape.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data
    return found?.size === journal.size && found.modifiedAt === journal.modifiedAt ? found.times : null
  } catch {
    return null
  }
}

/** A disk that refuses is no failure: they are folded again next time. */
export async function writeTimes(
  disk: Disk,
  stateFolder: string,
  run: string,
  { size, modifiedAt }: DiskEntry,
  times: TaskTimes,
): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, size, modifiedAt, times })
  await writeAtomic(disk, timesPath(stateFolder, run), text).catch(() => undefined)
}

export async function removeTimes(disk: Disk, stateFolder: string, run: string): Promise<void> {
  await disk.remove(timesPath(stateFolder, run)).catch(() => undefined)
}

const FORMAT = 1
const timesShape = z.object({
  format: z.literal(FORMAT),
  size: z.number(),
  modifiedAt: z.number(),
  times: z.array(z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()])),
})

/** `run` is an id that names a folder already. */
function timesPath(stateFolder: string, run: string): string {
  return join(stateFolder, 'cache', 'times', `${run}.json`)
}
