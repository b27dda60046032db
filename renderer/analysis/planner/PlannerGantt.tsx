import { exactDurationText } from '#shared/analysis/duration-text.ts'
import { rushClock } from '#shared/analysis/planner-text.ts'
import { Chart, type Plot } from '../chart/Chart.tsx'
import { csvText } from '../chart/csv-text.ts'
import { LegendMark } from '../chart/marks.tsx'
import styles from './Planner.module.css'
import { clockTicks } from './PlannerChart.tsx'
import { type ShownWay, WAY_NAMES, workerRows } from './planner-ways.ts'
import type { PlannedRush } from './use-rush-answer.ts'

interface PlacedTask {
  readonly key: string
  readonly pipeline: string
  readonly task: string
  /** From 0. */
  readonly worker: number
  readonly start: number
  readonly end: number
  readonly late: boolean
}

const ROW = 18
/** Pixels of one letter of a label. */
const LETTER = 6.2

/** Which worker does what, when. */
export function PlannerGantt({
  planned: { rush },
  shown,
}: {
  readonly planned: PlannedRush
  readonly shown: ShownWay
}) {
  const rows = workerRows(shown.profile.tasks)
  const late = new Set(shown.profile.pipelines.filter(({ inTime }) => !inTime).map(({ pipeline }) => pipeline))
  const placed = rows
    .flatMap((row, worker) =>
      row.map(
        (task): PlacedTask => ({
          ...task,
          key: JSON.stringify([task.pipeline, task.task]),
          worker,
          late: late.has(task.pipeline),
        }),
      ),
    )
    .sort((a, b) => a.start - b.start)
  const end = placed.reduce((last, task) => Math.max(last, task.end), rush.window)
  return (
    <div style={{ height: Math.max(2, rows.length) * ROW + 60 }} className={styles.gantt}>
      <Chart
        className={styles.chart}
        title={`Pipelines by worker, ${WAY_NAMES[shown.way].toLowerCase()}`}
        legend={
          <>
            <LegendMark shape="bar" color="--bar" text="in time" />
            {late.size > 0 && <LegendMark shape="bar" color="--danger" text="late (with an edge)" />}
          </>
        }
        y={{ domain: { from: 0, to: Math.max(1, rows.length) }, unit: 'count' }}
        x={{ domain: { from: 0, to: end }, ticks: clockTicks(rush, end) }}
        points={placed.map((task) => ({
          key: task.key,
          x: (task.start + task.end) / 2,
          y: task.worker + 0.5,
          lines: [
            nameOf(task),
            `Worker ${task.worker + 1}${task.late ? ', late' : ''}`,
            `${rushClock(rush, task.start)} to ${rushClock(rush, task.end)} (${exactDurationText(task.end - task.start)})`,
          ],
        }))}
        csv={() =>
          csvText(
            ['worker', 'pipeline', 'task', 'start_seconds', 'end_seconds', 'late'],
            placed.map((one) => [one.worker + 1, one.pipeline, one.task, one.start / 1e6, one.end / 1e6, one.late]),
          )
        }
      >
        {(plot) => placed.map((task) => <TaskBar key={task.key} plot={plot} task={task} />)}
      </Chart>
    </div>
  )
}

function TaskBar({ plot, task }: { readonly plot: Plot; readonly task: PlacedTask }) {
  const left = plot.x(task.start)
  const width = Math.max(1, plot.x(task.end) - left - 1)
  const top = plot.y(task.worker + 1) + 1
  const height = Math.max(2, plot.y(task.worker) - top - 1)
  const letters = Math.floor((width - 6) / LETTER)
  const name = nameOf(task)
  return (
    <>
      <rect
        x={left}
        y={top}
        width={width}
        height={height}
        rx={2}
        fill="var(--bar)"
        stroke={task.late ? 'var(--danger)' : 'none'}
        strokeWidth={1.5}
      />
      {letters > 3 && height > 10 && (
        <text className={styles.barText} x={left + 4} y={top + height / 2} dominantBaseline="central">
          {name.length <= letters ? name : `${name.slice(0, letters - 1)}…`}
        </text>
      )}
    </>
  )
}

function nameOf({ pipeline, task }: PlacedTask): string {
  return pipeline === task ? pipeline : `${pipeline}: ${task}`
}
