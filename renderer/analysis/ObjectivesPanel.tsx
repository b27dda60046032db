import { AlarmClock, CircleCheck, CircleDashed, CircleX, type LucideIcon, Target } from 'lucide-react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { Objective, SloStatus } from '#shared/analysis/slo.ts'
import { setPipelineField } from '#shared/model/edit-task.ts'
import { perform } from '../canvas/editing.ts'
import { CallFailed } from '../runs/CallFailed.tsx'
import { isEdited, useActiveDocument } from '../state/documents.ts'
import { cancelNextRun, drawNextRun, NEXT_RUN_DRAWS, useNextRun } from '../state/nextRun.ts'
import { chooseRun } from '../state/runs.ts'
import { clearSelection, selectTask } from '../state/selection.ts'
import { hasObjectives, retrySloReport, SLO_LABELS, useSloReport } from '../state/sloReport.ts'
import { showInspector } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Progress, Spinner } from '../ui/Progress.tsx'
import { ChartMenu } from './chart/ChartMenu.tsx'
import { csvText } from './chart/csv-text.ts'
import { unitText } from './chart/scale.ts'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'
import styles from './ObjectivesPanel.module.css'

/** What the pipeline and its tasks promise, whether it is kept, and what may still go wrong. */
export function ObjectivesPanel() {
  const document = useActiveDocument()
  const { report, reading, error } = useSloReport()
  if (!document?.pipeline) return <EmptyState icon={Target} title="Open a pipeline to see its objectives." />
  if (!hasObjectives(document)) return <NoObjectives readOnly={document.readOnly || document.asRun !== null} />
  if (document.asRun !== null)
    return <EmptyState icon={Target} title="Objectives are judged by the file itself, not as it was in a run." />
  if (error) return <CallFailed error={error} retry={retrySloReport} />
  if (report === null) {
    return reading ? (
      <Spinner label="Judging the objectives" />
    ) : (
      <EmptyState icon={Target} title="Save the file: objectives are judged as they stand in it." />
    )
  }
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <StatusLabel status={report.status} />
        <NextRun />
        {isEdited(document) && <span className={styles.quiet}>As the file was last saved.</span>}
        <span className={styles.gap} />
        <Button
          size="small"
          onClick={() => {
            clearSelection()
            showInspector('pipeline')
          }}
        >
          Edit
        </Button>
        <ChartMenu title="Objectives" csv={() => csvOf(report.objectives)} />
      </div>
      <FactsTable
        label="Objectives"
        columns={COLUMNS}
        rows={report.objectives}
        keyOf={({ task, kind, target }) => `${task ?? ''} ${kind} ${target}`}
        onOpen={({ task }) => {
          if (task !== null) return selectTask(task)
          clearSelection()
          showInspector('pipeline')
        }}
      />
    </div>
  )
}

/** Where nothing was promised yet: a share of runs that succeed is the promise everybody can make. */
const FIRST_PROMISE = { successRate: 0.95, window: '50 runs' }

function NoObjectives({ readOnly }: { readonly readOnly: boolean }) {
  const add = () => {
    if (!perform('Add an objective', [(document) => setPipelineField(document, ['slo'], FIRST_PROMISE)])) return
    clearSelection()
    showInspector('pipeline')
  }
  return (
    <EmptyState
      icon={Target}
      title="This pipeline promises nothing yet"
      actions={!readOnly && <Button onClick={add}>Promise that 95% of runs succeed</Button>}
    >
      An objective says how long a run may take, how often it succeeds or when it is done. It is judged over the last
      runs.
    </EmptyState>
  )
}

/** What a simulation says of the next run. */
function NextRun() {
  const { drawing, drawn, result, problem, notes } = useNextRun()
  if (problem) return <span className={styles.quiet}>{`${problem.message} ${problem.hint ?? ''}`}</span>
  if (drawing) {
    return (
      <>
        <span className={styles.progress}>
          <Progress value={drawn / NEXT_RUN_DRAWS} label="Simulated runs" />
        </span>
        <Button size="small" variant="quiet" onClick={cancelNextRun}>
          Stop
        </Button>
      </>
    )
  }
  if (!result) {
    return (
      <Button size="small" onClick={() => void drawNextRun()}>
        Simulate the next run
      </Button>
    )
  }
  const at = (percent: number) => result.makespan.percentiles.find((one) => one.percent === percent)?.value ?? 0
  const succeeds = unitText(result.states.success + result.states.partial, 'share')
  return (
    <span
      className={styles.quiet}
      title={[`${result.draws.toLocaleString('en')} simulated runs, each task as it did in the past`, ...notes].join(
        '\n',
      )}
    >
      {`Next run, simulated: median ${durationText(at(50))}, p95 ${durationText(at(95))}, succeeds in ${succeeds}`}
    </span>
  )
}

