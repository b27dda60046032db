import { Dices, Square } from 'lucide-react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { MonteCarloResult, TaskChance } from '#shared/analysis/monte-carlo-result.ts'
import { cancelNextRun, drawNextRun, NEXT_RUN_DRAWS, useNextRun } from '../state/nextRun.ts'
import { selectTask, useSelectedTask } from '../state/selection.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Progress } from '../ui/Progress.tsx'
import { Chart } from './chart/Chart.tsx'
import { csvText } from './chart/csv-text.ts'
import { Bars, LegendMark, Moment } from './chart/marks.tsx'
import styles from './DrawsPanel.module.css'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'
import { goalText, isSuccess, percentText } from './goal-text.ts'
import { plainText } from './plain-text.ts'

/** The next run drawn thousands of times: how long it may take, and which tasks decide it how often. */
export function DrawsPanel() {
  const { drawing, drawn, result, notes, problem } = useNextRun()
  if (problem !== null) {
    return (
      <EmptyState icon={Dices} title={plainText(problem.message)}>
        {plainText(problem.hint ?? '')} <code>{problem.code}</code>
      </EmptyState>
    )
  }
  if (result === null && !drawing) {
    return (
      <EmptyState
        icon={Dices}
        title="How long may the next run take?"
        actions={
          <Button icon={Dices} onClick={() => void drawNextRun()}>
            Draw {NEXT_RUN_DRAWS.toLocaleString('en')} runs
          </Button>
        }
      >
        Every attempt takes as long as one of its past attempts, or as its estimate allows, and fails as often as it
        did.
      </EmptyState>
    )
  }
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        {drawing ? (
          <>
            <Progress value={drawn / NEXT_RUN_DRAWS} label="Drawing the next run" />
            <Button size="small" icon={Square} onClick={cancelNextRun}>
              Stop at {drawn.toLocaleString('en')}
            </Button>
          </>
        ) : (
          <Button size="small" icon={Dices} onClick={() => void drawNextRun()}>
            Draw again
          </Button>
        )}
        {result && <Numbers result={result} />}
      </div>
      {result && (
        <div className={styles.body}>
          <Makespans result={result} />
          <Tasks tasks={result.tasks} />
        </div>
      )}
      <p className={styles.notes}>
        {result && `${result.draws.toLocaleString('en')} draws, seed ${result.seed}. `}
        {notes.map(plainText).join(' ')}
      </p>
    </div>
  )
}

function Numbers({ result }: { readonly result: MonteCarloResult }) {
  const { makespan, states, overran, goals } = result
  return (
    <dl className={styles.numbers}>
      {makespan.percentiles
        .filter(({ percent }) => [50, 90, 95, 99].includes(percent))
        .map(({ percent, value }) => (
          <div key={percent} title={exactDurationText(value)}>
            <dt>p{percent}</dt>
            <dd>{durationText(value)}</dd>
          </div>
        ))}
      {!goals.some(({ goal }) => isSuccess(goal)) && (
        <div title="Share of the draws in which the run does not fail">
          <dt>succeeds</dt>
          <dd>{percentText(1 - states.failed)}</dd>
        </div>
      )}
      {overran > 0 && (
        <div title="Share of the draws that reach the pipeline’s timeout, and so fail">
          <dt>times out</dt>
          <dd>{percentText(overran)}</dd>
        </div>
      )}
      {goals.map(({ goal, chance, margin }) => (
        <div key={JSON.stringify(goal)} title={`95% confidence: ± ${percentText(margin)}`}>
          <dt>{goalText(goal)}</dt>
          <dd>{percentText(chance)}</dd>
        </div>
      ))}
    </dl>
  )
}

function Makespans({ result: { histogram, makespan, goals, draws } }: { readonly result: MonteCarloResult }) {
  const { from, width, counts } = histogram
  const bars = counts.map((count, index) => ({
    key: String(index),
    from: from + index * width,
    to: from + (index + 1) * width,
    value: count / Math.max(1, draws),
  }))
  const marks = makespan.percentiles.filter(({ percent }) => percent === 50 || percent === 95)
  const limits = goals.flatMap(({ goal }) => (goal.task === null && goal.of === 'duration' ? [goal.within] : []))
  const right = Math.max(from + counts.length * width, ...limits.filter((limit) => limit < 2 * makespan.most))
  const most = Math.max(...bars.map(({ value }) => value), 0.01)
  return (
    <Chart
      title="Makespan of the next run"
      legend={<LegendMark shape="bar" color="--bar-typical" text="share of the draws" />}
      y={{ domain: { from: 0, to: most }, unit: 'share' }}
      x={{ domain: { from, to: right }, unit: 'duration' }}
      points={bars.map((bar) => ({
        key: bar.key,
        x: (bar.from + bar.to) / 2,
        y: bar.value,
        lines: [`${durationText(bar.from)} to ${durationText(bar.to)}`, `${percentText(bar.value)} of the draws`],
      }))}
      csv={() =>
        csvText(
          ['from_seconds', 'to_seconds', 'draws'],
          bars.map((bar, index) => [bar.from / 1e6, bar.to / 1e6, counts[index]]),
        )
      }
      className={styles.chart}
    >
      {(plot) => (
        <>
          <Bars plot={plot} bars={bars} />
          {marks.map(({ percent, value }) => (
            <Moment
              key={percent}
              row={1}
              plot={plot}
              value={value}
              text={`p${percent} ${durationText(value)}`}
              color="--text-2"
            />
          ))}
          {limits
            .filter((limit) => limit <= right)
            .map((limit) => (
              <Moment key={limit} plot={plot} value={limit} text={`objective ${durationText(limit)}`} />
            ))}
        </>
      )}
    </Chart>
  )
}

const COLUMNS: readonly FactsColumn<TaskChance>[] = [
  { title: 'Task', cell: ({ task }) => task },
  {
    title: 'Critical',
    numeric: true,
    cell: ({ criticality }) => percentText(criticality),
    tip: () => 'Criticality index: the share of draws in which the task lies on the critical path of the run',
  },
  { title: 'Succeeds', numeric: true, cell: ({ success }) => percentText(success) },
]

/** Of pipelines whose timeouts count. */
const TIMES_OUT: FactsColumn<TaskChance> = {
  title: 'Times out',
  numeric: true,
  cell: ({ timedOut }) => percentText(timedOut),
  tip: () => 'The share of the draws in which an attempt of the task runs into its timeout',
}

function Tasks({ tasks }: { readonly tasks: readonly TaskChance[] }) {
  const selected = useSelectedTask()
  return (
    <FactsTable
      label="Tasks by how often they are critical"
      columns={tasks.some(({ timedOut }) => timedOut > 0) ? [...COLUMNS, TIMES_OUT] : COLUMNS}
      rows={[...tasks].sort((a, b) => b.criticality - a.criticality)}
      keyOf={({ task }) => task}
      chosen={selected}
      onOpen={({ task }) => selectTask(task)}
    />
  )
}
