import type { ReactNode } from 'react'
import { exactDurationText } from '#shared/analysis/duration-text.ts'
import { whenText } from '../runs/run-text.ts'
import { STATE_STYLES } from '../ui/states.ts'
import { Chart, type Plot } from './chart/Chart.tsx'
import { csvText } from './chart/csv-text.ts'
import { LegendMark, Line, Moment, Points, Rule } from './chart/marks.tsx'
import { roundDomain, unitText } from './chart/scale.ts'
import { changeText, dayText, type HistorySeries, type SeriesPoint } from './history-series.ts'

export interface HistoryChartProps {
  readonly title: string
  /** What stands at the left of the legend. */
  readonly lead: ReactNode
  readonly series: HistorySeries
  readonly chosen: string | null
  readonly onOpen: (run: string) => void
  readonly className?: string | undefined
}

/** Pixels that "p95 1 m 12 s" takes. */
const GUTTER = 76

type Valued = SeriesPoint & { readonly value: number; readonly x: number }

/** A value for each run, oldest at the left: levels as lines, failures and what does not count by their shapes. */
export function HistoryChart({ title, lead, series, chosen, onOpen, className }: HistoryChartProps) {
  const { points, unit, levels, changes } = series
  const valued = points.flatMap((point, x): Valued[] =>
    point.value === null ? [] : [{ ...point, value: point.value, x }],
  )
  const domain = roundDomain([...valued.map(({ value }) => value), levels?.p95 ?? 0], unit)
  const last = Math.max(1, points.length - 1)
  const share = unit === 'share'
  return (
    <Chart
      title={title}
      lead={lead}
      gutter={levels ? GUTTER : 0}
      legend={<Legend valued={valued} share={share} />}
      y={{ domain, unit }}
      x={{ domain: { from: 0, to: last }, ticks: dayTicks(points) }}
      points={valued.map((point) => ({ key: point.run, x: point.x, y: point.value, lines: tipOf(point, series) }))}
      chosen={chosen}
      onOpen={onOpen}
      csv={() => csvOf(series)}
      className={className}
    >
      {(plot) => (
        <>
          {levels && (
            <Rule
              plot={plot}
              value={levels.p95}
              text={`p95 ${unitText(levels.p95, unit)}`}
              color="--text-2"
              side="above"
            />
          )}
          {levels && (
            <Rule
              plot={plot}
              value={levels.median}
              text={`p50 ${unitText(levels.median, unit)}`}
              color="--text-2"
              side="below"
            />
          )}
          {changes.map((change) => {
            const at = points.findIndex((point) => point.run === change.run)
            return at < 0 ? null : <Moment key={change.run} plot={plot} value={at - 0.5} text={changeText(change)} />
          })}
          {share ? <Rates plot={plot} points={valued} /> : <Marks plot={plot} points={valued} />}
        </>
      )}
    </Chart>
  )
}

function Legend({ valued, share }: { readonly valued: readonly Valued[]; readonly share: boolean }) {
  if (share) return <LegendMark shape="line" text="over 20 runs" />
  return (
    <>
      <LegendMark shape="dot" text="success" />
      {valued.some(isFailure) && <LegendMark shape="cross" color="--danger" text="failed" />}
      {valued.some(isOther) && <LegendMark shape="ring" color="--text-3" text="does not count" />}
    </>
  )
}

function Rates({ plot, points }: { readonly plot: Plot; readonly points: readonly Valued[] }) {
  return (
    <>
      <Line plot={plot} points={points.map(({ x, value }) => ({ x, y: value }))} />
      <Points plot={plot} points={points.filter(({ failed }) => failed).map(markOf)} shape="cross" color="--danger" />
    </>
  )
}

function Marks({ plot, points }: { readonly plot: Plot; readonly points: readonly Valued[] }) {
  return (
    <>
      <Points plot={plot} points={points.filter(({ counts }) => counts).map(markOf)} />
      <Points plot={plot} points={points.filter(isFailure).map(markOf)} shape="cross" color="--danger" />
      <Points plot={plot} points={points.filter(isOther).map(markOf)} shape="ring" color="--text-3" />
    </>
  )
}

const isFailure = ({ counts, failed }: SeriesPoint) => !counts && failed
const isOther = ({ counts, failed }: SeriesPoint) => !counts && !failed

function markOf({ run, x, value }: Valued) {
  return { key: run, x, y: value }
}

function tipOf({ startedAt, state, origin, value, counts, failed }: Valued, { unit, changes, points }: HistorySeries) {
  const label = STATE_STYLES[state].label
  const how = origin !== null && origin !== 'executed' ? `${label}, ${origin}` : label
  const at = points.findIndex((point) => point.startedAt === startedAt)
  const change = changes.find((one) => one.run === points[at]?.run)
  return [
    whenText(startedAt, Date.now()),
    `${unit === 'duration' ? exactDurationText(value) : unitText(value, unit)} · ${how}`,
    ...(counts || failed ? [] : ['Does not count: not all of it was executed there and then']),
    ...(change ? [changeText(change)] : []),
  ]
}

/** The first run of each day. */
function dayTicks(points: readonly SeriesPoint[]) {
  return points.flatMap(({ startedAt }, value) => {
    const label = dayText(startedAt)
    return value > 0 && dayText(points[value - 1]!.startedAt) === label ? [] : [{ value, label }]
  })
}

function csvOf({ points, unit }: HistorySeries): string {
  const column = unit === 'duration' ? 'seconds' : unit
  return csvText(
    ['run', 'started_at', 'state', 'origin', column, 'counts'],
    points.map((point) => [
      point.run,
      point.startedAt,
      point.state,
      point.origin,
      point.value !== null && unit === 'duration' ? point.value / 1e6 : point.value,
      point.counts,
    ]),
  )
}
