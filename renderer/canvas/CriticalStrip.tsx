import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import { BasisSelect } from '../analysis/BasisSelect.tsx'
import { PathSwitch } from '../analysis/PathSwitch.tsx'
import { chooseNearShare, useAnalysis } from '../state/analysis.ts'
import styles from './LensStrip.module.css'
import { RealizedStrip } from './RealizedStrip.tsx'

/** Percent of the makespan. */
const MOST_NEAR = 50

/** What durations the critical path is made of, and how little float still counts as nearly critical. */
export function CriticalStrip() {
  const plan = useAnalysis((state) => state.plan)
  const share = useAnalysis((state) => state.nearShare)
  const critical = useAnalysis((state) => state.criticalTasks.size)
  const near = useAnalysis((state) => state.nearTasks.size)
  const realized = useAnalysis((state) => state.chain !== null)
  if (plan === null) return <aside className={styles.legend}>No plan: the pipeline has a cycle.</aside>
  const float = plan.makespan * share
  if (realized) {
    return (
      <aside className={styles.legend} aria-label="Legend of the critical path lens">
        <PathSwitch />
        <RealizedStrip />
      </aside>
    )
  }
  return (
    <aside className={styles.legend} aria-label="Legend of the critical path lens">
      <PathSwitch />
      <BasisSelect />
      <span className={styles.step}>
        <span className={styles.swatch} data-critical />
        {critical.toLocaleString('en')} critical
      </span>
      <label className={styles.step} title={`Float up to ${exactDurationText(float)}`}>
        <span className={styles.swatch} data-near />
        {near.toLocaleString('en')} nearly, with float up to
        <input
          type="range"
          className={styles.slider}
          min={0}
          max={MOST_NEAR}
          value={Math.round(share * 100)}
          aria-label="Nearly critical: float as a share of the plan's length"
          aria-valuetext={`${Math.round(share * 100)}%, ${durationText(float)}`}
          onChange={(event) => chooseNearShare(Number(event.target.value) / 100)}
        />
        <span className={styles.amount}>
          {Math.round(share * 100)}% · {durationText(float)}
        </span>
      </label>
    </aside>
  )
}
