import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ExpectedEnd } from '#shared/analysis/expected-end.ts'
import type { Micros } from '#shared/model/time.ts'
import { useTaskRun } from '../state/runs.ts'
import { classes } from '../ui/classes.ts'
import { StateIcon } from '../ui/StateIcon.tsx'
import styles from './Gantt.module.css'
import { GanttTip } from './GanttTip.tsx'
import {
  axisTicks,
  panned,
  type TimeWindow,
  timeToX,
  visibleRows,
  wholeWindow,
  xToTime,
  zoomed,
} from './gantt-geometry.ts'
import { ganttLinks, type Needs } from './gantt-links.ts'
import { barAt, paintGantt, ROW_HEIGHT } from './gantt-painter.ts'
import { Ruler, replayByKey, Veil } from './Playhead.tsx'
import { instanceShown, taskShown } from './shown-state.ts'
import type { TimelineBar, TimelineRow } from './timeline-rows.ts'
import { usePalette } from './use-palette.ts'

const LABELS = 196
const KEY_ZOOM = 1.5
/** A label nearer to the right edge than this would be cut. */
const LABEL_ROOM = 32

export interface GanttProps {
  readonly rows: readonly TimelineRow[]
  /** Length of the whole chart. */
  readonly end: Micros
  readonly live: boolean
  /** Of a live run. */
  readonly expected: ExpectedEnd | null
  readonly needs: Needs
  readonly selected: ReadonlySet<string>
  readonly onSelect: (task: string) => void
  readonly onOpen: (target: { readonly task: string; readonly index: number | null }) => void
  readonly onToggle: (task: string) => void
  /** What is seen; null: all of it. The parent keeps it, for its zoom buttons. */
  readonly window: TimeWindow | null
  readonly onWindow: (window: TimeWindow | null) => void
}

interface Hover {
  readonly row: number
  readonly bar: TimelineBar | null
  readonly x: number
  readonly y: number
}

