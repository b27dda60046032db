import { durationText } from '#shared/analysis/duration-text.ts'
import type { RunPoint, TaskHistory, TaskPoint } from '#shared/analysis/history.ts'
import { bytesText } from '../runs/log-buffer.ts'
import { whenText } from '../runs/run-text.ts'
import { chooseRun, useRuns } from '../state/runs.ts'
import { ORIGIN_STYLES } from '../ui/origins.ts'
import { StateLabel } from '../ui/StateIcon.tsx'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'
import { rateText } from './history-series.ts'

const time = (value: number | null) => (value === null ? '–' : durationText(value))
const amount = (value: number | null) => (value === null ? '–' : value.toLocaleString('en'))
const size = (value: number | null) => (value === null ? '–' : bytesText(value))

const RUN_COLUMNS: readonly FactsColumn<RunPoint>[] = [
  { title: 'Started', cell: (run) => whenText(run.startedAt, Date.now()), tip: (run) => run.run },
  { title: 'State', cell: (run) => <StateLabel state={run.state} size={13} /> },
  { title: 'Makespan', numeric: true, cell: (run) => time(run.makespan) },
  { title: 'Counts', cell: (run) => (run.whole ? 'yes' : 'no: not a whole run') },
  { title: 'Success rate', numeric: true, cell: (run) => rateText(run.rate) },
]

export function PipelineTable({ runs }: { readonly runs: readonly RunPoint[] }) {
  const chosen = useRuns((state) => state.chosen)
  return (
    <FactsTable
      label="Runs of the pipeline"
      columns={RUN_COLUMNS}
      rows={runs}
      keyOf={(run) => run.run}
      chosen={chosen}
      onOpen={(run) => void chooseRun(run.run)}
    />
  )
}

const TASK_COLUMNS: readonly FactsColumn<TaskPoint>[] = [
  { title: 'Run', cell: (point) => whenText(point.startedAt, Date.now()), tip: (point) => point.run },
  {
    title: 'State',
    cell: (point) => (
      <>
        <StateLabel state={point.state} size={13} />
        {point.origin !== null && point.origin !== 'executed' && ` (${ORIGIN_STYLES[point.origin].label})`}
      </>
    ),
  },
  { title: 'Duration', numeric: true, cell: (point) => time(point.duration) },
  { title: 'Work', numeric: true, cell: (point) => time(point.work) },
  { title: 'Waited', numeric: true, cell: (point) => time(point.queued) },
  { title: 'Attempts', numeric: true, cell: (point) => point.attempts },
  { title: 'Rows', numeric: true, cell: (point) => amount(point.rows) },
  { title: 'Bytes', numeric: true, cell: (point) => size(point.bytes) },
  { title: 'Peak memory', numeric: true, cell: (point) => size(point.peakMemory) },
  { title: 'CPU', numeric: true, cell: (point) => time(point.cpu) },
]

export function TaskTable({ history }: { readonly history: TaskHistory }) {
  const chosen = useRuns((state) => state.chosen)
  return (
    <FactsTable
      label={`Runs of ${history.task}`}
      columns={TASK_COLUMNS}
      rows={history.points}
      keyOf={(point) => point.run}
      chosen={chosen}
      onOpen={(point) => void chooseRun(point.run)}
    />
  )
}
