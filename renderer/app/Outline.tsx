// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree grid cannot be a table: its rows are placed by transform
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useRef, useState } from 'react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { Pipeline, Task } from '#shared/model/pipeline.ts'
import { deleteTask, renameShown } from '../canvas/actions.ts'
import { controls } from '../canvas/controls.ts'
import { floatTitle } from '../canvas/paint/look.ts'
import { openQuickPalette } from '../canvas/quickPalette.ts'
import { useTaskPlan, useTypicalDuration } from '../state/analysis.ts'
import { usePipeline } from '../state/documents.ts'
import { useTaskRun } from '../state/runs.ts'
import { changeSelection, selectTask, useIsTaskSelected, useSelection } from '../state/selection.ts'
import { showInspector, useView } from '../state/view.ts'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { KindIcon } from '../ui/KindIcon.tsx'
import { KIND_STYLES } from '../ui/kinds.ts'
import { StateIcon } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import { ConnectDialog } from './ConnectDialog.tsx'
import styles from './Outline.module.css'
import { type OutlineRow, outlineRows } from './outlineRows.ts'

const ROW_HEIGHT = 28

/**
 * All tasks as a tree table, the canvas' equal for keyboards and screen readers: arrows move, F2 renames, Delete
 * deletes, A adds a task behind, L links to another one, Enter opens the inspector.
 */
export function Outline() {
  const pipeline = usePipeline()
  if (!pipeline) return <EmptyState title="Open a pipeline to see its tasks." />
  if (pipeline.tasks.length === 0) return <EmptyState title="No tasks yet.">Add one from the palette.</EmptyState>
  return <OutlineTable pipeline={pipeline} />
}

function OutlineTable({ pipeline }: { readonly pipeline: Pipeline }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [renaming, setRenaming] = useState<string | null>(null)
  const [linking, setLinking] = useState<string | null>(null)
  const lead = useSelection((state) => state.lead)
  const rows = outlineRows(pipeline, closed)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const [current, setCurrent] = useState(0)
  const at = Math.min(current, rows.length - 1)
  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setCurrent(next)
    virtual.scrollToIndex(next)
    const row = rows[next]
    if (row?.type === 'task') {
      selectTask(row.task.id)
      controls()?.reveal(row.task.id)
    }
  }
  const toggle = (group: string) => {
    const next = new Set(closed)
    if (!next.delete(group)) next.add(group)
    setClosed(next)
  }
  const keyDown = (event: KeyboardEvent) => {
    if (renaming !== null || event.ctrlKey || event.metaKey || event.altKey) return
    const handled = rowKey(event.key, rows[at], {
      go,
      at,
      toggle,
      closed,
      rename: setRenaming,
      link: setLinking,
      last: rows.length - 1,
    })
    if (!handled) return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <>
      <div
        ref={scroller}
        className={styles.scroller}
        role="treegrid"
        aria-label={`Tasks of ${pipeline.name}`}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={`outline-${at}`}
        tabIndex={0}
        onKeyDown={keyDown}
      >
        <Header />
        <div role="rowgroup" className={styles.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]!
            return (
              <Row
                key={row.key}
                row={row}
                index={index}
                top={start}
                current={index === at}
                closed={row.type === 'group' && closed.has(row.group.id)}
                lead={row.type === 'task' && row.task.id === lead}
                renaming={row.type === 'task' && row.task.id === renaming}
                onRenamed={() => {
                  setRenaming(null)
                  scroller.current?.focus()
                }}
                onClick={(add) => {
                  setCurrent(index)
                  if (row.type === 'group') toggle(row.group.id)
                  else if (add) changeSelection('tasks', new Map([[row.task.id, true]]))
                  else go(index)
                }}
              />
            )
          })}
        </div>
      </div>
      {linking !== null && <ConnectDialog task={linking} onClose={() => setLinking(null)} />}
    </>
  )
}

interface RowActions {
  readonly at: number
  readonly last: number
  readonly closed: ReadonlySet<string>
  readonly go: (index: number) => void
  readonly toggle: (group: string) => void
  readonly rename: (task: string) => void
  readonly link: (task: string) => void
}

/** What a key does at a row. True where it meant something. */
function rowKey(key: string, row: OutlineRow | undefined, actions: RowActions): boolean {
  const { go, at, last } = actions
  if (key === 'ArrowDown') go(at + 1)
  else if (key === 'ArrowUp') go(at - 1)
  else if (key === 'Home') go(0)
  else if (key === 'End') go(last)
  else if (row?.type === 'group') return groupKey(key, row.group.id, actions)
  else if (row?.type === 'task') return taskKey(key, row.task, actions)
  else return false
  return true
}

function groupKey(key: string, group: string, { closed, toggle }: RowActions): boolean {
  const open = !closed.has(group)
  if (key === 'Enter' || (key === 'ArrowRight' && !open) || (key === 'ArrowLeft' && open)) toggle(group)
  else return false
  return true
}

