import { join } from 'node:path'
import { z } from 'zod'
import { inTurns } from '#electron/turns/turns.ts'
import type { RunFacts, TaskFacts } from '#shared/analysis/run-facts.ts'
import type { InstanceState, Origin, RunState } from '#shared/journal/event.ts'
import type { Steps } from '#shared/model/steps.ts'
import { writeAtomic } from './atomic-write.ts'
import { type Disk, type DiskEntry, readWhole } from './disk.ts'

/**
 * Facts folded from the journal of an ended run, one file a run, so that a history of large runs need not read their
 * journals. Derived like the index: `null` where there are none that fit the journal. A file of lines, so that it is read
 * a little at a time: what is said of the run, then some tasks on each line.
 */
export async function readFacts(
  disk: Disk,
  stateFolder: string,
  run: string,
  journal: DiskEntry,
): Promise<RunFacts | null> {
  try {
    const bytes = await readWhole(disk, factsPath(stateFolder, run))
    return bytes === null ? null : await inTurns(readSteps(Buffer.from(bytes).toString('utf8'), journal))
  } catch {
    return null
  }
}

/** Throws where it is not JSON. */
function* readSteps(text: string, journal: DiskEntry): Steps<RunFacts | null> {
  const [first, ...lines] = text.split('\n')
  const head = headShape.safeParse(JSON.parse(first!)).data
  if (head?.size !== journal.size || head.modifiedAt !== journal.modifiedAt) return null
  const tasks: TaskFacts[] = []
  for (const line of lines) {
    yield
    const rows: unknown = JSON.parse(line)
    if (!Array.isArray(rows) || !rows.every(isRow)) return null
    for (const row of rows) tasks.push(taskFactsOf(row))
  }
  return tasks.length === head.tasks ? { ...head.run, tasks } : null
}

/** A disk that refuses is no failure: they are folded again next time. */
export async function writeFacts(disk: Disk, stateFolder: string, journal: DiskEntry, facts: RunFacts): Promise<void> {
  const text = await inTurns(writeSteps(journal, facts))
  await writeAtomic(disk, factsPath(stateFolder, facts.run), text).catch(() => undefined)
}

function* writeSteps({ size, modifiedAt }: DiskEntry, { tasks, ...run }: RunFacts): Steps<string> {
  const head: z.infer<typeof headShape> = { format: FORMAT, size, modifiedAt, run, tasks: tasks.length }
  const lines = [JSON.stringify(head)]
  for (let first = 0; first < tasks.length; first += TASKS_A_LINE) {
    yield
    lines.push(JSON.stringify(tasks.slice(first, first + TASKS_A_LINE).map(rowOf)))
  }
  return lines.join('\n')
}

export async function removeFacts(disk: Disk, stateFolder: string, run: string): Promise<void> {
  await disk.remove(factsPath(stateFolder, run)).catch(() => undefined)
}

const FORMAT = 2
/** About a millisecond's. */
const TASKS_A_LINE = 300
const headShape = z.object({
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
  /** How many follow. */
  tasks: z.number(),
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
const PLACES = 'string string string? number? number? number number string? number? number? number? number?'
  .split(' ')
  .map((place) => ({ type: place.replace('?', ''), open: place.endsWith('?') }))

/** A schema for every field of 500,000 rows would take longer than reading the journals again. */
function isRow(value: unknown): value is Row {
  if (!Array.isArray(value) || value.length !== PLACES.length) return false
  return PLACES.every(({ type, open }, at) => typeof value[at] === type || (open && value[at] === null))
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
  return join(stateFolder, 'cache', 'facts', `${run}.ndjson`)
}
