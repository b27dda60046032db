import { join } from 'node:path'
import { z } from 'zod'
import type { RunFacts, TaskFacts } from '#shared/analysis/run-facts.ts'
import type { InstanceState, Origin, RunState } from '#shared/journal/event.ts'
import { writeAtomic } from './atomic-write.ts'
import { type Disk, type DiskEntry, readWhole } from './disk.ts'

/**
 * Facts folded from the journal of an ended run, one file a run, so that a history of large runs need not read their
 * journals. Derived like the index: `null` where there are none that fit the journal.
 */
export async function readFacts(
  disk: Disk,
  stateFolder: string,
  run: string,
  journal: DiskEntry,
): Promise<RunFacts | null> {
  try {
    const bytes = await readWhole(disk, factsPath(stateFolder, run))
    if (bytes === null) return null
    const found = factsShape.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8'))).data
    if (found?.size !== journal.size || found.modifiedAt !== journal.modifiedAt) return null
    return { ...found.run, tasks: found.tasks.map(taskFactsOf) }
  } catch {
    return null
  }
}

/** A disk that refuses is no failure: they are folded again next time. */
export async function writeFacts(
  disk: Disk,
  stateFolder: string,
  { size, modifiedAt }: DiskEntry,
  { tasks, ...run }: RunFacts,
): Promise<void> {
  const text = JSON.stringify({ format: FORMAT, size, modifiedAt, run, tasks: tasks.map(rowOf) })
  await writeAtomic(disk, factsPath(stateFolder, run.run), text).catch(() => undefined)
}

export async function removeFacts(disk: Disk, stateFolder: string, run: string): Promise<void> {
  await disk.remove(factsPath(stateFolder, run)).catch(() => undefined)
}

const FORMAT = 1
const factsShape = z.object({
  format: z.literal(FORMAT),
  size: z.number(),
  modifiedAt: z.number(),
  run: z.object({
    run: z.string(),
    state: z.custom<RunState>((value) => typeof value === 'string'),
    startedAt: z.string(),
    endedAt: z.string(),
    logicalDate: z.string(),
    makespan: z.number().nullable(),
    whole: z.boolean(),
  }),
  // A schema for every field of 500,000 rows would take longer than reading the journals again.
  tasks: z.array(z.custom<Row>(isRow)),
})

/** A task's facts without the names of its fields, which would be most of the file. */
type Row = readonly [
  task: string,
  state: InstanceState,
  origin: Origin | null,
  work: number | null,
  duration: number | null,
  queued: number,
  attempts: number,
  endedAt: string | null,
  rows: number | null,
  bytes: number | null,
  peakMemory: number | null,
  cpu: number | null,
]

/** Of each place in a row: the type it has, and whether it may be null instead. */
const PLACES = 'string string string? number? number? number number string? number? number? number? number?'.split(' ')

function isRow(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== PLACES.length) return false
  return PLACES.every((place, at) => {
    const found = value[at] as unknown
    return place === `${typeof found}?` || place === typeof found || (found === null && place.endsWith('?'))
  })
}

function rowOf(facts: TaskFacts): Row {
  const { task, state, origin, work, duration, queued, attempts, endedAt, rows, bytes, peakMemory, cpu } = facts
  return [task, state, origin, work, duration, queued, attempts, endedAt, rows, bytes, peakMemory, cpu]
}

function taskFactsOf(row: Row): TaskFacts {
  const [task, state, origin, work, duration, queued, attempts, endedAt, rows, bytes, peakMemory, cpu] = row
  return { task, state, origin, work, duration, queued, attempts, endedAt, rows, bytes, peakMemory, cpu }
}

/** `run` is an id that names a folder already. */
function factsPath(stateFolder: string, run: string): string {
  return join(stateFolder, 'cache', 'facts', `${run}.json`)
}
