import { durationText } from '#shared/analysis/duration-text.ts'
import type {
  DurationStatistics,
  HistoryChange,
  PipelineHistory,
  SuccessRate,
  TaskHistory,
} from '#shared/analysis/history.ts'
import { percentile } from '#shared/analysis/percentile.ts'
import { isExecutedSuccess } from '#shared/analysis/run-facts.ts'
import type { InstanceState, Origin, RunState } from '#shared/journal/event.ts'
import type { Unit } from './chart/scale.ts'

export type HistoryMeasure = 'duration' | 'queued' | 'success' | 'attempts' | 'rows' | 'bytes' | 'memory'

/** One run as a point of a chart. */
export interface SeriesPoint {
  readonly run: string
  /** ISO 8601. */
  readonly startedAt: string
  readonly state: RunState | InstanceState
  /** Of a success that was not executed there and then. */
  readonly origin: Origin | null
  /** null: the run has none. */
  readonly value: number | null
  /** Enters the statistics. */
  readonly counts: boolean
  readonly failed: boolean
}

export interface HistorySeries {
  readonly unit: Unit
  /** Oldest first. */
  readonly points: readonly SeriesPoint[]
  /** Levels to be compared with; null where there is nothing to take them from. */
  readonly levels: { readonly median: number; readonly p95: number } | null
  /** Of the durations, oldest first. */
  readonly changes: readonly HistoryChange[]
}

const UNITS: Readonly<Record<HistoryMeasure, Unit>> = {
  duration: 'duration',
  queued: 'duration',
  success: 'share',
  attempts: 'count',
  rows: 'count',
  bytes: 'bytes',
  memory: 'bytes',
}

export function pipelineSeries(history: PipelineHistory, measure: 'duration' | 'success'): HistorySeries {
  const points = history.runs.toReversed().map((run): SeriesPoint => {
    const failed = run.state === 'failed'
    return {
      run: run.run,
      startedAt: run.startedAt,
      state: run.state,
      origin: null,
      value: measure === 'success' ? shareOf(run.rate) : run.makespan,
      counts: measure === 'success' ? run.rate !== null : run.whole && !failed,
      failed,
    }
  })
  return seriesOf(measure, points, history.makespan, history.changes)
}

export function taskSeries(history: TaskHistory, measure: HistoryMeasure): HistorySeries {
  const points = history.points.toReversed().map((point): SeriesPoint => {
    const { run, startedAt, state, origin } = point
    const value = measure === 'success' ? shareOf(point.rate) : measure === 'memory' ? point.peakMemory : point[measure]
    const counts = measure === 'success' ? point.rate !== null : isExecutedSuccess(point)
    return { run, startedAt, state, origin, value, counts, failed: state === 'failed' }
  })
  return seriesOf(measure, points, history.duration, history.changes)
}

function seriesOf(
  measure: HistoryMeasure,
  points: readonly SeriesPoint[],
  durations: DurationStatistics | null,
  changes: readonly HistoryChange[],
): HistorySeries {
  return {
    unit: UNITS[measure],
    points,
    levels: measure === 'duration' ? durations : measure === 'success' ? null : levelsOf(points),
    changes: measure === 'duration' ? changes : [],
  }
}

function levelsOf(points: readonly SeriesPoint[]): HistorySeries['levels'] {
  const values = points.flatMap(({ counts, value }) => (counts && value !== null ? [value] : []))
  const [median, p95] = [percentile(values, 0.5), percentile(values, 0.95)]
  return median === undefined || p95 === undefined ? null : { median, p95 }
}

function shareOf(rate: SuccessRate | null): number | null {
  return rate === null ? null : rate.succeeded / rate.judged
}

/** "Slower since 3 Nov: median 12.0 s → 31.0 s". */
export function changeText({ before, after, since }: Pick<HistoryChange, 'before' | 'after' | 'since'>): string {
  const direction = after > before ? 'Slower' : 'Faster'
  return `${direction} since ${dayText(since)}: median ${durationText(before)} → ${durationText(after)}`
}

/** "3 Nov": in the reader's time zone. */
export function dayText(iso: string): string {
  return new Date(iso).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

/** "95% of 20 runs". */
export function rateText(rate: SuccessRate | null): string {
  if (rate === null) return 'no run has ended by itself'
  return `${Math.floor((100 * rate.succeeded) / rate.judged)}% of ${rate.judged} ${rate.judged === 1 ? 'run' : 'runs'}`
}
