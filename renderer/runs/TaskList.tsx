// biome-ignore-all lint/a11y/useSemanticElements: a <table> cannot be virtualised with rows placed by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the row group holds the focus, and arrow keys go through it
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronDown, ChevronRight, ListChecks } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { commandOf } from '../app/commands.ts'
import { runClock, useTick } from '../state/clock.ts'
import { runTimeouts } from '../state/frozenSpec.ts'
import { useRunProgress } from '../state/progress.ts'
import { useIsUnderWay, useRuns, useRunView } from '../state/runs.ts'
import { selectTask, useSelection } from '../state/selection.ts'
import { showLog } from '../state/view.ts'
import { whyContextNow, whySentence } from '../state/why.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ContextMenu } from '../ui/Menu.tsx'
import { Message } from '../ui/Message.tsx'
import { Progress, Spinner } from '../ui/Progress.tsx'
import { StateIcon, StateLabel } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import { limitText } from './attempt-limit.ts'
import { markItems } from './mark-menu.ts'
import { OriginLabel } from './OriginLabel.tsx'
import { shownCounts } from './shown-state.ts'
import styles from './TaskList.module.css'
import { retryText, type TaskListColumn, type TaskListRow, taskListRows } from './task-list.ts'
import { WhyText } from './WhyText.tsx'

const ROW_HEIGHT = 26

/** The tasks of the chosen run as a table, live. */
export function TaskList() {
  const view = useRunView()
  const chosen = useRuns((state) => state.chosen)
  if (view !== null && chosen !== null) return <Tasks key={chosen} view={view} />
  if (chosen !== null) return <Spinner label="Reading the run" />
  return (
    <EmptyState
      icon={ListChecks}
      title="No run is shown"
      actions={
        <Button variant="primary" onClick={commandOf('run.start').run}>
          {commandOf('run.start').title}
        </Button>
      }
    >
      Run the pipeline, or choose an earlier run in the Runs list: every task with its state and times appears here.
    </EmptyState>
  )
}

interface Sort {
  readonly column: TaskListColumn
  readonly descending: boolean
}

function Tasks({ view }: { readonly view: RunView }) {
  const live = useIsUnderWay()
  const [sort, setSort] = useState<Sort>({ column: 'order', descending: false })
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  useTick(live, view.counts.retrying > 0 ? 100 : 500)
  const rows = taskListRows(view, runClock(view), sort, open, runTimeouts())
  const toggle = (task: string) =>
    setOpen((before) => {
      const next = new Set(before)
      if (!next.delete(task)) next.add(task)
      return next
    })
  return (
    <div className={styles.panel}>
      <Summary view={view} live={live} />
      <div role="table" className={styles.panel} aria-label="Tasks of the run" aria-rowcount={rows.length + 1}>
        <Head sort={sort} onSort={setSort} />
        <Rows rows={rows} onToggle={toggle} />
      </div>
    </div>
  )
}

function Summary({ view, live }: { readonly view: RunView; readonly live: boolean }) {
  const progress = useRunProgress()
  return (
    <div className={styles.summary}>
      {live && progress && (
        <>
          <span className={styles.progress}>
            <Progress value={progress.share} label="Progress of the run" />
          </span>
          <span>
            {progress.done} of {progress.total} tasks
          </span>
          <span className={styles.quiet}>
            {progress.remaining === null ? 'longer than usual' : `about ${durationText(progress.remaining)} left`}
          </span>
        </>
      )}
      {!live && (
        <span className={styles.quiet}>
          <Message text={view.reason?.message ?? `${view.order.length} tasks`} />
        </span>
      )}
      <span className={styles.counts}>
        {shownCounts(view).map(([state, count]) => (
          <span key={state} className={styles.count}>
            <StateIcon state={state} size={12} />
            {count} {STATE_STYLES[state].label.toLowerCase()}
          </span>
        ))}
      </span>
    </div>
  )
}

const COLUMNS: readonly { readonly id: TaskListColumn; readonly label: string; readonly number: boolean }[] = [
  { id: 'name', label: 'Task', number: false },
  { id: 'state', label: 'State', number: false },
  { id: 'attempts', label: 'Attempts', number: true },
  { id: 'duration', label: 'Duration', number: true },
  { id: 'queued', label: 'Waited', number: true },
]

function Head({ sort, onSort }: { readonly sort: Sort; readonly onSort: (sort: Sort) => void }) {
  const Arrow = sort.descending ? ArrowDown : ArrowUp
  /** Ascending, descending, and back to the order of the file. */
  const next = (column: TaskListColumn): Sort => {
    if (sort.column !== column) return { column, descending: column === 'duration' || column === 'queued' }
    const first = column === 'duration' || column === 'queued'
    return sort.descending === first ? { column, descending: !first } : { column: 'order', descending: false }
  }
  return (
    <div role="row" className={styles.head}>
      {COLUMNS.map(({ id, label, number }) => (
        <span
          key={id}
          role="columnheader"
          className={classes(number && styles.number)}
          aria-sort={sort.column !== id ? 'none' : sort.descending ? 'descending' : 'ascending'}
        >
          <button type="button" className={styles.sort} onClick={() => onSort(next(id))}>
            {label}
            {sort.column === id && <Arrow size={12} aria-hidden />}
          </button>
        </span>
      ))}
      <span role="columnheader">Why</span>
    </div>
  )
}

