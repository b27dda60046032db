import { ChartLine, History, Table } from 'lucide-react'
import { type ReactNode, useEffect } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { DurationStatistics, HistoryChange, SuccessRate, TaskHistory } from '#shared/analysis/history.ts'
import { commandOf } from '../app/commands.ts'
import { CallFailed } from '../runs/CallFailed.tsx'
import { useCall } from '../runs/use-call.ts'
import { useRemembered } from '../runs/use-remembered.ts'
import { useAnalysis } from '../state/analysis.ts'
import { api } from '../state/client.ts'
import { usePipeline } from '../state/documents.ts'
import { HISTORY_RUNS, retryHistory, usePipelineHistory, wantHistory } from '../state/pipelineHistory.ts'
import { chooseRun, useRuns } from '../state/runs.ts'
import { clearSelection, selectTask, useSelectedTask } from '../state/selection.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Select } from '../ui/Select.tsx'
import { HistoryChart } from './HistoryChart.tsx'
import styles from './HistoryPanel.module.css'
import { PipelineTable, TaskTable } from './HistoryTable.tsx'
import {
  changeText,
  type HistoryMeasure,
  type HistorySeries,
  pipelineSeries,
  rateText,
  taskSeries,
} from './history-series.ts'

/** The pipeline, or the task that is selected on the canvas, over its past runs. */
export function HistoryPanel() {
  const pipeline = usePipeline()
  const selected = useSelectedTask()
  useEffect(wantHistory)
  if (!pipeline) return <EmptyState icon={History} title="Open a pipeline to see its history." />
  const task = pipeline.tasks.some(({ id }) => id === selected) ? selected : null
  return task === null ? <PipelineView name={pipeline.name} /> : <TaskView pipeline={pipeline.id} task={task} />
}

function PipelineView({ name }: { readonly name: string }) {
  const { pipeline: history, error } = usePipelineHistory()
  const [measure, setMeasure] = useRemembered<'duration' | 'success'>('history.pipeline', 'duration')
  if (history === null) return error ? <CallFailed error={error} retry={retryHistory} /> : <Reading />
  if (history.runs.length === 0) return <NoRuns text={history.note ?? ''} />
  const series = pipelineSeries(history, measure === 'success' ? 'success' : 'duration')
  return (
    <View
      name={name}
      series={series}
      measure={measure}
      measures={['duration', 'success']}
      onMeasure={(next) => setMeasure(next === 'success' ? 'success' : 'duration')}
      facts={
        <Facts
          shown={measure}
          statistics={history.makespan}
          rate={history.rate}
          changes={history.changes}
          note={history.note}
        />
      }
      table={<PipelineTable runs={history.runs} />}
    />
  )
}

function TaskView({ pipeline, task }: { readonly pipeline: string; readonly task: string }) {
  const version = usePipelineHistory((state) => state.version)
  const answer = useCall(JSON.stringify([pipeline, task, version]), (signal) =>
    api().history.task({ workspace: workspaceRoot(), pipeline, task, limit: HISTORY_RUNS }, { signal }),
  )
  const [wanted, setMeasure] = useRemembered<HistoryMeasure>('history.task', 'duration')
  const history = answer.value
  if (answer.status === 'failed') return <CallFailed error={answer.error} retry={answer.retry} />
  if (history === null) return <Reading />
  if (history.points.length === 0) return <NoRuns text={`${task}: ${history.note ?? ''}`} />
  const measures = measuresOf(history)
  const measure = measures.includes(wanted) ? wanted : 'duration'
  return (
    <View
      name={task}
      series={taskSeries(history, measure)}
      measure={measure}
      measures={measures}
      onMeasure={setMeasure}
      facts={
        <>
          <Facts
            shown={measure}
            statistics={history.duration}
            rate={history.rate}
            changes={history.changes}
            note={history.note}
          />
          <Recorded task={task} />
        </>
      }
      table={<TaskTable history={history} />}
    />
  )
}

const MEASURES: Readonly<Record<HistoryMeasure, string>> = {
  duration: 'Duration',
  queued: 'Queue time',
  success: 'Success rate',
  attempts: 'Attempts',
  rows: 'Rows',
  bytes: 'Bytes',
  memory: 'Peak memory',
}

/** Rows, bytes and memory only where a run reports them. */
function measuresOf({ rows, bytes, peakMemory }: TaskHistory): readonly HistoryMeasure[] {
  return [
    'duration',
    'queued',
    'success',
    'attempts',
    ...(rows === null ? [] : (['rows'] as const)),
    ...(bytes === null ? [] : (['bytes'] as const)),
    ...(peakMemory === null ? [] : (['memory'] as const)),
  ]
}

