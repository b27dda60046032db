import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunRecord } from '#electron/store/store.ts'
import { JOURNAL_TABLES } from '#shared/analysis/journal-tables.ts'
import { type Micros, secondsOf } from '#shared/model/time.ts'

export interface JournalTables {
  /** Statements that make the tables; they read files of this folder and the journals. */
  readonly setup: readonly string[]
  remove(): Promise<void>
}

type TableName = (typeof JOURNAL_TABLES)[number]['name']

/**
 * Lays out the tables of JOURNAL_TABLES for DuckDB. `runs` and `tasks` come from the facts, which folding the journals gave,
 * in a temporary folder; the others straight from the journals. Tables whose name the query does not hold stay empty.
 */
export async function layOutTables(runs: readonly RunRecord[], sql: string): Promise<JournalTables> {
  const folder = await mkdtemp(join(tmpdir(), 'dagwright-query-'))
  const remove = () => rm(folder, { recursive: true, force: true })
  const wants = (table: TableName) => new RegExp(`\\b${table}\\b`, 'i').test(sql)
  try {
    const setup = JOURNAL_TABLES.map(({ name, columns }) => {
      return `create table ${name} (${columns.map((one) => `${one.name} ${one.type}`).join(', ')})`
    })
    const load = async (table: 'runs' | 'tasks', rowsOf: (run: RunRecord) => readonly unknown[][]) => {
      const path = join(folder, `${table}.ndjson`)
      await writeRows(path, runs, rowsOf)
      setup.push(insertRows(table, path))
    }
    if (runs.length > 0 && (wants('runs') || wants('events') || wants('attempts'))) await load('runs', runRows)
    if (runs.length > 0 && wants('tasks')) await load('tasks', taskRows)
    if (runs.length > 0 && (wants('events') || wants('attempts'))) setup.push(...insertEvents(runs))
    if (runs.length > 0 && wants('attempts')) setup.push(INSERT_ATTEMPTS)
    return { setup, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function writeRows(
  path: string,
  runs: readonly RunRecord[],
  rowsOf: (run: RunRecord) => readonly unknown[][],
): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const run of runs)
      await file.write(
        rowsOf(run)
          .map((row) => `${JSON.stringify({ row })}\n`)
          .join(''),
      )
  } finally {
    await file.close()
  }
}

/** Values in the order of the table's columns. */
function runRows({ summary, facts }: RunRecord): readonly unknown[][] {
  const { run, pipeline, file, trigger, parent, machine } = summary
  const { startedAt, logicalDate, whole } = facts
  const times = [startedAt, summary.endedAt, logicalDate, seconds(facts.makespan)]
  return [[run, pipeline, file, summary.state, ...times, whole, trigger, parent, machine]]
}

function taskRows({ summary, facts }: RunRecord): readonly unknown[][] {
  return facts.tasks.map((one) => [
    summary.run,
    summary.pipeline,
    one.task,
    one.state,
    one.origin,
    seconds(one.duration),
    seconds(one.work),
    seconds(one.queued),
    one.attempts,
    one.endedAt,
    one.rows,
    one.bytes,
    one.peakMemory,
    seconds(one.cpu),
  ])
}

function seconds(time: Micros | null): number | null {
  return time === null ? null : secondsOf(time)
}

function insertRows(table: 'runs' | 'tasks', path: string): string {
  const { columns } = JOURNAL_TABLES.find((one) => one.name === table)!
  const values = columns.map(({ type }, at) => `cast(row[${at + 1}]->>'$' as ${type})`)
  const source = `read_json(${literal(path)}, format = 'newline_delimited', columns = {row: 'JSON[]'}, ${LONG_LINES})`
  return `insert into ${table} select ${values.join(', ')} from ${source}`
}

/** The header holds the basis of every task, on one line. */
const LONG_LINES = 'maximum_object_size = 67108864'
/** Paths in one statement: the list of a workspace with thousands of runs is long. */
const FILES_A_STATEMENT = 500

function insertEvents(runs: readonly RunRecord[]): string[] {
  const statements = ['create temp table places (journal VARCHAR, run VARCHAR, started_at TIMESTAMP)']
  for (let first = 0; first < runs.length; first += FILES_A_STATEMENT) {
    const some = runs.slice(first, first + FILES_A_STATEMENT)
    const places = some.map(
      ({ journal, facts }) => `(${[journal, facts.run, facts.startedAt].map(literal).join(', ')})`,
    )
    statements.push(`insert into places values ${places.join(', ')}`)
    const files = some.map(({ journal }) => literal(journal)).join(', ')
    // A torn last line is no event.
    const source = `read_json_objects([${files}], format = 'newline_delimited', ignore_errors = true, filename = true, ${LONG_LINES})`
    statements.push(
      `insert into events
       select p.run, cast(e.json->>'$.n' as bigint), p.started_at + to_microseconds(cast(e.json->>'$.t' as bigint)),
         cast(e.json->>'$.t' as double) / 1e6, e.json->>'$.type', e.json->>'$.task',
         cast(e.json->>'$.index' as integer), cast(e.json->>'$.attempt' as integer), e.json
       from ${source} e join places p on p.journal = e.filename
       where (e.json->>'$.n') is not null
       order by p.run, 2`,
    )
  }
  return statements
}

const INSERT_ATTEMPTS = `
  insert into attempts
  select b.run, b.task, b.instance, b.attempt, f.event->>'$.outcome',
    coalesce(s.happened_at, b.happened_at), round(f.t - coalesce(s.t, b.t), 6),
    round(greatest(0, coalesce(s.t, b.t) - cast(b.event->>'$.readyAt' as double) / 1e6), 6),
    b.event->>'$.cause.type', cast(f.event->>'$.exitCode' as integer), f.event->>'$.signal',
    cast(f.event->>'$.peakMemory' as double), cast(f.event->>'$.cpu' as double) / 1e6, f.event->>'$.reason.message'
  from (select * from events where type = 'starting') b
  left join (select * from events where type = 'started') s
    on s.run = b.run and s.task = b.task and s.instance is not distinct from b.instance and s.attempt = b.attempt
  left join (select * from events where type = 'finished') f
    on f.run = b.run and f.task = b.task and f.instance is not distinct from b.instance and f.attempt = b.attempt
  order by b.run, b.n`

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