function Rows({
  rows,
  onToggle,
}: {
  readonly rows: readonly TaskListRow[]
  readonly onToggle: (task: string) => void
}) {
  const scroll = useRef<HTMLDivElement>(null)
  const selected = useSelection((state) => state.tasks)
  /** Several rows may belong to the one task that is selected. */
  const [current, setCurrent] = useState<string | null>(null)
  const at = currentRow(rows, selected, current)
  const choose = (row: TaskListRow) => {
    setCurrent(row.key)
    selectTask(row.task)
  }
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  })
  const keyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    const index = Math.min(Math.max(at + by, 0), rows.length - 1)
    if (rows[index]) choose(rows[index])
    virtualizer.scrollToIndex(index)
  }
  const marked = rows[at]
  return (
    <ContextMenu items={marked === undefined ? [] : markItems(marked)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go through the rows */}
      <div ref={scroll} role="rowgroup" className={styles.scroll} tabIndex={0} onKeyDown={keyDown}>
        <div style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = rows[item.index]
            return (
              row && (
                <Row
                  key={row.key}
                  row={row}
                  top={item.start}
                  selected={item.index === at || (row.index === null && selected.has(row.task))}
                  onChoose={choose}
                  onToggle={onToggle}
                />
              )
            )
          })}
        </div>
      </div>
    </ContextMenu>
  )
}

/** Where the keys and the menu are: the row chosen last, as long as its task is the selected one. */
function currentRow(rows: readonly TaskListRow[], selected: ReadonlySet<string>, current: string | null): number {
  const chosen = rows.findIndex((row) => row.key === current && selected.has(row.task))
  return chosen >= 0 ? chosen : rows.findIndex((row) => selected.has(row.task))
}

interface RowProps {
  readonly row: TaskListRow
  readonly top: number
  readonly selected: boolean
  readonly onChoose: (row: TaskListRow) => void
  readonly onToggle: (task: string) => void
}

function Row({ row, top, selected, onChoose, onToggle }: RowProps) {
  const Chevron = row.mapped?.open === true ? ChevronDown : ChevronRight
  const why = whyContextNow()
  const sentence = why === null ? '' : whySentence(why, row.task, row.index)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the rows' keys are on the group
    <div
      role="row"
      className={styles.row}
      style={{ top }}
      data-selected={selected || undefined}
      onClick={() => onChoose(row)}
      onContextMenu={() => onChoose(row)}
    >
      <span role="cell" className={classes(styles.name, row.nested && styles.nested)}>
        {row.mapped !== null && (
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={row.mapped.open}
            aria-label={`Instances of ${row.task}`}
            onClick={(event) => {
              event.stopPropagation()
              onToggle(row.task)
            }}
          >
            <Chevron size={14} aria-hidden />
          </button>
        )}
        <button
          type="button"
          className={styles.open}
          title={`Show the log of ${row.label}`}
          disabled={row.attempts === 0}
          onClick={(event) => {
            event.stopPropagation()
            onChoose(row)
            showLog({ task: row.task, index: row.index, attempt: null })
          }}
        >
          {row.label}
        </button>
      </span>
      <span role="cell" className={styles.state}>
        <StateLabel state={row.shown} size={13} />
        <OriginLabel origin={row.state === 'success' ? row.origin : null} />
        {row.mapped !== null && <span className={styles.detail}>{row.mapped.counts}</span>}
        {row.retry !== null && <span className={styles.detail}>{retryText(row.retry).replace(/^retry /, '')}</span>}
      </span>
      <span role="cell" className={styles.number}>
        {row.attempts === 0 ? '' : row.attempts}
      </span>
      <span
        role="cell"
        className={styles.number}
        title={row.duration === null ? undefined : exactDurationText(row.duration)}
      >
        {row.limit !== null ? limitText(row.limit) : row.duration === null ? '' : durationText(row.duration)}
      </span>
      <span
        role="cell"
        className={styles.number}
        title={`${exactDurationText(row.queued)}${row.mapped === null ? '' : ', the longest of its instances'}`}
      >
        {row.queued === 0 ? '' : durationText(row.queued)}
      </span>
      <span role="cell" className={styles.reason} title={sentence.replaceAll('`', '')}>
        {why && <WhyText view={why.view} text={sentence} about={row.task} />}
      </span>
    </div>
  )
}
