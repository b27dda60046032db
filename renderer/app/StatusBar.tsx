import { AlarmClock, CircleAlert, Lock, RefreshCw, StepForward, TriangleAlert, Users } from 'lucide-react'
import { durationText } from '#shared/analysis/duration-text.ts'
import { useAnalysis } from '../state/analysis.ts'
import { runClock } from '../state/clock.ts'
import { useActiveDocument, usePipeline, useProblems, useShowsPlan } from '../state/documents.ts'
import { missedText, useObjectives } from '../state/objectives.ts'
import { useRunProgress } from '../state/progress.ts'
import { useChosenSummary, useIsUnderWay, useRuns } from '../state/runs.ts'
import { selectTask } from '../state/selection.ts'
import { objectiveText, SLO_LABELS, useSloReport } from '../state/sloReport.ts'
import { setLens, showBottom, showHistory, useView } from '../state/view.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Progress } from '../ui/Progress.tsx'
import { StateLabel } from '../ui/StateIcon.tsx'
import { commandOf } from './commands.ts'
import styles from './StatusBar.module.css'

export function StatusBar() {
  return (
    <footer className={styles.bar}>
      <RunStatus />
      <ObjectiveStatus />
      <span className={styles.gap} />
      <DocumentStatus />
      <CriticalStatus />
      <ProblemStatus />
      <ZoomStatus />
    </footer>
  )
}

function RunStatus() {
  const underWay = useIsUnderWay()
  const summary = useChosenSummary()
  if (underWay) return <ProgressStatus />
  if (!summary) return <span className={styles.item}>No run chosen</span>
  return (
    <>
      <button type="button" className={styles.button} onClick={() => showBottom('timeline')}>
        <StateLabel state={summary.state} size={13} />
        {summary.makespan !== null && <span className="tabular">in {durationText(summary.makespan)}</span>}
      </button>
      {summary.state === 'interrupted' && <ResumeButton />}
    </>
  )
}

function ResumeButton() {
  const { title, run } = commandOf('run.resume')
  return (
    <button type="button" className={styles.button} data-action title={title} onClick={run}>
      <StepForward size={13} aria-hidden />
      Resume
    </button>
  )
}

/** Of the run as it is shown: now, or at the instant of a replay. */
function ProgressStatus() {
  const progress = useRunProgress()
  const timeout = usePipeline()?.timeout ?? null
  const replayed = useRuns((state) => state.replayAt !== null)
  if (!progress) return <span className={styles.item}>Starting…</span>
  const { view, share, remaining, done, total } = progress
  const title = [
    `Running for ${durationText(runClock(view))}.`,
    timeout && `It times out after ${durationText(timeout)}.`,
  ]
  return (
    <button
      type="button"
      className={styles.button}
      title={title.filter(Boolean).join(' ')}
      onClick={() => showBottom('timeline')}
    >
      {replayed && <span className={styles.replay}>Replay</span>}
      <StateLabel state={view.state} size={13} />
      <span className={styles.progress}>
        <Progress value={share} label="Progress of the run" />
      </span>
      <span className="tabular">
        {done.toLocaleString('en')} of {total.toLocaleString('en')} tasks
      </span>
      {!replayed && remaining !== null && remaining > 0 && (
        <span className="tabular">about {durationText(remaining)} left</span>
      )}
    </button>
  )
}

/** The chosen run has missed an objective, or is about to end without having kept it. */
function ObjectiveStatus() {
  const missed = useObjectives((state) => state.missed)
  const [first] = missed
  if (first === undefined) return <PastObjectives />
  return (
    <button
      type="button"
      className={styles.button}
      data-severity="warning"
      title={missed.map(missedText).join('\n')}
      onClick={() => (first.task === null ? showBottom('timeline') : selectTask(first.task))}
    >
      <AlarmClock size={13} aria-hidden />
      {missed.length === 1 ? 'Objective missed' : `${missed.length} objectives missed`}
    </button>
  )
}

/** No promise is broken by the chosen run, but over their windows some are not kept. */
function PastObjectives() {
  const report = useSloReport((state) => state.report)
  if (report === null || (report.status !== 'missed' && report.status !== 'at_risk')) return null
  const broken = report.objectives.filter(({ status }) => status === report.status)
  const what = broken.length === 1 ? 'Objective' : `${broken.length} objectives`
  return (
    <button
      type="button"
      className={styles.button}
      data-severity={report.status === 'missed' ? 'error' : 'warning'}
      title={broken.map(objectiveText).join('\n')}
      onClick={() => showHistory('objectives')}
    >
      <AlarmClock size={13} aria-hidden />
      {what} {SLO_LABELS[report.status].toLowerCase()}
    </button>
  )
}

function DocumentStatus() {
  const document = useActiveDocument()
  const shared = useWorkspace((state) => state.info?.shared ?? false)
  const readOnly = useWorkspace((state) => state.info?.readOnly ?? false) || document?.readOnly
  return (
    <>
      {shared && (
        <span
          className={styles.item}
          title="Another Dagwright process runs the engine of this workspace; this one is its client."
        >
          <Users size={13} aria-hidden /> Shared engine
        </span>
      )}
      {readOnly && (
        <span className={styles.item}>
          <Lock size={13} aria-hidden /> Read-only
        </span>
      )}
      {document?.saving && (
        <span className={styles.item}>
          <RefreshCw size={13} aria-hidden /> Saving
        </span>
      )}
    </>
  )
}

function CriticalStatus() {
  const makespan = useAnalysis((state) => state.plan?.makespan ?? null)
  const basis = useAnalysis((state) => state.basis)
  if (makespan === null || makespan === 0) return null
  const title =
    basis === 'run'
      ? 'Longest path by the durations of the chosen run, with unlimited slots; tasks that did not run count with what is typical, so it may be longer than the run was'
      : 'Longest path by typical durations, with unlimited slots'
  return (
    <button type="button" className={styles.button} title={title} onClick={() => setLens('critical')}>
      Critical path <span className="tabular">{durationText(makespan)}</span>
    </button>
  )
}

function ProblemStatus() {
  const problems = useProblems()
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const warnings = problems.filter((problem) => problem.severity === 'warning').length
  const document = useActiveDocument()
  if (!document) return null
  const Icon = errors > 0 ? CircleAlert : TriangleAlert
  const count = errors + warnings
  return (
    <button
      type="button"
      className={styles.button}
      data-severity={errors > 0 ? 'error' : warnings > 0 ? 'warning' : undefined}
      onClick={() => showBottom('problems')}
    >
      {count > 0 && <Icon size={13} aria-hidden />}
      {count === 0 ? 'No problems' : `${count} ${count === 1 ? 'problem' : 'problems'}`}
    </button>
  )
}

function ZoomStatus() {
  const zoom = useView((state) => state.zoom)
  if (useShowsPlan()) return null
  return (
    <button
      type="button"
      className={styles.button}
      title="Show at 100 %"
      onClick={() => commandOf('view.actualSize').run()}
    >
      <span className="tabular">{Math.round(zoom * 100)} %</span>
    </button>
  )
}