function taskKey(key: string, task: Task, { rename, link }: RowActions): boolean {
  if (key === 'F2') rename(task.id)
  else if (key === 'Delete' || key === 'Backspace') deleteTask(task.id, false)
  else if (key === 'Enter') showInspector('task')
  else if (key.toLowerCase() === 'a') openQuickPalette({ at: null, from: task.id })
  else if (key.toLowerCase() === 'l') link(task.id)
  else if (key === ' ') changeSelection('tasks', new Map([[task.id, !useSelection.getState().tasks.has(task.id)]]))
  else return false
  return true
}

const COLUMNS: readonly { readonly name: string; readonly shown?: 'wide' | 'widest' }[] = [
  { name: 'Task' },
  { name: 'Kind', shown: 'widest' },
  { name: 'State', shown: 'widest' },
  { name: 'Needs', shown: 'wide' },
  { name: 'Typical', shown: 'wide' },
  { name: 'Float' },
]

function Header() {
  return (
    <div role="rowgroup" className={styles.header}>
      <div role="row" aria-rowindex={1} className={styles.row}>
        {COLUMNS.map(({ name, shown }) => (
          <span role="columnheader" key={name} className={classes(styles.cell, shown && styles[shown])}>
            {name}
          </span>
        ))}
      </div>
    </div>
  )
}

interface RowProps {
  readonly row: OutlineRow
  readonly index: number
  readonly top: number
  readonly current: boolean
  readonly closed: boolean
  readonly lead: boolean
  readonly renaming: boolean
  readonly onRenamed: () => void
  readonly onClick: (add: boolean) => void
}

function Row(props: RowProps) {
  const { row, index, top, current, closed, lead, onClick } = props
  const selected = useIsTaskSelected(row.type === 'task' ? row.task.id : '')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
    <div
      role="row"
      id={`outline-${index}`}
      aria-rowindex={index + 2}
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={row.type === 'group' ? !closed : undefined}
      className={classes(
        styles.row,
        styles.body,
        selected && styles.selected,
        lead && styles.lead,
        current && styles.current,
      )}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onClick(event.ctrlKey || event.metaKey)}
    >
      {row.type === 'group' ? (
        <span role="gridcell" className={styles.group} style={{ paddingLeft: 8 + row.depth * 14 }}>
          {closed ? '▸' : '▾'} {row.group.name}
          <span className={styles.muted}>{row.count}</span>
        </span>
      ) : (
        <TaskCells task={row.task} depth={row.depth} renaming={props.renaming} onRenamed={props.onRenamed} />
      )}
    </div>
  )
}

interface TaskCellsProps {
  readonly task: Task
  readonly depth: number
  readonly renaming: boolean
  readonly onRenamed: () => void
}

function TaskCells({ task, depth, renaming, onRenamed }: TaskCellsProps) {
  const run = useTaskRun(task.id)
  const typical = useTypicalDuration(task.id)
  const plan = useTaskPlan(task.id)
  const painted = useView((state) => state.lens !== 'design')
  return (
    <>
      <span role="gridcell" className={styles.cell} style={{ paddingLeft: 8 + depth * 14 }} title={task.name}>
        <KindIcon kind={task.kind} size={14} />
        {renaming ? <NameField task={task} onDone={onRenamed} /> : <span className={styles.name}>{task.name}</span>}
        {painted && run && <StateIcon state={run.state} size={13} />}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.widest)}>
        {KIND_STYLES[task.kind].label}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.widest)}>
        {run ? STATE_STYLES[run.state].label : '–'}
      </span>
      <span
        role="gridcell"
        className={classes(styles.cell, styles.wide)}
        title={task.needs.map((need) => need.task).join(', ')}
      >
        {task.needs.length === 0 ? '–' : task.needs.map((need) => need.task).join(', ')}
      </span>
      <span role="gridcell" className={classes(styles.cell, styles.wide, 'tabular')}>
        {typical && typical.source !== 'default' ? durationText(typical.value) : '–'}
      </span>
      <span
        role="gridcell"
        className={classes(styles.cell, 'tabular', plan?.critical && styles.critical)}
        title={plan ? floatTitle(plan) : undefined}
      >
        {!plan ? '–' : plan.critical ? 'critical' : `+${durationText(plan.totalFloat)}`}
      </span>
    </>
  )
}

function NameField({ task, onDone }: { readonly task: Task; readonly onDone: () => void }) {
  const [text, setText] = useState(task.name)
  const finished = useRef(false)
  const finish = (keep: boolean) => {
    if (finished.current) return
    finished.current = true
    if (keep && text.trim() !== '' && text !== task.name) renameShown(task, text.trim())
    onDone()
  }
  return (
    <input
      className={styles.field}
      value={text}
      aria-label={`New name of ${task.name}`}
      // biome-ignore lint/a11y/noAutofocus: the person just asked to rename it
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') finish(true)
        if (event.key === 'Escape') finish(false)
      }}
    />
  )
}
