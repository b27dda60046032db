// biome-ignore-all lint/a11y/useSemanticElements: a virtual tree grid cannot be a table: its rows are placed by transform
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows have the focus, one at a time
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type MouseEvent, useId, useLayoutEffect, useRef, useState } from 'react'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { selectAll } from '../canvas/actions.ts'
import { type MenuTarget, menuItems } from '../canvas/contextMenu.ts'
import { controls } from '../canvas/controls.ts'
import { groupNodeId, noteNodeId } from '../canvas/nodeId.ts'
import { openQuickPalette } from '../canvas/quickPalette.ts'
import { usePipeline } from '../state/documents.ts'
import { changeSelection, selectOnly, selectTask, useIsTaskSelected, useSelection } from '../state/selection.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ContextMenu } from '../ui/Menu.tsx'
import { matchesShortcut } from '../ui/shortcut.ts'
import styles from './Outline.module.css'
import { COLUMNS, OutlineCells } from './OutlineRow.tsx'
import { outlineKey } from './outlineKeys.ts'
import { type OutlineRow, outlineRows, parentRow } from './outlineRows.ts'

const ROW_HEIGHT = 28

/** Everything in the pipeline as a tree table, the canvas' equal for keyboards and screen readers. */
export function Outline() {
  const pipeline = usePipeline()
  if (!pipeline) return <EmptyState title="Open a pipeline to see its tasks." />
  if (pipeline.tasks.length + pipeline.notes.length === 0) {
    return (
      <EmptyState
        title="No tasks yet."
        actions={<Button onClick={() => openQuickPalette({ at: null })}>Add a task</Button>}
      />
    )
  }
  return <OutlineTable pipeline={pipeline} />
}

function OutlineTable({ pipeline }: { readonly pipeline: Pipeline }) {
  const help = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [renaming, setRenaming] = useState<string | null>(null)
  const [target, setTarget] = useState<MenuTarget>({ type: 'selection' })
  const rows = outlineRows(pipeline, closed)
  const { at, go, focus, settle, virtual } = useRoving(scroller, rows)
  const toggle = (group: string) => {
    const next = new Set(closed)
    if (!next.delete(group)) next.add(group)
    setClosed(next)
  }
  const keyDown = (event: KeyboardEvent) => {
    const row = rows[at]
    if (renaming === null && matchesShortcut(event, 'Mod+A')) {
      selectAll()
      event.preventDefault()
    }
    if (!row || renaming !== null || event.ctrlKey || event.metaKey || event.altKey) return
    const handled = outlineKey(event, row, {
      at,
      last: rows.length - 1,
      closed,
      go,
      toParent: () => {
        const parent = parentRow(rows, at)
        if (parent >= 0) go(parent)
      },
      toggle,
      rename: setRenaming,
      openMenu: () => openMenuAt(event.target),
    })
    if (!handled) return
    if (event.key === 'Delete' || event.key === 'Backspace') focus()
    event.preventDefault()
    event.stopPropagation()
  }
  const click = (index: number, event: MouseEvent) => {
    const row = rows[index]
    if (row?.type === 'group' && !isAdding(event)) toggle(row.group.id)
    go(index, isAdding(event))
  }
  return (
    <div className={styles.outline}>
      <ContextMenu items={menuItems(target)}>
        <div
          ref={scroller}
          className={styles.scroller}
          role="treegrid"
          tabIndex={-1}
          aria-label={`Tasks of ${pipeline.name}`}
          aria-describedby={help}
          aria-multiselectable
          aria-rowcount={rows.length + 1}
          aria-colcount={COLUMNS.length}
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
                  renaming={row.key === renaming}
                  onRenamed={() => {
                    setRenaming(null)
                    focus()
                  }}
                  onFocus={() => settle(index)}
                  onClick={(event) => click(index, event)}
                  onMenu={() => {
                    setTarget(menuTarget(row))
                    go(index, isSelected(row))
                  }}
                />
              )
            })}
          </div>
        </div>
      </ContextMenu>
      <p id={help} className={styles.help}>
        A adds after, L links, U unlinks, G groups, F2 renames, Enter opens; the menu key has the rest.
      </p>
    </div>
  )
}

