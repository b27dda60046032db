import { durationText } from '#shared/analysis/duration-text.ts'
import { selectTask } from '../state/selection.ts'
import styles from './AttemptTable.module.css'
import type { AttemptRow } from './gantt-table.ts'

/** More would make the window slow; the CSV holds all. */
const MOST = 500

const COLUMNS = ['Task', 'Attempt', 'State', 'Ready', 'Started', 'Ended', 'Waited', 'Worked', 'Started after'] as const
const time = (seconds: number) => durationText(Math.round(seconds * 1e6))

/** The timeline as a table: what its bars say, in words and numbers. */
export function AttemptTable({ rows }: { readonly rows: readonly AttemptRow[] }) {
  if (rows.length === 0) return <p className={styles.note}>No task of this run has started.</p>
  return (
    <div className={styles.scroll}>
      {rows.length > MOST && (
        <p className={styles.note}>
          The first {MOST} of {rows.length.toLocaleString('en')} attempts; the CSV holds all.
        </p>
      )}
      <table className={styles.table} aria-label="Attempts of the run">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST).map((row) => (
            <tr key={row.key} data-critical={row.heldUp || undefined}>
              <th scope="row">
                <button type="button" className={styles.task} onClick={() => selectTask(row.task)}>
                  {row.instance === null ? row.task : `${row.task}[${row.instance}]`}
                </button>
              </th>
              <td>{row.attempt}</td>
              <td>{row.state}</td>
              <td>{time(row.readyAt)}</td>
              <td>{time(row.startedAt)}</td>
              <td>{time(row.endedAt)}</td>
              <td>{time(row.waited)}</td>
              <td>{time(row.worked)}</td>
              <td className={styles.words}>{row.after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
