import type { ReactNode } from 'react'
import { classes } from '../ui/classes.ts'
import styles from './FactsTable.module.css'

export interface FactsColumn<Row> {
  readonly title: string
  /** Numbers stand at the right. */
  readonly numeric?: boolean
  /** Only where there is room. */
  readonly wide?: boolean
  readonly cell: (row: Row) => ReactNode
  /** The whole of a cell that may be cut. */
  readonly tip?: (row: Row) => string | undefined
}

export interface FactsTableProps<Row> {
  readonly label: string
  readonly columns: readonly FactsColumn<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** The row's first cell becomes a button. */
  readonly onOpen?: (row: Row) => void
  readonly chosen?: string | null
}

/** The table behind a chart: its head stays while it scrolls. */
export function FactsTable<Row>({ label, columns, rows, keyOf, onOpen, chosen = null }: FactsTableProps<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ title, numeric, wide }) => (
              <th key={title} scope="col" className={classes(numeric && styles.numeric, wide && styles.wide)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row)
            return (
              <tr key={key} className={classes(key === chosen && styles.chosen)}>
                {columns.map(({ title, numeric, wide, cell, tip }, index) => (
                  <td
                    key={title}
                    className={classes(numeric && styles.numeric, wide && styles.wide)}
                    title={tip?.(row)}
                  >
                    {index === 0 && onOpen ? (
                      <button type="button" className={styles.open} onClick={() => onOpen(row)}>
                        {cell(row)}
                      </button>
                    ) : (
                      cell(row)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
