import { durationText } from '#shared/analysis/duration-text.ts'
import { useAnalysis } from '../state/analysis.ts'
import styles from './LensStrip.module.css'

/** How the lines of the realized path are to be read. */
export function RealizedStrip() {
  const path = useAnalysis((state) => state.realized)
  const links = useAnalysis((state) => state.chain)
  if (path === null || links === null) return null
  const others = links.filter(({ cause }) => cause !== 'dependency').length
  return (
    <>
      <span className={styles.note}>{durationText(path.makespan)}</span>
      <span className={styles.step}>
        <span className={styles.line} /> {links.length - others} by dependency
      </span>
      <span className={styles.step} title="A slot, a pool, a place, a resumed run: what is no edge of the graph">
        <span className={styles.line} data-dotted /> {others} by slot, pool or other
      </span>
    </>
  )
}