/** One row has the focus, or would get it; it is kept by what it shows, so that edits elsewhere do not move it. */
function useRoving(scroller: { readonly current: HTMLDivElement | null }, rows: readonly OutlineRow[]) {
  const [current, setCurrent] = useState({ key: '', index: 0 })
  const wanted = useRef(false)
  const found = rows.findIndex((row) => row.key === current.key)
  const at = Math.max(0, found >= 0 ? found : Math.min(current.index, rows.length - 1))
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range)
      return shown.includes(at) || at >= rows.length ? shown : [...shown, at].sort((a, b) => a - b)
    },
  })
  useLayoutEffect(() => {
    if (!wanted.current) return
    const row = scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"]`)
    if (!row) return
    wanted.current = false
    row.focus({ preventScroll: true })
  })
  const go = (index: number, extend = false) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    const row = rows[next]
    if (!row) return
    wanted.current = true
    setCurrent({ key: row.key, index: next })
    virtual.scrollToIndex(next)
    select(row, extend)
  }
  const focus = () => {
    wanted.current = true
    setCurrent({ key: rows[at]?.key ?? '', index: at })
  }
  /** The focus has come by another way than `go`. */
  const settle = (index: number) => {
    if (index !== at) setCurrent({ key: rows[index]?.key ?? '', index })
  }
  return { at, go, focus, settle, virtual }
}

function select(row: OutlineRow, extend: boolean): void {
  if (row.type === 'group') selectOnly('groups', [row.group.id])
  else if (row.type === 'note') selectOnly('notes', [row.note.id])
  else if (extend) changeSelection('tasks', new Map([[row.task.id, true]]))
  else selectTask(row.task.id)
  if (row.type === 'task') controls()?.reveal(row.task.id)
}

function isSelected(row: OutlineRow): boolean {
  return row.type === 'task' && useSelection.getState().tasks.has(row.task.id)
}

function isAdding(event: MouseEvent): boolean {
  return event.ctrlKey || event.metaKey || event.shiftKey
}

function menuTarget(row: OutlineRow): MenuTarget {
  if (row.type === 'group') return { type: 'node', id: groupNodeId(row.group.id) }
  return { type: 'node', id: row.type === 'note' ? noteNodeId(row.note.id) : row.task.id }
}

/** As a right click on the row would. */
function openMenuAt(row: EventTarget): void {
  if (!(row instanceof HTMLElement)) return
  const { left, bottom } = row.getBoundingClientRect()
  row.dispatchEvent(
    new window.MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left + 24, clientY: bottom }),
  )
}

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
  readonly renaming: boolean
  readonly onRenamed: () => void
  readonly onFocus: () => void
  readonly onClick: (event: MouseEvent) => void
  readonly onMenu: () => void
}

function Row({ row, index, top, current, closed, renaming, onRenamed, onFocus, onClick, onMenu }: RowProps) {
  const task = useIsTaskSelected(row.type === 'task' ? row.task.id : '')
  const other = useSelection(({ groups, notes }) =>
    row.type === 'group' ? groups.has(row.group.id) : row.type === 'note' && notes.has(row.note.id),
  )
  const lead = useSelection((state) => row.type === 'task' && state.lead === row.task.id)
  const selected = task || other
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys
    <div
      role="row"
      tabIndex={current ? 0 : -1}
      aria-rowindex={index + 2}
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={selected}
      aria-expanded={row.type === 'group' ? !closed : undefined}
      className={classes(styles.row, styles.body, selected && styles.selected, lead && styles.lead)}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={onFocus}
      onClick={onClick}
      onContextMenu={onMenu}
    >
      <OutlineCells row={row} closed={closed} renaming={renaming} onRenamed={onRenamed} />
    </div>
  )
}