/** Rows of bars over time, painted on one canvas of the size of the view: thousands of rows cost as much as ten. */
export function Gantt(props: GanttProps) {
  const { rows, end, live, selected, onSelect, onOpen, onToggle, onWindow } = props
  const scroll = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = useSize(scroll)
  const [scrollTop, setScrollTop] = useState(0)
  const [hover, setHover] = useState<Hover | null>(null)
  const palette = usePalette()
  const limits = wholeWindow(Math.max(end, props.expected?.latest ?? 0))
  const window = props.window ?? limits
  const chart = Math.max(width - LABELS, 0)
  const ticks = axisTicks(window, chart)
  const pointed = hover === null ? null : (hover.bar?.task ?? rows[hover.row]?.task ?? null)
  const focus = pointed ?? (selected.size === 1 ? [...selected][0]! : null)
  const links = useMemo(() => (focus === null ? [] : ganttLinks(rows, props.needs, focus)), [rows, props.needs, focus])
  const visible = visibleRows(scrollTop, height, ROW_HEIGHT, rows.length)

  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!canvas.current || !context) return
    const ratio = globalThis.devicePixelRatio || 1
    const size = [Math.round(chart * ratio), Math.round(height * ratio)] as const
    if (canvas.current.width !== size[0] || canvas.current.height !== size[1]) {
      ;[canvas.current.width, canvas.current.height] = size
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    paintGantt(
      context,
      {
        rows,
        ...visible,
        scrollTop,
        window,
        width: chart,
        height,
        ticks,
        selected,
        hovered: hover?.row ?? null,
        now: live ? end : null,
        expected: props.expected,
        links,
      },
      palette,
    )
  })

  const change = (next: TimeWindow) =>
    onWindow(next.end - next.start >= (limits.end - limits.start) * 0.999 ? null : next)
  useWheel(canvas, (event, x) => {
    const anchor = xToTime(x, window, chart)
    if (event.ctrlKey || event.metaKey) change(zoomed(window, anchor, Math.exp(-event.deltaY / 240), limits))
    else
      change(
        panned(window, ((event.shiftKey ? event.deltaY : event.deltaX) / chart) * (window.end - window.start), limits),
      )
  })
  const keyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(actOn(event.key) || replayByKey(event.key))) return
    event.preventDefault()
    event.stopPropagation()
  }
  const actOn = (key: string): boolean => {
    const middle = (window.start + window.end) / 2
    const step = (window.end - window.start) / 8
    const lead = rows.findIndex((row) => isSelected(row))
    if (key === '+' || key === '=') change(zoomed(window, middle, KEY_ZOOM, limits))
    else if (key === '-') change(zoomed(window, middle, 1 / KEY_ZOOM, limits))
    else if (key === '0') onWindow(null)
    else if (key === 'ArrowLeft') change(panned(window, -step, limits))
    else if (key === 'ArrowRight') change(panned(window, step, limits))
    else if (key === 'ArrowUp') moveTo(Math.max(lead - 1, 0))
    else if (key === 'ArrowDown') moveTo(Math.min(lead + 1, rows.length - 1))
    else if (key === 'Home') moveTo(0)
    else if (key === 'End') moveTo(rows.length - 1)
    else if (key === 'Enter' && rows[lead]) open(rows[lead])
    else return false
    return true
  }
  const isSelected = ({ task }: TimelineRow) => task !== null && selected.has(task)
  const select = (row: TimelineRow, bar: TimelineBar | null = null) => {
    const task = bar?.task ?? row.task
    if (task !== null) onSelect(task)
  }
  const open = ({ task, index }: TimelineRow) => task !== null && onOpen({ task, index })
  const moveTo = (index: number) => {
    const row = rows[index]
    const element = scroll.current
    if (row === undefined || element === null) return
    select(row)
    const top = index * ROW_HEIGHT
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + ROW_HEIGHT > element.scrollTop + height) element.scrollTop = top + ROW_HEIGHT - height
  }
  const drag = useDrag({
    onHover: (x, y, clientX, clientY) => {
      const index = Math.floor((y + scrollTop) / ROW_HEIGHT)
      const row = rows[index]
      setHover(row === undefined ? null : { row: index, bar: barAt(row, x, window, chart), x: clientX, y: clientY })
    },
    onLeave: () => setHover(null),
    onPan: (moved) => change(panned(window, (-moved / Math.max(chart, 1)) * (window.end - window.start), limits)),
    onClick: (x, y) => {
      const row = rows[Math.floor((y + scrollTop) / ROW_HEIGHT)]
      if (row !== undefined) select(row, barAt(row, x, window, chart))
    },
  })

  return (
    <div className={styles.gantt}>
      <div className={styles.axis}>
        <span className={styles.corner} style={{ width: LABELS }} aria-hidden>
          {rows[0]?.task === null ? 'Slot' : 'Task'}
        </span>
        <Ruler window={window} width={chart} end={end}>
          {ticks
            .filter((tick) => timeToX(tick.time, window, chart) < chart - LABEL_ROOM)
            .map((tick) => (
              <span key={tick.time} className={styles.tick} style={{ left: timeToX(tick.time, window, chart) }}>
                {tick.label}
              </span>
            ))}
        </Ruler>
      </div>
      <div
        ref={scroll}
        className={styles.scroll}
        role="listbox"
        aria-label="Timeline of the run: arrows up and down choose a task, left and right move in time, + and − zoom, 0 shows all"
        aria-activedescendant={rows.some(isSelected) ? 'timeline-lead' : undefined}
        tabIndex={0}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
        onKeyDown={keyDown}
      >
        <div className={styles.chart}>
          <canvas
            ref={canvas}
            className={styles.canvas}
            style={{ left: LABELS, width: chart, height }}
            aria-hidden
            data-dragging={drag.dragging || undefined}
            {...drag.handlers}
          />
          <Veil window={window} left={LABELS} width={chart} height={height} />
        </div>
        <div className={styles.rows} style={{ width: LABELS, height: rows.length * ROW_HEIGHT }}>
          {rows.slice(visible.start, visible.end).map((row, offset) => (
            <RowLabel
              key={row.key}
              row={row}
              index={visible.start + offset}
              hovered={hover?.row === visible.start + offset}
              selected={isSelected(row)}
              onSelect={select}
              onOpen={open}
              onToggle={onToggle}
            />
          ))}
        </div>
      </div>
      {hover !== null && rows[hover.row] && !drag.dragging && (
        <GanttTip row={rows[hover.row]!} bar={hover.bar} x={hover.x} y={hover.y} />
      )}
    </div>
  )
}

