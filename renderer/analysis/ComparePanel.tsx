import { ArrowRight, GitCompareArrows } from 'lucide-react'
import type { Contribution, RunComparison, TaskDifference } from '#shared/analysis/compare-runs.ts'
import { differenceText, durationText } from '#shared/analysis/duration-text.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import type { Micros } from '#shared/model/time.ts'
import { stateText } from '../canvas/compareWords.ts'
import { CallFailed } from '../runs/CallFailed.tsx'
import { whenText } from '../runs/run-text.ts'
import { compareWith, useComparison } from '../state/comparison.ts'
import { usePipeline } from '../state/documents.ts'
import { useRuns } from '../state/runs.ts'
import { selectTask, useSelectedTask } from '../state/selection.ts'
import { setLens, useView } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Select } from '../ui/Select.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import styles from './ComparePanel.module.css'
import { ChartMenu } from './chart/ChartMenu.tsx'
import { csvText } from './chart/csv-text.ts'
import { type ComparisonRow, comparisonRows, summaryText } from './compare-rows.ts'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'

/** Two runs of the shown pipeline, task by task: what made the later one longer stands first. */
export function ComparePanel() {
  const pipeline = usePipeline()
  const all = useRuns((state) => state.summaries)
  const runs = all.filter((run) => run.pipeline === pipeline?.id && !run.live)
  const { earlier, later, found, error } = useComparison()
  const known = runs.some(({ run }) => run === later) && runs.some(({ run }) => run === earlier)
  if (runs.length < 2) {
    return (
      <EmptyState icon={GitCompareArrows} title="There is nothing to compare yet">
        {runs.length === 0 ? 'This pipeline has no finished run.' : 'This pipeline has one finished run.'} Two are
        needed.
      </EmptyState>
    )
  }
  if (!known || earlier === null || later === null) {
    const [last, before] = runs
    return (
      <EmptyState
        icon={GitCompareArrows}
        title="No runs are compared"
        actions={<Button onClick={() => void compareWith(before!.run, last!.run)}>Compare the last two runs</Button>}
      >
        Take the last two, or choose “Compare with…” in the menu of a run.
      </EmptyState>
    )
  }
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <RunSelect label="Earlier run" runs={runs} value={earlier} onChange={(run) => void compareWith(run, later)} />
        <ArrowRight size={14} aria-hidden className={styles.arrow} />
        <RunSelect label="Later run" runs={runs} value={later} onChange={(run) => void compareWith(earlier, run)} />
        {found && <Result found={found} />}
      </div>
      {error && <CallFailed error={error} retry={() => void compareWith(earlier, later)} />}
      {!error && !found && <Spinner label="Comparing the runs" />}
      {found && <Differences found={found} />}
    </div>
  )
}

interface RunSelectProps {
  readonly label: string
  readonly runs: readonly RunSummary[]
  readonly value: string
  readonly onChange: (run: string) => void
}

/** More than these are found in the list of runs. */
const MOST_LISTED = 100

function RunSelect({ label, runs, value, onChange }: RunSelectProps) {
  const listed = runs.filter(({ run }, index) => index < MOST_LISTED || run === value)
  return (
    <Select
      size="small"
      label={label}
      value={value}
      options={listed.map((run) => ({
        value: run.run,
        label: whenText(run.startedAt, Date.now()),
        detail: `${STATE_STYLES[run.state].label}${run.makespan === null ? '' : `, ${durationText(run.makespan)}`}`,
      }))}
      onChange={onChange}
    />
  )
}

function Result({ found }: { readonly found: RunComparison }) {
  const lens = useView((state) => state.lens)
  const { earlier, later } = useComparison()
  return (
    <>
      <span className={styles.summary}>{summaryText(found.makespan)}</span>
      {lens !== 'compare' && (
        <Button size="small" onClick={() => setLens('compare')}>
          Show on the canvas
        </Button>
      )}
      <ChartMenu title={`Comparison of ${earlier} and ${later}`} csv={() => csvOf(found)} />
    </>
  )
}

const COLUMNS: readonly FactsColumn<ComparisonRow>[] = [
  { title: 'Task', cell: ({ task }) => task.task },
  {
    title: 'Of the difference',
    numeric: true,
    cell: ({ contribution }) => (contribution === null ? '–' : differenceText(contribution)),
    tip: ({ parts }) => parts.map(partText).join('\n') || 'On neither critical path',
  },
  { title: 'Earlier', numeric: true, cell: ({ task }) => timeText(task.duration.earlier) },
  { title: 'Later', numeric: true, cell: ({ task }) => timeText(task.duration.later) },
  { title: 'Difference', numeric: true, cell: ({ task }) => deltaText(task.duration.delta) },
  { title: 'Waited', numeric: true, cell: ({ task }) => deltaText(task.waited.delta) },
  { title: 'Attempts', numeric: true, cell: ({ task: { attempts } }) => changeText(attempts.earlier, attempts.later) },
  { title: 'State', cell: ({ task: { states } }) => changeText(stateText(states.earlier), stateText(states.later)) },
]

function Differences({ found }: { readonly found: RunComparison }) {
  const selected = useSelectedTask()
  return (
    <FactsTable
      label="Differences by task"
      columns={COLUMNS}
      rows={comparisonRows(found)}
      keyOf={({ task }) => task.task}
      chosen={selected}
      onOpen={({ task }) => selectTask(task.task)}
    />
  )
}

const KINDS: Readonly<Record<Contribution['kind'], string>> = {
  work: 'Work',
  retry: 'Waiting to retry',
  overhead: 'Waiting and starting',
  interrupted: 'Interrupted',
}

function partText({ kind, earlier, later }: Contribution): string {
  return `${KINDS[kind]} on the critical path: ${durationText(earlier)} → ${durationText(later)}`
}

function timeText(time: Micros | null): string {
  return time === null ? '–' : durationText(time)
}

function deltaText(delta: Micros | null): string {
  return delta === null ? '–' : differenceText(delta)
}

function changeText(before: string | number, after: string | number): string {
  return before === after ? String(after) : `${before} → ${after}`
}

function csvOf(found: RunComparison): string {
  const seconds = (time: Micros | null) => (time === null ? null : time / 1e6)
  const cells = ({ task, contribution }: ComparisonRow): readonly unknown[] => {
    const { states, duration, waited, attempts }: TaskDifference = task
    return [
      task.task,
      seconds(contribution),
      ...[duration.earlier, duration.later, duration.delta, waited.delta].map(seconds),
      attempts.earlier,
      attempts.later,
      states.earlier,
      states.later,
    ]
  }
  const columns =
    'task contribution earlier later difference waited_difference attempts_earlier attempts_later state_earlier state_later'
  return csvText(columns.split(' '), comparisonRows(found).map(cells))
}
