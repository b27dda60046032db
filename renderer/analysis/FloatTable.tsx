import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { PipelineAnalysis, TaskAnalysis } from '#shared/analysis/summary.ts'
import { useAnalysis } from '../state/analysis.ts'
import { selectTask, useSelectedTask } from '../state/selection.ts'
import { ChartMenu } from './chart/ChartMenu.tsx'
import { csvText } from './chart/csv-text.ts'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'
import styles from './FloatTable.module.css'

interface FloatRow extends TaskAnalysis {
  readonly id: string
  readonly near: boolean
}

const time = (title: string, of: (row: FloatRow) => number): FactsColumn<FloatRow> => ({
  title,
  numeric: true,
  cell: (row) => durationText(of(row)),
  tip: (row) => exactDurationText(of(row)),
})

const COLUMNS: readonly FactsColumn<FloatRow>[] = [
  { title: 'Task', cell: ({ id }) => id },
  { title: 'On the path', cell: ({ critical, near }) => (critical ? 'critical' : near ? 'nearly' : '–') },
  time('Duration', ({ duration }) => duration),
  time('Total float', ({ totalFloat }) => totalFloat),
  time('Free float', ({ freeFloat }) => freeFloat),
  time('Drag', ({ drag }) => drag),
]

/** More rows than these say nothing more to a person; the CSV has all. */
const MOST_ROWS = 500

/** The plan of every task, least float first. */
export function FloatTable({ plan }: { readonly plan: PipelineAnalysis }) {
  const near = useAnalysis((state) => state.nearTasks)
  const selected = useSelectedTask()
  const rows = Object.entries(plan.tasks)
    .map(([id, task]): FloatRow => ({ ...task, id, near: near.has(id) }))
    .sort((a, b) => a.totalFloat - b.totalFloat || a.earliestStart - b.earliestStart)
  return (
    <div className={styles.table}>
      <div className={styles.head}>
        <h2 className={styles.title}>Float of every task</h2>
        {rows.length > MOST_ROWS && <span className={styles.note}>the {MOST_ROWS} with the least</span>}
        <ChartMenu title="Float" csv={() => csvOf(rows)} />
      </div>
      <FactsTable
        label="Float of every task"
        columns={COLUMNS}
        rows={rows.slice(0, MOST_ROWS)}
        keyOf={({ id }) => id}
        chosen={selected}
        onOpen={({ id }) => selectTask(id)}
      />
    </div>
  )
}

function csvOf(rows: readonly FloatRow[]): string {
  return csvText(
    ['task', 'critical', 'nearly_critical', 'duration', 'total_float', 'free_float', 'drag'],
    rows.map(({ id, critical, near, duration, totalFloat, freeFloat, drag }) => [
      id,
      critical,
      near,
      ...[duration, totalFloat, freeFloat, drag].map((micros) => micros / 1e6),
    ]),
  )
}