interface RowLabelProps extends Pick<GanttProps, 'onToggle'> {
  readonly onSelect: (row: TimelineRow) => void
  readonly onOpen: (row: TimelineRow) => void
  readonly row: TimelineRow
  readonly index: number
  readonly hovered: boolean
  readonly selected: boolean
}

function RowLabel({ row, index, hovered, selected, onSelect, onOpen, onToggle }: RowLabelProps) {
  const Chevron = row.group === 'open' ? ChevronDown : ChevronRight
  const { task } = row
  const shown = useTaskRun(task ?? '')
  const instance = row.nested && shown?.instances.find(({ index }) => index === row.index)
  const state = instance ? instanceShown(instance) : shown && !row.nested ? taskShown(shown) : row.state
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list's own keys do the same
    // biome-ignore lint/a11y/useFocusableInteractive: the list holds the focus and names its active option
    <div
      role="option"
      id={selected && !row.nested ? 'timeline-lead' : undefined}
      aria-selected={selected}
      className={classes(styles.row, row.nested && styles.nested)}
      style={{ top: index * ROW_HEIGHT, width: LABELS }}
      data-hovered={hovered || undefined}
      data-selected={selected || undefined}
      title={row.label}
      onClick={() => onSelect(row)}
      onDoubleClick={() => onOpen(row)}
    >
      {row.group !== null && task !== null && (
        <button
          type="button"
          className={styles.toggle}
          tabIndex={-1}
          aria-label={row.group === 'open' ? `Hide the instances of ${task}` : `Show the instances of ${task}`}
          onClick={(event) => {
            event.stopPropagation()
            onToggle(task)
          }}
        >
          <Chevron size={14} aria-hidden />
        </button>
      )}
      {task !== null && <StateIcon state={state} size={12} named />}
      <span className={classes(styles.label, row.critical && styles.critical)}>{row.label}</span>
    </div>
  )
}

function useSize(element: React.RefObject<HTMLElement | null>): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 })
  useLayoutEffect(() => {
    if (element.current === null) return
    const measure = (target: Element) => setSize({ width: target.clientWidth, height: target.clientHeight })
    measure(element.current)
    const observer = new ResizeObserver(([entry]) => entry && measure(entry.target))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}

/** Sideways and zooming wheels are ours; a plain one scrolls. React's own listener could not prevent the page's zoom. */
function useWheel(element: React.RefObject<HTMLElement | null>, onWheel: (event: WheelEvent, x: number) => void): void {
  const latest = useRef(onWheel)
  latest.current = onWheel
  useEffect(() => {
    const target = element.current
    if (target === null) return
    const listen = (event: WheelEvent) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
      if (!event.ctrlKey && !event.metaKey && !sideways) return
      event.preventDefault()
      latest.current(event, event.clientX - target.getBoundingClientRect().left)
    }
    target.addEventListener('wheel', listen, { passive: false })
    return () => target.removeEventListener('wheel', listen)
  }, [element])
}

interface DragActions {
  readonly onHover: (x: number, y: number, clientX: number, clientY: number) => void
  readonly onLeave: () => void
  readonly onPan: (moved: number) => void
  readonly onClick: (x: number, y: number) => void
}

/** A press that does not move is a click. */
const CLICK_TOLERANCE = 3

function useDrag({ onHover, onLeave, onPan, onClick }: DragActions) {
  const press = useRef<{ readonly x: number; last: number; moved: boolean } | null>(null)
  const [dragging, setDragging] = useState(false)
  return {
    dragging,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        press.current = { x: event.clientX, last: event.clientX, moved: false }
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const box = event.currentTarget.getBoundingClientRect()
        onHover(event.clientX - box.left, event.clientY - box.top, event.clientX, event.clientY)
        const pressed = press.current
        if (pressed === null) return
        if (!pressed.moved && Math.abs(event.clientX - pressed.x) <= CLICK_TOLERANCE) return
        if (!pressed.moved) setDragging(true)
        pressed.moved = true
        onPan(event.clientX - pressed.last)
        pressed.last = event.clientX
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        if (press.current && !press.current.moved) {
          const box = event.currentTarget.getBoundingClientRect()
          onClick(event.clientX - box.left, event.clientY - box.top)
        }
        press.current = null
        setDragging(false)
      },
      onPointerCancel: () => {
        press.current = null
        setDragging(false)
      },
      onPointerLeave: onLeave,
    },
  }
}
