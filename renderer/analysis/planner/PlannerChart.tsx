import { mostWorkers, rushClock } from '#shared/analysis/planner-text.ts'
import type { Micros } from '#shared/model/time.ts'
import { Chart, type Plot } from '../chart/Chart.tsx'
import { csvText } from '../chart/csv-text.ts'
import { LegendMark, Line, Moment } from '../chart/marks.tsx'
import { roundDomain } from '../chart/scale.ts'
import styles from './Planner.module.css'
import { busiest, busyLevels, type ShownWay, type StepPoint, WAY_NAMES, type Way, workerSteps } from './planner-ways.ts'
import type { PlannedRush } from './use-rush-answer.ts'

interface Look {
  readonly color: string
  readonly dashed: boolean
}

const LOOKS: Readonly<Record<Way, Look>> = {
  given: { color: '--critical', dashed: false },
  planned: { color: '--accent-text', dashed: false },
  fixed: { color: '--text-3', dashed: true },
}

export interface PlannerChartProps {
  readonly planned: PlannedRush
  readonly ways: readonly ShownWay[]
  /** The way whose busy workers are drawn. */
  readonly shown: ShownWay
}

/** Workers over time of every way, over the workers that are busy in one of them. */
export function PlannerChart({ planned: { rush }, ways, shown }: PlannerChartProps) {
  const { interval } = rush
  const end = Math.max(rush.window, ...ways.map(({ profile }) => (profile.steps.at(-1)?.at ?? 0) + interval))
  const levels = busyLevels(shown.profile.tasks)
  const top = Math.max(...ways.map(({ profile }) => mostWorkers(profile)), busiest(levels, 0, end))
  const count = Math.ceil(end / interval)
  const rows = Array.from({ length: count }, (_, number) => {
    const at = number * interval
    return {
      at,
      workers: ways.map(({ way, profile }) => {
        const step = profile.steps[number]
        return { way, workers: step === undefined ? 0 : step.hand + step.reserve }
      }),
      busy: busiest(levels, at, at + interval),
    }
  })
  const deadlines = [...new Set(rush.pipelines.map(({ deadline }) => deadline))]
  const common = deadlines.length === 1 ? deadlines[0] : undefined
  const csv = () =>
    csvText(
      ['from_seconds', ...ways.map(({ way }) => `workers_${way}`), `busy_${shown.way}`],
      rows.map(({ at, workers, busy }) => [at / 1e6, ...workers.map((one) => one.workers), busy]),
    )
  return (
    <Chart
      className={styles.chart}
      title="Workers over time"
      legend={
        <>
          {ways.map(({ way }) => (
            <LegendMark
              key={way}
              shape={LOOKS[way].dashed ? 'dashed' : 'line'}
              color={LOOKS[way].color}
              text={WAY_NAMES[way].toLowerCase()}
            />
          ))}
          <LegendMark shape="bar" color="--bar" text={`busy, ${WAY_NAMES[shown.way].toLowerCase()}`} />
        </>
      }
      y={{ domain: roundDomain([top], 'count'), unit: 'count' }}
      x={{ domain: { from: 0, to: end }, ticks: clockTicks(rush, end) }}
      points={rows.map(({ at, workers, busy }) => ({
        key: String(at),
        x: at + interval / 2,
        y: workers.find(({ way }) => way === shown.way)?.workers ?? 0,
        lines: [
          `${rushClock(rush, at)} to ${rushClock(rush, at + interval)}`,
          ...workers.map((one) => `${WAY_NAMES[one.way]}: ${one.workers}`),
          `Busy at most: ${busy}`,
        ],
      }))}
      csv={csv}
    >
      {(plot) => (
        <>
          <Busy plot={plot} levels={levels} />
          {common !== undefined && (
            <Moment plot={plot} value={common} text={`Deadline ${rushClock(rush, common)}`} color="--text-2" />
          )}
          {ways.map(({ way, profile }) => (
            <Line key={way} plot={plot} points={workerSteps(profile, interval)} {...LOOKS[way]} />
          ))}
        </>
      )}
    </Chart>
  )
}

function Busy({ plot, levels }: { readonly plot: Plot; readonly levels: readonly StepPoint[] }) {
  const path = levels.map(({ x, y }, number) => {
    const right = plot.x(levels[number + 1]?.x ?? x)
    return `V${plot.y(y)}H${right}`
  })
  return <path d={`M${plot.x(0)} ${plot.y(0)}${path.join('')}V${plot.y(0)}Z`} fill="var(--bar)" />
}

/** Round clock times, few enough to be read. */
export function clockTicks(rush: PlannedRush['rush'], end: Micros) {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 240].find((step) => end / (step * 60_000_000) <= 13) ?? 480
  const step = minutes * 60_000_000
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, number) => ({
    value: number * step,
    label: rushClock(rush, number * step),
  }))
}
