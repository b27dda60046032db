import { ArrowDown, ArrowUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
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
  /** What the rows are sorted by when its head is pressed; absent: they are not. */
  readonly value?: (row: Row) => string | number
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

interface Order {
  readonly title: string
  readonly down: boolean
}

/** The table behind a chart: its head stays while it scrolls. */
export function FactsTable<Row>({ label, columns, rows, keyOf, onOpen, chosen = null }: FactsTableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(null)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.title} column={column} order={order} onOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortedBy(rows, columns, order).map((row) => {
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

interface HeadProps<Row> {
  readonly column: FactsColumn<Row>
  readonly order: Order | null
  readonly onOrder: (order: Order) => void
}

function Head<Row>({ column: { title, numeric, wide, value }, order, onOrder }: HeadProps<Row>) {
  const down = order?.title === title ? order.down : null
  return (
    <th
      scope="col"
      className={classes(numeric && styles.numeric, wide && styles.wide)}
      aria-sort={down === null ? undefined : down ? 'descending' : 'ascending'}
    >
      {value === undefined ? (
        title
      ) : (
        <button type="button" className={styles.sort} onClick={() => onOrder({ title, down: down === false })}>
          {title}
          {down === true && <ArrowDown size={12} aria-hidden />}
          {down === false && <ArrowUp size={12} aria-hidden />}
        </button>
      )}
    </th>
  )
}

function sortedBy<Row>(
  rows: readonly Row[],
  columns: readonly FactsColumn<Row>[],
  order: Order | null,
): readonly Row[] {
  const value = columns.find(({ title }) => title === order?.title)?.value
  if (order === null || value === undefined) return rows
  const sorted = rows.toSorted((a, b) => {
    const [one, other] = [value(a), value(b)]
    if (typeof one === 'string' || typeof other === 'string') return String(one).localeCompare(String(other), 'en')
    return one === other ? 0 : one - other
  })
  return order.down ? sorted.reverse() : sorted
}
