import { useMemo } from 'react'
import { unitText } from '../analysis/chart/scale.ts'
import { useAnalysis } from '../state/analysis.ts'
import { usePipeline } from '../state/documents.ts'
import { cancelNextRun, drawNextRun, NEXT_RUN_DRAWS, useNextRun } from '../state/nextRun.ts'
import { retryHistory, usePipelineHistory } from '../state/pipelineHistory.ts'
import { Button } from '../ui/Button.tsx'
import { Progress } from '../ui/Progress.tsx'
import { Select } from '../ui/Select.tsx'
import { HEAT_METRICS, type HeatMetric, type HeatScale, heatScale, NO_DATA } from './heat.ts'
import styles from './LensStrip.module.css'
import { setHeatMetric, useLensWords } from './lensWords.ts'

const METRICS: Readonly<Record<HeatMetric, { readonly label: string; readonly detail: string }>> = {
  duration: { label: 'Duration', detail: 'how long a task takes' },
  drag: { label: 'Drag', detail: 'how much the plan would shorten without it' },
  queued: { label: 'Queue time', detail: 'median wait for slots and pools' },
  failures: { label: 'Failure rate', detail: 'of its last 20 runs' },
  criticality: { label: 'Criticality', detail: 'how often it decides the end, simulated' },
  fanOut: { label: 'Fan-out', detail: 'tasks that wait for it, directly or not' },
  memory: { label: 'Peak memory', detail: 'highest of its runs' },
}
const OPTIONS = HEAT_METRICS.map((value) => ({ value, ...METRICS[value] }))

/** What is coloured, what the colours mean, and what is missing. */
export function HeatLegend() {
  const metric = useLensWords((state) => state.metric)
  const pipeline = usePipeline()
  const plan = useAnalysis((state) => state.plan)
  const past = usePipelineHistory((state) => state.tasks)
  const criticality = useNextRun((state) => state.criticality)
  const scale = useMemo(
    () => pipeline && heatScale(metric, { pipeline, plan, past, criticality }),
    [metric, pipeline, plan, past, criticality],
  )
  if (!pipeline || !scale) return null
  const missing = pipeline.tasks.length - scale.values.size
  return (
    <aside className={styles.legend} aria-label="Legend of the heat lens">
      <Select value={metric} options={OPTIONS} onChange={setHeatMetric} label="Colour tasks by" size="small" />
      {scale.values.size > 0 && <Steps scale={scale} />}
      {missing > 0 && (
        <span className={styles.step} title={NO_DATA[metric]}>
          <span className={styles.swatch} data-hatched />
          {missing === pipeline.tasks.length ? NO_DATA[metric] : `${missing} without data`}
        </span>
      )}
      {metric === 'criticality' && <Criticality />}
      <PastFailed />
    </aside>
  )
}

/** Only the steps that some value can have: bounds may fall together where all values are small. */
function Steps({ scale: { bounds, unit } }: { readonly scale: HeatScale }) {
  const steps = [0, ...bounds].map((above, step) => ({ step, above, upTo: bounds[step] ?? Number.POSITIVE_INFINITY }))
  return (
    <ul className={styles.scale} aria-label="Steps">
      {steps
        .filter(({ step, above, upTo }) => step === 0 || upTo > above)
        .map(({ step, above, upTo }) => (
          <li key={step} className={styles.step}>
            <span className={styles.swatch} style={{ background: `var(--heat-${step})` }} />
            {step === 0 ? `≤ ${unitText(upTo, unit)}` : `> ${unitText(above, unit)}`}
          </li>
        ))}
    </ul>
  )
}

function Criticality() {
  const { drawing, drawn, result, problem } = useNextRun()
  if (problem) return <span className={styles.note}>{`${problem.message} ${problem.hint ?? ''}`}</span>
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
  if (result) return <span className={styles.note}>{`${result.draws.toLocaleString('en')} simulated runs`}</span>
  return (
    <Button size="small" onClick={() => void drawNextRun()}>
      Simulate {NEXT_RUN_DRAWS.toLocaleString('en')} runs
    </Button>
  )
}

function PastFailed() {
  const error = usePipelineHistory((state) => state.error)
  if (error === null) return null
  return (
    <span className={styles.note} role="alert">
      {error.message} <code>{error.code}</code>{' '}
      <Button size="small" variant="quiet" onClick={retryHistory}>
        Try again
      </Button>
    </span>
  )
}
