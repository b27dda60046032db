import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import type { DataPreview } from '#shared/contract/data.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { classes } from '../ui/classes.ts'
import styles from './DataPanel.module.css'

const ROW_HEIGHT = 25
/** Pixels of one character of the code font at 12 px, with the cell's padding aside. */
const CHARACTER = 7.25

/** The first rows of a table; only what is in view is in the page. */
export function DataTable({ preview, label }: { readonly preview: DataPreview; readonly label: string }) {
  const scroll = useRef<HTMLDivElement>(null)
  const columns = useMemo(() => shownColumns(preview), [preview])
  const virtualizer = useVirtualizer({
    count: preview.rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  return (
    <div className={styles.frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: a <table> cannot be virtualised with rows placed by hand */}
      <div
        ref={scroll}
        role="table"
        className={styles.table}
        aria-label={label}
        aria-rowcount={preview.rows.length + 1}
        aria-colcount={preview.columns.length}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
        tabIndex={0}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: nothing to do with a row */}
        <div role="row" className={styles.header}>
          <span className={classes(styles.cell, styles.number)} style={{ width: 52 }} aria-hidden />
          {columns.map((column) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: nothing to do with a header
            <span
              key={column.key}
              role="columnheader"
              className={classes(styles.cell, column.numeric && styles.numeric)}
              style={{ width: column.width }}
              title={`${column.name} ${column.type}`}
            >
              {column.name}
              <span className={styles.type}>{column.type.toLowerCase()}</span>
            </span>
          ))}
        </div>
        <div style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => (
            // biome-ignore lint/a11y/useSemanticElements: as above
            // biome-ignore lint/a11y/useFocusableInteractive: nothing to do with a row
            <div
              key={item.key}
              role="row"
              className={styles.row}
              style={{ top: item.start }}
              aria-rowindex={item.index + 2}
            >
              <span className={classes(styles.cell, styles.number)} style={{ width: 52 }} aria-hidden>
                {item.index + 1}
              </span>
              {columns.map(({ key, width, numeric }, index) => (
                <Cell key={key} value={preview.rows[item.index]?.[index] ?? null} width={width} numeric={numeric} />
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function Cell({ value, width, numeric }: { readonly value: Json; readonly width: number; readonly numeric: boolean }) {
  const text = cellText(value)
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <span
      role="cell"
      className={classes(styles.cell, numeric && styles.numeric, value === null && styles.null)}
      style={{ width }}
      title={text.length * CHARACTER > width - 20 ? text : undefined}
    >
      {text}
    </span>
  )
}

function cellText(value: Json): string {
  if (value === null) return 'null'
  return typeof value === 'string' ? value : JSON.stringify(value)
}

interface ShownColumn {
  /** Names may occur twice. */
  readonly key: string
  readonly name: string
  readonly type: string
  /** Pixels: wide enough for the header and the first rows, within limits. */
  readonly width: number
  readonly numeric: boolean
}

const NUMERIC = /^(?:u?(?:tiny|small|big|huge)?int(?:eger)?|float|double|real|numeric|decimal\(.*\))$/i

function shownColumns({ columns, rows }: DataPreview): readonly ShownColumn[] {
  const first = rows.slice(0, 100)
  return columns.map(({ name, type }, index) => {
    const longest = first.reduce(
      (most, row) => Math.max(most, cellText(row[index] ?? null).length),
      name.length + type.length + 2,
    )
    const width = Math.round(Math.min(Math.max(longest * CHARACTER + 22, 72), 360))
    return { key: `${index} ${name}`, name, type, width, numeric: NUMERIC.test(type) }
  })
}
