import { useVirtualizer } from '@tanstack/react-virtual'
import {
  EllipsisVertical,
  FileDiff,
  FolderClock,
  GitCompareArrows,
  History,
  PenLine,
  RotateCcw,
  RotateCw,
  StepForward,
  Trash2,
} from 'lucide-react'
import { useRef } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { commandOf } from '../app/commands.ts'
import { ask } from '../app/question.ts'
import { openAsRun } from '../state/asRun.ts'
import { useTick } from '../state/clock.ts'
import { compareWith, runBefore } from '../state/comparison.ts'
import { useActivePath, usePipeline } from '../state/documents.ts'
import { cancelRun, chooseRun, deleteRun, resumeRun, runAgain, useRuns } from '../state/runs.ts'
import { setLens, showBottom } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Menu } from '../ui/Menu.tsx'
import type { MenuItem } from '../ui/menuItem.ts'
import { Spinner } from '../ui/Progress.tsx'
import { StateIcon } from '../ui/StateIcon.tsx'
import { STATE_STYLES } from '../ui/states.ts'
import styles from './RunsPanel.module.css'
import { runFacts, whenText } from './run-text.ts'
import { isUnfinished } from './unfinished.ts'
import { useParameterText } from './use-run-params.ts'

const ROW_HEIGHT = 54

/** The runs of the shown pipeline, newest first; a click paints the canvas with one. */
export function RunsPanel() {
  const pipeline = usePipeline()
  const path = useActivePath()
  const loaded = useRuns((state) => state.loaded)
  const all = useRuns((state) => state.summaries)
  const chosen = useRuns((state) => state.chosen)
  const runs = all.filter((run) => run.pipeline === pipeline?.id || run.file === path)
  useTick(
    runs.some((run) => run.live),
    1000,
  )
  if (!loaded) return <Spinner label="Reading the runs" />
  if (runs.length === 0) {
    return (
      <EmptyState
        icon={History}
        title="No runs yet"
        actions={path !== null && <Button onClick={commandOf('run.start').run}>Run</Button>}
      >
        {path === null
          ? 'Open a pipeline to see its runs.'
          : 'Runs are kept here with their states, times and logs: the last 50, or as many as dagwright.yaml says under retention.'}
      </EmptyState>
    )
  }
  return (
    <div className={styles.panel}>
      {chosen !== null && (
        <div className={styles.back}>
          <Button
            variant="quiet"
            size="small"
            icon={PenLine}
            onClick={() => {
              setLens('design')
              void chooseRun(null)
            }}
          >
            Back to design
          </Button>
        </div>
      )}
      <RunList runs={runs} chosen={chosen} pipeline={pipeline} />
    </div>
  )
}

interface RunListProps {
  readonly runs: readonly RunSummary[]
  readonly chosen: string | null
  readonly pipeline: Pipeline | null
}

