import { durationText } from '#shared/analysis/duration-text.ts'
import { useComparison } from '../state/comparison.ts'
import { COMPARE_SHARES } from './compareWords.ts'
import styles from './LensStrip.module.css'

/** What the colours of two compared runs mean. */
export function CompareLegend() {
  const found = useComparison((state) => state.found)
  if (found === null) return null
  const whole = Math.max(found.makespan.earlier ?? 0, found.makespan.later ?? 0)
  const [seen, large] = COMPARE_SHARES.map((share) => durationText(share * whole))
  const steps = [
    { ground: '--heat-less-2', text: `≥ ${large} faster` },
    { ground: '--heat-less-1', text: 'faster' },
    { ground: '--heat-0', text: `± ${seen}` },
    { ground: '--heat-2', text: 'slower' },
    { ground: '--heat-3', text: `≥ ${large} slower` },
    { ground: '--heat-4', text: 'fails now' },
  ]
  return (
    <aside className={styles.legend} aria-label="Legend of the compare lens">
      <ul className={styles.scale} aria-label="Steps">
        {steps.map(({ ground, text }) => (
          <li key={ground} className={styles.step}>
            <span className={styles.swatch} style={{ background: `var(${ground})` }} />
            {text}
          </li>
        ))}
        <li className={styles.step}>
          <span className={styles.swatch} data-hatched />
          no time
        </li>
      </ul>
    </aside>
  )
}
