import { useAnalysis } from '../state/analysis.ts'
import { useView } from '../state/view.ts'
import { Select } from '../ui/Select.tsx'
import { HEAT_STEPS, type HeatMetric, setHeatMetric, useHeatMetric } from './heat.ts'
import styles from './LensStrip.module.css'

/** What a lens has to say beside the cards, at the upper left of the canvas. */
export function LensStrip() {
  const lens = useView((state) => state.lens)
  return lens === 'heat' ? <HeatLegend /> : null
}

const METRICS: readonly { value: HeatMetric; label: string; detail: string }[] = [
  { value: 'duration', label: 'Duration', detail: 'how long a task takes' },
  { value: 'drag', label: 'Drag', detail: 'how much the plan would shorten without it' },
]

function HeatLegend() {
  const metric = useHeatMetric()
  const known = useAnalysis((state) => state.plan !== null)
  const percents = [0, ...HEAT_STEPS].map((step) => Math.round(step * 100))
  return (
    <aside className={styles.legend} aria-label="Legend of the heat lens">
      <Select value={metric} options={METRICS} onChange={setHeatMetric} label="Colour tasks by" size="small" />
      {known ? (
        <ul className={styles.scale} aria-label="Share of the critical path's length">
          {percents.map((percent, step) => (
            <li key={percent} className={styles.step}>
              <span className={styles.swatch} style={{ background: `var(--heat-${step})` }} />
              {step === 0 ? `≤ ${percents[1]} %` : `> ${percent} %`}
            </li>
          ))}
        </ul>
      ) : (
        <span className={styles.note}>No plan: the pipeline has a cycle.</span>
      )}
      <span className={styles.note}>of the critical path</span>
    </aside>
  )
}
