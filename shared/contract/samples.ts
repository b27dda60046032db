/** The workspaces that ship with the app, in the order in which they are shown. `name`: their folder under samples/. */
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
    about: '89 pipelines on one pool of workers, with made-up durations: what to simulate and plan',
  },
] as const

export type Sample = (typeof SAMPLES)[number]
export type SampleName = Sample['name']
export const SAMPLE_NAMES = SAMPLES.map(({ name }) => name)
