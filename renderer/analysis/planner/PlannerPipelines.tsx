import { CircleCheck, CircleX } from 'lucide-react'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { PipelineFate } from '#shared/analysis/planner-simulation.ts'
import { rushClock } from '#shared/analysis/planner-text.ts'
import { ChartMenu } from '../chart/ChartMenu.tsx'
import { csvText } from '../chart/csv-text.ts'
import { type FactsColumn, FactsTable } from '../FactsTable.tsx'
import styles from './Planner.module.css'
import { type ShownWay, WAY_NAMES } from './planner-ways.ts'
import type { PlannedRush } from './use-rush-answer.ts'

/** Every pipeline in one way: when it may, does and must be done, and what it waits for. */
export function PlannerPipelines({ planned, shown }: { readonly planned: PlannedRush; readonly shown: ShownWay }) {
  const { rush } = planned
  const { pipelines } = shown.profile
  const clock = (time: number | null) => (time === null ? 'never' : rushClock(rush, time))
  const wait = (time: number) => (time === 0 ? '' : durationText(time))
  const columns: readonly FactsColumn<PipelineFate>[] = [
    { title: 'Pipeline', cell: (one) => one.pipeline, value: (one) => one.pipeline, tip: (one) => one.pipeline },
    { title: 'Released', numeric: true, cell: (one) => clock(one.release), value: (one) => one.release },
    { title: 'Starts', numeric: true, cell: (one) => clock(one.start), value: (one) => one.start ?? Infinity },
    { title: 'Ends', numeric: true, cell: (one) => clock(one.end), value: (one) => one.end ?? Infinity },
    { title: 'Deadline', numeric: true, cell: (one) => clock(one.deadline), value: (one) => one.deadline },
    { title: 'Slack', numeric: true, cell: (one) => <Slack fate={one} />, value: slackOf },
    {
      title: 'Waits for needs',
      numeric: true,
      cell: (one) => wait(one.waitedForNeeds),
      value: (one) => one.waitedForNeeds,
    },
    {
      title: 'Waits for a worker',
      numeric: true,
      cell: (one) => wait(one.waitedForWorkers),
      value: (one) => one.waitedForWorkers,
    },
    { title: 'Let go by', cell: waitedFor, value: waitedFor, tip: waitedFor },
  ]
  const title = `Pipelines, ${WAY_NAMES[shown.way].toLowerCase()}`
  return (
    <div>
      <div className={styles.tableHead}>
        <h3>{title}</h3>
        <ChartMenu title={title} csv={() => csvOf(pipelines)} />
      </div>
      <FactsTable label={title} columns={columns} rows={pipelines} keyOf={(one) => one.pipeline} />
    </div>
  )
}

function slackOf({ deadline, end }: PipelineFate): number {
  return end === null ? Number.NEGATIVE_INFINITY : deadline - end
}

function Slack({ fate }: { readonly fate: PipelineFate }) {
  const slack = slackOf(fate)
  const Icon = fate.inTime ? CircleCheck : CircleX
  return (
    <span className={styles.inTime} data-good={fate.inTime}>
      {Number.isFinite(slack) ? durationText(slack) : 'never ends'}
      <Icon size={13} aria-label={fate.inTime ? 'in time' : 'late'} />
    </span>
  )
}

function waitedFor({ waitedFor: other }: PipelineFate): string {
  if (other === null) return ''
  return other.as === 'need' ? `${other.pipeline} (needed)` : `${other.pipeline} (its worker)`
}

function csvOf(pipelines: readonly PipelineFate[]): string {
  const seconds = (time: number | null) => (time === null ? null : time / 1e6)
  return csvText(
    [
      'pipeline',
      'release',
      'start',
      'end',
      'deadline',
      'in_time',
      'waited_for_needs',
      'waited_for_workers',
      'waited_for',
    ],
    pipelines.map((one) => [
      one.pipeline,
      seconds(one.release),
      seconds(one.start),
      seconds(one.end),
      seconds(one.deadline),
      one.inTime,
      seconds(one.waitedForNeeds),
      seconds(one.waitedForWorkers),
      one.waitedFor?.pipeline ?? null,
    ]),
  )
}
