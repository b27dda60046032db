/**
 * The workspaces that ship with the app, in the order in which they are shown. `name`: their folder under samples/.
 * `opens`: the file to look at first, where that is not a pipeline.
 */
export const SAMPLES = [
  {
    name: 'flights',
    folder: 'Dagwright flights',
    title: 'Flight delays',
    about: 'Three million flights, from files to a report, with recorded runs',
  },
  {
    name: 'rules',
    folder: 'Dagwright rules',
    title: 'Rules',
    about: 'Branches, joins, conditions, and failures that are handled',
  },
  {
    name: 'mapping',
    folder: 'Dagwright mapping',
    title: 'Mapping',
    about: 'One task over a list, over a matrix, and instance by instance',
  },
  {
    name: 'sql',
    folder: 'Dagwright SQL',
    title: 'SQL and checks',
    about: 'A small warehouse in DuckDB, its checks and its files',
  },
  {
    name: 'retries',
    folder: 'Dagwright retries',
    title: 'Retries and failure',
    about: 'Backoff, timeouts, exit codes, and what runs when a run has failed',
  },
  {
    name: 'parameters',
    folder: 'Dagwright parameters',
    title: 'Parameters',
    about: 'Typed parameters, the logical date, and how values reach code',
  },
  {
    name: 'morning_rush',
    folder: 'Dagwright morning rush',
    title: 'Morning rush',
    about: 'Will 89 pipelines end in time, and on how many workers? Made-up durations',
    opens: 'rush.plan.yaml',
  },
] as const

export type Sample = (typeof SAMPLES)[number]
export type SampleName = Sample['name']
export const SAMPLE_NAMES = SAMPLES.map(({ name }) => name)
