/** A table that `history.query` offers: what stands in it, for help texts and completion. */
export interface JournalTable {
  readonly name: 'runs' | 'tasks' | 'attempts' | 'events'
  readonly description: string
  readonly columns: readonly JournalColumn[]
}

export interface JournalColumn {
  readonly name: string
  readonly type: 'VARCHAR' | 'BIGINT' | 'INTEGER' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP' | 'JSON'
  readonly description: string
}

const column = (name: string, type: JournalColumn['type'], description: string): JournalColumn => ({
  name,
  type,
  description,
})
const run = column('run', 'VARCHAR', 'Id of the run.')
const pipeline = column('pipeline', 'VARCHAR', 'Id of the pipeline.')
const task = column('task', 'VARCHAR', 'Id of the task, as it was in that run.')
const index = column('instance', 'INTEGER', 'Index of the instance of a mapped task, else null.')
const attempt = column('attempt', 'INTEGER', 'Number of the attempt, from 1.')

/** Times are in UTC, durations in seconds, amounts of data in bytes. */
export const JOURNAL_TABLES: readonly JournalTable[] = [
  {
    name: 'runs',
    description: 'One row a run.',
    columns: [
      run,
      pipeline,
      column('file', 'VARCHAR', 'Pipeline file, relative to the workspace.'),
      column('state', 'VARCHAR', 'success, partial, failed, cancelled, interrupted or running.'),
      column('started_at', 'TIMESTAMP', 'When it began.'),
      column('ended_at', 'TIMESTAMP', 'When it ended; null while it runs.'),
      column('logical_date', 'TIMESTAMP', 'What it was about: the tick of the schedule.'),
      column('makespan', 'DOUBLE', 'Begin to the end of the last instance.'),
      column('whole', 'BOOLEAN', 'Everything was selected and executed, and it ended by itself.'),
      column('trigger', 'VARCHAR', 'app, cli or test.'),
      column('parent', 'VARCHAR', 'The run whose failed tasks it ran again.'),
      column('machine', 'VARCHAR', 'Where it ran.'),
    ],
  },
  {
    name: 'tasks',
    description: 'One row for every task that had a part in a run; instances of a mapped task together.',
    columns: [
      run,
      pipeline,
      task,
      column('state', 'VARCHAR', 'success, failed, skipped, upstream_failed, cancelled, …'),
      column('origin', 'VARCHAR', 'Of a success: executed, reused, pinned, cached or marked.'),
      column('duration', 'DOUBLE', 'First start to final end, retries included.'),
      column('work', 'DOUBLE', 'Wall time of the successful attempts.'),
      column('queued', 'DOUBLE', 'Waiting for slots and pools.'),
      column('attempts', 'INTEGER', 'Attempts, lost ones not counted.'),
      column('ended_at', 'TIMESTAMP', 'When its last instance ended.'),
      column('rows', 'DOUBLE', 'Reported as the output `rows`.'),
      column('bytes', 'DOUBLE', 'Reported as the output `bytes`.'),
      column('peak_memory', 'DOUBLE', 'Highest of its attempts.'),
      column('cpu', 'DOUBLE', 'CPU time of its attempts.'),
    ],
  },
  {
    name: 'attempts',
    description: 'One row for every attempt of an instance.',
    columns: [
      run,
      task,
      index,
      attempt,
      column('state', 'VARCHAR', 'success, failed, timed_out, cancelled, lost; null while it runs.'),
      column('started_at', 'TIMESTAMP', 'When its process ran.'),
      column('duration', 'DOUBLE', 'From there to its end.'),
      column('waited', 'DOUBLE', 'Ready, but waiting for a slot, pool or place.'),
      column('cause', 'VARCHAR', 'What its start waited for last: begin, dependency, retry, pool, slot, …'),
      column('exit_code', 'INTEGER', 'Of the process.'),
      column('signal', 'VARCHAR', 'What killed it.'),
      column('peak_memory', 'DOUBLE', 'Sampled.'),
      column('cpu', 'DOUBLE', 'CPU time, sampled.'),
      column('reason', 'VARCHAR', 'Why it failed, in a sentence.'),
    ],
  },
  {
    name: 'events',
    description: 'One row for every event of the journals, in their order (n).',
    columns: [
      run,
      column('n', 'BIGINT', 'Number of the event in its journal.'),
      column('happened_at', 'TIMESTAMP', 'When, counted from the begin of the run.'),
      column('t', 'DOUBLE', 'Seconds since the begin of the run.'),
      column('type', 'VARCHAR', 'run, queued, starting, started, finished, retrying, settled, ended, …'),
      task,
      index,
      attempt,
      column('event', 'JSON', 'The whole event.'),
    ],
  },
]