function RunList({ runs, chosen, pipeline }: RunListProps) {
  const scroll = useRef<HTMLDivElement>(null)
  const longest = Math.max(1, ...runs.map((run) => run.makespan ?? 0))
  const virtualizer = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => runs[index]?.run ?? index,
    overscan: 8,
  })
  return (
    <div ref={scroll} className={styles.list}>
      <div style={{ position: 'relative', height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const summary = runs[item.index]
          if (summary === undefined) return null
          return (
            <div
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              style={{ position: 'absolute', top: 0, left: 0, width: '100%', transform: `translateY(${item.start}px)` }}
            >
              <RunRow summary={summary} longest={longest} chosen={summary.run === chosen} pipeline={pipeline} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface RunRowProps {
  readonly summary: RunSummary
  readonly longest: number
  readonly chosen: boolean
  readonly pipeline: Pipeline | null
}

function RunRow({ summary, longest, chosen, pipeline }: RunRowProps) {
  const machine = useThisMachine()
  const params = useParameterText(summary.run, pipeline)
  const { label, color } = STATE_STYLES[summary.state]
  const facts = runFacts(summary, machine)
  const makespan = summary.makespan ?? (summary.live ? (Date.now() - Date.parse(summary.startedAt)) * 1000 : null)
  const exact = new Date(summary.startedAt).toLocaleString()
  return (
    <div className={classes(styles.item, chosen && styles.chosen)}>
      <button
        type="button"
        className={styles.run}
        aria-current={chosen || undefined}
        onClick={() => {
          setLens('state')
          void chooseRun(summary.run)
        }}
      >
        <span className={styles.icon}>
          <StateIcon state={summary.state} named />
        </span>
        <span className={styles.when} title={`${summary.run}, ${exact}`}>
          {whenText(summary.startedAt, Date.now())}
        </span>
        <span className={styles.makespan} title={makespan === null ? undefined : exactDurationText(makespan)}>
          {makespan === null ? '' : durationText(makespan)}
        </span>
        <span className={styles.bar} aria-hidden>
          <span
            className={styles.fill}
            style={{ display: 'block', width: `${Math.min(1, (makespan ?? 0) / longest) * 100}%`, background: color }}
          />
        </span>
        <span className={styles.detail} title={[label, ...facts, params].filter(Boolean).join(', ')}>
          {[label, ...facts].join(' · ')}
          {params !== '' && (
            <>
              {' · '}
              <span className={styles.params}>{params}</span>
            </>
          )}
        </span>
      </button>
      <Menu items={() => rowItems(summary)} align="end">
        <IconButton
          className={styles.menu}
          size="small"
          icon={EllipsisVertical}
          label={`What to do with the run of ${exact}`}
        />
      </Menu>
    </div>
  )
}

/** As the engine labels it, so that runs recorded elsewhere can be told. null until the host has said. */
function useThisMachine(): string | null {
  return useRuns((state) => {
    const own = state.summaries.find((run) => run.live)
    return own?.machine ?? localMachine()
  })
}

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }

function localMachine(): string | null {
  const { app } = useWorkspace.getState()
  return app === null ? null : `${PLATFORMS[app.platform] ?? app.platform}, ${app.cpus} CPUs`
}

function rowItems(summary: RunSummary): readonly MenuItem[] {
  const { run } = summary
  if (summary.live) return [{ id: 'cancel', label: 'Cancel', onSelect: () => void cancelRun(run, false) }]
  const before = runBefore(run)
  const { chosen } = useRuns.getState()
  const resumable = summary.state === 'interrupted'
  return [
    ...(resumable
      ? [{ id: 'resume', label: 'Resume', icon: StepForward, onSelect: () => void resumeRun(run) } as const]
      : []),
    { id: 'again', label: 'Run again', icon: RotateCw, onSelect: () => void runAgain(run, 'all') },
    ...(isUnfinished(summary)
      ? [
          {
            id: 'failed',
            label: 'Rerun failed',
            icon: RotateCcw,
            onSelect: () => void runAgain(run, 'failed'),
          } as const,
        ]
      : []),
    { id: 'asRun', label: 'Open as it was', icon: FolderClock, onSelect: () => void openAsRun(run) },
    {
      id: 'compare',
      label: 'Compare with the run before',
      icon: GitCompareArrows,
      disabled: before === null,
      onSelect: () => before !== null && void compareWith(before, run),
    },
    {
      id: 'compareChosen',
      label: 'Compare with the shown run',
      disabled: chosen === null || chosen === run,
      onSelect: () => chosen !== null && void compareWith(chosen, run),
    },
    {
      id: 'changes',
      label: 'What changed since the last success',
      icon: FileDiff,
      onSelect: () => {
        void chooseRun(run)
        showBottom('changes')
      },
    },
    { type: 'separator', id: 'before-delete' },
    { id: 'delete', label: 'Delete', icon: Trash2, danger: true, onSelect: () => void askToDelete(summary) },
  ]
}

async function askToDelete(summary: RunSummary): Promise<void> {
  const answer = await ask({
    title: `Delete the run of ${new Date(summary.startedAt).toLocaleString()}?`,
    text: 'Its states, times and logs are removed from this machine. Files that its tasks wrote stay.',
    answers: [
      { id: 'keep', label: 'Cancel' },
      { id: 'delete', label: 'Delete the run', tone: 'danger' },
    ],
    fallback: 'keep',
  })
  if (answer !== 'delete') return
  // Nobody needs to be told of it.
  if (useRuns.getState().chosen === summary.run) await chooseRun(null)
  await deleteRun(summary.run)
}
