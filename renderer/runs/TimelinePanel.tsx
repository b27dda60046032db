import { ChartGantt, Maximize2, Table, ZoomIn, ZoomOut } from 'lucide-react'
import { useMemo, useState } from 'react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { ExpectedEnd } from '#shared/analysis/expected-end.ts'
import { type PathSegment, realizedPath } from '#shared/analysis/realized-path.ts'
import { waitsOf } from '#shared/analysis/waits.ts'
import { type RunView, runEnd } from '#shared/journal/run-view.ts'
import { runStateOf } from '#shared/journal/summary.ts'
import { ChartMenu } from '../analysis/chart/ChartMenu.tsx'
import { csvText } from '../analysis/chart/csv-text.ts'
import { commandOf } from '../app/commands.ts'
import { useAnalysis } from '../state/analysis.ts'
import { runClock, useTick } from '../state/clock.ts'
import { usePipeline } from '../state/documents.ts'
import { useExpectedEnd } from '../state/expectedEnd.ts'
import { useRuns } from '../state/runs.ts'
import { selectTask, useSelection } from '../state/selection.ts'
import { showLog } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { Segments } from '../ui/Segments.tsx'
import { StateLabel } from '../ui/StateIcon.tsx'
import { AttemptTable } from './AttemptTable.tsx'
import { Gantt } from './Gantt.tsx'
import { type TimeWindow, wholeWindow, zoomed } from './gantt-geometry.ts'
import { slotRows } from './gantt-slots.ts'
import { ganttSvg } from './gantt-svg.ts'
import { ATTEMPT_COLUMNS, attemptCells, attemptRows } from './gantt-table.ts'
import { ReplayControls } from './ReplayControls.tsx'
import styles from './TimelinePanel.module.css'
import { type KnownRows, timelineRows } from './timeline-rows.ts'
import { usePalette } from './use-palette.ts'
import { WhereTimeWent } from './WhereTimeWent.tsx'

/** The chosen run over time, while it runs and after. */
export function TimelinePanel() {
  const view = useRuns((state) => state.whole)
  const chosen = useRuns((state) => state.chosen)
  if (view !== null && chosen !== null) return <RunTimeline key={chosen} view={view} />
  if (chosen !== null) return <Spinner label="Reading the run" />
  return <NoRun />
}

function NoRun() {
  const imported = useAnalysis((state) => state.history?.imported ?? null)
  const start = commandOf('run.start')
  return (
    <EmptyState
      icon={ChartGantt}
      title="No run is shown"
      actions={
        <Button variant="primary" onClick={start.run}>
          {start.title}
        </Button>
      }
    >
      {imported === null
        ? 'Run the pipeline, or choose an earlier run in the Runs list: when each task waited and worked appears here.'
        : 'Another system recorded how long these tasks took, but not when they started or what they waited for: there is no timeline of that. Run the pipeline here to see one.'}
    </EmptyState>
  )
}

type RowsBy = 'task' | 'slot'
const ROWS_BY = [
  { value: 'task', label: 'Tasks', hint: 'One row for each task' },
  { value: 'slot', label: 'Slots', hint: 'One row for each slot: how busy the run was' },
] as const