interface ViewProps {
  readonly name: string
  readonly series: HistorySeries
  readonly measure: HistoryMeasure
  readonly measures: readonly HistoryMeasure[]
  readonly onMeasure: (measure: HistoryMeasure) => void
  readonly facts: ReactNode
  readonly table: ReactNode
}

function View({ name, series, measure, measures, onMeasure, facts, table }: ViewProps) {
  const [asTable, setAsTable] = useRemembered<boolean>('history.asTable', false)
  const chosen = useRuns((state) => state.chosen)
  const hasValues = series.points.some(({ value }) => value !== null)
  const title = `${MEASURES[measure]} of ${name} by run`
  const lead = (
    <div className={styles.facts}>
      <Subject />
      <Select
        size="small"
        label="What the chart shows"
        value={measure}
        options={measures.map((value) => ({ value, label: MEASURES[value] }))}
        onChange={onMeasure}
      />
      <IconButton
        size="small"
        icon={asTable ? ChartLine : Table}
        label={asTable ? 'Show the chart' : 'Show the table'}
        onClick={() => setAsTable(!asTable)}
      />
      {facts}
    </div>
  )
  if (hasValues && !asTable) {
    return (
      <HistoryChart
        className={styles.chart}
        title={title}
        lead={lead}
        series={series}
        chosen={chosen}
        onOpen={(run) => void chooseRun(run)}
      />
    )
  }
  return (
    <div className={styles.panel}>
      {lead}
      {asTable ? (
        table
      ) : (
        <EmptyState icon={ChartLine} title={`No run has a ${MEASURES[measure].toLowerCase()} of ${name} yet.`}>
          The table lists the runs as they ended.
        </EmptyState>
      )}
    </div>
  )
}

const WHOLE = ''
/** More than these are found faster on the canvas. */
const MOST_LISTED = 300

/** What is looked at: the selected task, else the pipeline. */
function Subject() {
  const pipeline = usePipeline()
  const selected = useSelectedTask()
  if (!pipeline) return null
  const tasks =
    pipeline.tasks.length > MOST_LISTED ? pipeline.tasks.filter(({ id }) => id === selected) : pipeline.tasks
  return (
    <Select
      size="small"
      label="History of"
      value={selected ?? WHOLE}
      options={[
        { value: WHOLE, label: 'Whole pipeline' },
        ...tasks.map((task) => ({
          value: task.id,
          label: task.name,
          ...(task.name === task.id ? {} : { detail: task.id }),
        })),
      ]}
      onChange={(id) => (id === WHOLE ? clearSelection() : selectTask(id))}
    />
  )
}

interface FactsProps {
  /** The chart says some of it itself. */
  readonly shown: HistoryMeasure
  readonly statistics: DurationStatistics | null
  readonly rate: SuccessRate | null
  readonly changes: readonly HistoryChange[]
  readonly note: string | null
}

function Facts({ shown, statistics, rate, changes, note }: FactsProps) {
  const change = changes.at(-1)
  return (
    <>
      <dl className={styles.numbers}>
        {statistics && (
          <>
            {shown !== 'duration' && <Fact name="p50" time={statistics.median} />}
            {shown !== 'duration' && <Fact name="p95" time={statistics.p95} />}
            <Fact name="p99" time={statistics.p99} />
          </>
        )}
        <div title="Over the last 20 runs that ended by themselves">
          <dt>Success</dt>
          <dd>{rateText(rate)}</dd>
        </div>
      </dl>
      {change && <p className="visually-hidden">{changeText(change)}</p>}
      {note && (
        <p className={styles.note} title={note}>
          {note}
        </p>
      )}
    </>
  )
}

function Fact({ name, time }: { readonly name: string; readonly time: number }) {
  return (
    <div title={exactDurationText(time)}>
      <dt>{name}</dt>
      <dd>{durationText(time)}</dd>
    </div>
  )
}

/** What another system recorded counts as a basis for the plan, never as a run of ours. */
function Recorded({ task }: { readonly task: string }) {
  const imported = useAnalysis((state) => state.history?.imported ?? null)
  const recorded = imported?.tasks.find(([id]) => id === task)
  if (!imported || !recorded) return null
  return (
    <p className={styles.note}>
      {`${imported.source} recorded ${durationText(recorded[1])}: a basis for the plan (“Recorded”), and no run of this history.`}
    </p>
  )
}

function Reading() {
  return (
    <div className={styles.reading}>
      <Spinner label="Reading the history" />
    </div>
  )
}

function NoRuns({ text }: { readonly text: string }) {
  return (
    <EmptyState
      icon={History}
      title="No history yet"
      actions={<Button onClick={commandOf('run.start').run}>Run</Button>}
    >
      {text}
    </EmptyState>
  )
}
