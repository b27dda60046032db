import { ChartGantt, Maximize2, ZoomIn, ZoomOut } from 'lucide-react'
import { useMemo, useState } from 'react'
import { durationText } from '#shared/analysis/duration-text.ts'
import { realizedPath } from '#shared/analysis/realized-path.ts'
import { type RunView, runEnd } from '#shared/journal/run-view.ts'
import { runStateOf } from '#shared/journal/summary.ts'
import { commandOf } from '../app/commands.ts'
import { runClock, useTick } from '../state/clock.ts'
import { useRuns } from '../state/runs.ts'
import { selectTask, useSelection } from '../state/selection.ts'
import { showLog } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { StateLabel } from '../ui/StateIcon.tsx'
import { Gantt } from './Gantt.tsx'
import { type TimeWindow, wholeWindow, zoomed } from './gantt-geometry.ts'
import { ReplayControls } from './ReplayControls.tsx'
import styles from './TimelinePanel.module.css'
import { timelineRows } from './timeline-rows.ts'
import { WhereTimeWent } from './WhereTimeWent.tsx'

/** The chosen run over time, while it runs and after. */
export function TimelinePanel() {
  const view = useRuns((state) => state.whole)
  const chosen = useRuns((state) => state.chosen)
  if (view !== null && chosen !== null) return <RunTimeline key={chosen} view={view} />
  if (chosen !== null) return <Spinner label="Reading the run" />
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
      Run the pipeline, or choose an earlier run in the Runs list: when each task waited and worked appears here.
    </EmptyState>
  )
}

function RunTimeline({ view }: { readonly view: RunView }) {
  const live = useRuns((state) => state.live)
  const events = useRuns((state) => state.events)
  const selected = useSelection((state) => state.tasks)
  const [window, setWindow] = useState<TimeWindow | null>(null)
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  useTick(live, 250)
  const now = live ? runClock(view) : view.t
  const end = runEnd(view, now)
  const path = useMemo(() => (live ? null : realizedPath(view, events)), [view, events, live])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is mutated; a new list of events says when
  const rows = useMemo(() => timelineRows(view, now, path, toggled), [view, events, now, path, toggled])
  const limits = wholeWindow(end)
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
  return (
    <div className={styles.panel}>
      <div className={styles.main}>
        <div className={styles.bar}>
          <span className={styles.state}>
            <StateLabel state={runStateOf(view, live)} />
          </span>
          <span className={styles.fact}>
            {live ? `${durationText(end)} so far` : durationText(end)} · {view.header.slots} slots
          </span>
          <ReplayControls end={end} live={live} />
          <Legend />
          <span className={styles.zoom}>
            <IconButton size="small" icon={ZoomOut} label="Zoom out" shortcut="-" onClick={() => zoom(1 / 1.5)} />
            <IconButton size="small" icon={ZoomIn} label="Zoom in" shortcut="+" onClick={() => zoom(1.5)} />
            <IconButton
              size="small"
              icon={Maximize2}
              label="Show the whole run"
              shortcut="0"
              onClick={() => setWindow(null)}
            />
          </span>
        </div>
        <Gantt
          rows={rows}
          end={end}
          live={live}
          selected={selected}
          onSelect={(row) => selectTask(row.task)}
          onOpen={(row) => showLog({ task: row.task, index: row.index, attempt: null })}
          onToggle={toggle}
          window={window}
          onWindow={setWindow}
        />
      </div>
      {path !== null && (
        <aside className={styles.aside} aria-label="Where the time went">
          <WhereTimeWent path={path} />
        </aside>
      )}
    </div>
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