function RunTimeline({ view }: { readonly view: RunView }) {
  const live = useRuns((state) => state.live)
  const events = useRuns((state) => state.events)
  const selected = useSelection((state) => state.tasks)
  const palette = usePalette()
  const needs = useNeeds()
  const [window, setWindow] = useState<TimeWindow | null>(null)
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [by, setBy] = useState<RowsBy>('task')
  const [asTable, setAsTable] = useState(false)
  useTick(live, 1000)
  const now = live ? runClock(view) : view.t
  const end = runEnd(view, now)
  const expected = useExpectedEnd(view, now, live)
  const path = useMemo(() => (live ? null : realizedPath(view, events)), [view, events, live])
  const waits = useMemo(() => (path === null ? [] : waitsOf(view)), [view, path])
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are of this run and this path
  const known = useMemo((): KnownRows => new Map(), [view, path])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is mutated; a new list of events says when
  const tasks = useMemo(() => timelineRows(view, now, path, toggled, known), [view, events, now, path, toggled, known])
  const rows = useMemo(() => (by === 'slot' ? slotRows(tasks) : tasks), [tasks, by])
  const limits = wholeWindow(Math.max(end, expected?.latest ?? 0))
  const zoom = (factor: number) => {
    const current = window ?? limits
    setWindow(zoomed(current, (current.start + current.end) / 2, factor, limits))
  }
  const toggle = (task: string) =>
    setToggled((before) => {
      const next = new Set(before)
      if (!next.delete(task)) next.add(task)
      return next
    })
  const showSegment = ({ from, to }: PathSegment) => {
    const air = Math.max((to - from) / 2, end / 100)
    setWindow({ start: Math.max(0, from - air), end: Math.min(limits.end, to + air) })
  }
  const title = `Timeline of ${view.header.name}, ${view.header.run}`
  return (
    <div className={styles.panel}>
      <div className={styles.main}>
        <div className={styles.bar}>
          <span className={styles.state}>
            <StateLabel state={runStateOf(view, live)} />
          </span>
          <span className={styles.fact}>{lengthText(view, end, live, expected)}</span>
          <ReplayControls end={end} live={live} />
          <Legend />
          <span className={styles.zoom}>
            <Segments label="Rows of the timeline" value={by} options={ROWS_BY} onChange={setBy} />
            <IconButton size="small" icon={ZoomOut} label="Zoom out" shortcut="-" onClick={() => zoom(1 / 1.5)} />
            <IconButton size="small" icon={ZoomIn} label="Zoom in" shortcut="+" onClick={() => zoom(1.5)} />
            <IconButton
              size="small"
              icon={Maximize2}
              label="Show the whole run"
              shortcut="0"
              onClick={() => setWindow(null)}
            />
            <IconButton
              size="small"
              icon={Table}
              label="As a table"
              pressed={asTable}
              onClick={() => setAsTable(!asTable)}
            />
            <ChartMenu
              title={title}
              csv={() => csvText(ATTEMPT_COLUMNS, attemptRows(tasks).map(attemptCells))}
              svg={() => ganttSvg(title, rows, end, palette)}
            />
          </span>
        </div>
        {asTable ? (
          <AttemptTable rows={attemptRows(tasks)} />
        ) : (
          <Gantt
            rows={rows}
            end={end}
            live={live}
            expected={expected}
            needs={needs}
            selected={selected}
            onSelect={selectTask}
            onOpen={({ task, index }) => showLog({ task, index, attempt: null })}
            onToggle={toggle}
            window={window}
            onWindow={setWindow}
          />
        )}
      </div>
      {path !== null && (
        <aside className={styles.aside} aria-label="Where the time went">
          <WhereTimeWent path={path} waits={waits} onSegment={showSegment} />
        </aside>
      )}
    </div>
  )
}

function lengthText(view: RunView, end: number, live: boolean, expected: ExpectedEnd | null): string {
  const slots = `${view.header.slots} ${view.header.slots === 1 ? 'slot' : 'slots'}`
  if (!live) return `${durationText(end)} · ${slots}`
  if (expected === null) return `${durationText(end)} so far · ${slots}`
  const { earliest, likely, latest } = expected
  const [least, most] = [durationText(earliest), durationText(latest)]
  const range = least === most ? '' : ` (${least} to ${most})`
  return `${durationText(end)} of about ${durationText(likely)}${range}`
}

/** What each task of the shown pipeline needs. */
function useNeeds(): ReadonlyMap<string, readonly string[]> {
  const pipeline = usePipeline()
  return useMemo(
    () => new Map(pipeline?.tasks.map((task) => [task.id, task.needs.map((need) => need.task)])),
    [pipeline],
  )
}

const LEGEND = [
  { kind: 'work', text: 'work' },
  { kind: 'wait', text: 'waiting for a slot' },
  { kind: 'retry', text: 'retry delay' },
  { kind: 'critical', text: 'held up the run' },
] as const

function Legend() {
  return (
    <span className={styles.legend} aria-hidden>
      {LEGEND.map(({ kind, text }) => (
        <span key={kind} className={styles.legendItem}>
          <span className={classes(styles.swatch, styles[kind])} />
          {text}
        </span>
      ))}
    </span>
  )
}
