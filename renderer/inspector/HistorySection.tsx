import { ChartLine } from 'lucide-react'
import { useEffect } from 'react'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import { percentile } from '#shared/analysis/percentile.ts'
import type { Micros } from '#shared/model/time.ts'
import { changeText, rateText } from '../analysis/history-series.ts'
import { useAnalysis } from '../state/analysis.ts'
import { usePipelineHistory, wantHistory } from '../state/pipelineHistory.ts'
import { showHistory } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import styles from './Inspector.module.css'
import { Section } from './Section.tsx'

const SHOWN = 30
const EMPTY: readonly Micros[] = []

/** How long the task took lately, oldest on the left. */
export function HistorySection({ task }: { readonly task: string }) {
  const past = useAnalysis((state) => state.history?.durations.get(task))
  const durations = past?.slice(0, SHOWN) ?? EMPTY
  const median = percentile(durations, 0.5)
  const p95 = percentile(durations, 0.95)
  return (
    <Section name="history" title="History" note={durations.length === 0 ? 'no runs' : `${durations.length} runs`}>
      {median === undefined || p95 === undefined ? (
        <p className={styles.quiet}>It has not succeeded in a run yet.</p>
      ) : (
        <div className={styles.history}>
          <Sparkline values={durations.toReversed()} median={median} />
          <div className={styles.historyFacts}>
            <span title={exactDurationText(durations[0] ?? 0)}>last {durationText(durations[0] ?? 0)}</span>
            <span title={exactDurationText(median)}>median {durationText(median)}</span>
            <span title={exactDurationText(p95)}>p95 {durationText(p95)}</span>
          </div>
          <PastFacts task={task} />
        </div>
      )}
    </Section>
  )
}

/** What a look at all runs adds. */
function PastFacts({ task }: { readonly task: string }) {
  const summary = usePipelineHistory((state) => state.tasks?.get(task) ?? null)
  useEffect(wantHistory)
  return (
    <>
      {summary?.rate && (
        <p className={styles.quiet} title="Over the last 20 runs that ended by themselves">
          Success in {rateText(summary.rate)}
        </p>
      )}
      {summary?.change && <p className={styles.critical}>{changeText(summary.change)}</p>}
      <Button size="small" variant="quiet" icon={ChartLine} onClick={() => showHistory('runs')}>
        All runs
      </Button>
    </>
  )
}

/** Bars from the first to the last run, with a line at the median. */
function Sparkline({ values, median }: { readonly values: readonly Micros[]; readonly median: Micros }) {
  const most = Math.max(1, ...values)
  const slot = 300 / Math.max(values.length, 12)
  const height = (value: Micros) => Math.max(1.5, (value / most) * 40)
  return (
    <svg
      className={styles.spark}
      viewBox="0 0 300 44"
      preserveAspectRatio="none"
      role="img"
      aria-label={`Durations of the last ${values.length} runs, median ${durationText(median)}`}
    >
      {values.map((value, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a place in time
        <g key={index}>
          <title>{exactDurationText(value)}</title>
          <rect
            x={index * slot}
            y={44 - height(value)}
            width={Math.max(slot - 2, 1)}
            height={height(value)}
            fill={index === values.length - 1 ? 'var(--accent)' : 'var(--bar-typical)'}
          />
        </g>
      ))}
      <line
        x1={0}
        x2={300}
        y1={44 - height(median)}
        y2={44 - height(median)}
        stroke="var(--text-3)"
        strokeDasharray="2 3"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