const STATUS_ICONS: Readonly<Record<SloStatus, { readonly icon: LucideIcon; readonly color: string }>> = {
  met: { icon: CircleCheck, color: 'var(--state-success)' },
  at_risk: { icon: AlarmClock, color: 'var(--warning)' },
  missed: { icon: CircleX, color: 'var(--danger)' },
  no_data: { icon: CircleDashed, color: 'var(--text-3)' },
}

function StatusLabel({ status }: { readonly status: SloStatus }) {
  const { icon: Icon, color } = STATUS_ICONS[status]
  return (
    <span className={styles.status}>
      <Icon size={14} color={color} aria-hidden />
      {SLO_LABELS[status]}
    </span>
  )
}

const COLUMNS: readonly FactsColumn<Objective>[] = [
  { title: 'Of', cell: ({ task }) => task ?? 'Whole run' },
  { title: 'Status', cell: ({ status }) => <StatusLabel status={status} /> },
  { title: 'Promise', cell: ({ promise }) => promise },
  {
    title: 'Measured',
    wide: true,
    numeric: true,
    cell: ({ measured }) => (measured === null ? '–' : durationText(measured)),
  },
  {
    title: 'Kept by',
    numeric: true,
    cell: ({ attainment, kept, judged }) =>
      attainment === null ? 'no run yet' : `${unitText(attainment, 'share')}, ${kept} of ${judged}`,
    tip: ({ judged, window }) =>
      judged < window ? `The window asks for ${window} runs; there are ${judged}.` : undefined,
  },
  { title: 'Budget left, in runs', cell: (objective) => <Budget objective={objective} /> },
  {
    title: 'Burn rate',
    wide: true,
    numeric: true,
    cell: ({ burnRate }) => (burnRate === null ? '–' : `${burnRate.toFixed(1)}×`),
    tip: () => 'Misses of the latest quarter over what the budget allows in as many runs: above 1 it is being used up',
  },
  {
    title: 'Next run',
    numeric: true,
    cell: ({ chanceToMeet }) => (chanceToMeet === null ? '–' : unitText(chanceToMeet, 'share')),
    tip: ({ chanceToMeet }) => (chanceToMeet === null ? 'Not simulated' : 'Chance that the next run keeps it'),
  },
  { title: 'Missed by', cell: ({ missedBy }) => <MissedBy runs={missedBy} /> },
]

function Budget({ objective: { budget, judged } }: { readonly objective: Objective }) {
  if (judged === 0) return <>–</>
  const share = budget.allowed === 0 ? Math.sign(budget.left) : budget.left / budget.allowed
  const text = `${amount(budget.left)} of ${amount(budget.allowed)}`
  return (
    <span
      className={styles.budget}
      title={`Error budget: ${amount(budget.allowed)} of ${judged} runs may miss, ${amount(budget.used)} did`}
    >
      <span className={styles.track} aria-hidden>
        <span
          className={styles.left}
          data-overdrawn={share < 0 || undefined}
          style={{ width: `${share < 0 ? 100 : Math.min(1, share) * 100}%` }}
        />
      </span>
      {text}
    </span>
  )
}

function amount(runs: number): string {
  return String(Number(runs.toFixed(2))).replace('-', '−')
}

function MissedBy({ runs }: { readonly runs: readonly string[] }) {
  const [first] = runs
  if (first === undefined) return <>–</>
  return (
    <button
      type="button"
      className={styles.run}
      title={`Shows the last one\n${runs.join('\n')}`}
      onClick={() => void chooseRun(first)}
    >
      {runs.length === 1 ? '1 run' : `${runs.length} runs`}
    </button>
  )
}

function csvOf(objectives: readonly Objective[]): string {
  const seconds = (time: number | null) => (time === null ? null : time / 1e6)
  return csvText(
    'task status promise measured window judged kept attainment budget_allowed budget_left burn_rate chance_to_meet'.split(
      ' ',
    ),
    objectives.map((one) => [
      one.task,
      one.status,
      one.promise,
      seconds(one.measured),
      one.window,
      one.judged,
      one.kept,
      one.attainment,
      one.budget.allowed,
      one.budget.left,
      one.burnRate,
      one.chanceToMeet,
    ]),
  )
}
