import { useView } from '../state/view.ts'
import { CompareLegend } from './CompareLegend.tsx'
import { CriticalStrip } from './CriticalStrip.tsx'
import { HeatLegend } from './HeatLegend.tsx'
import styles from './LensStrip.module.css'
import { ScenarioStrip } from './ScenarioStrip.tsx'

/** What a lens has to say beside the cards, at the upper left of the canvas. */
export function LensStrip() {
  return (
    <div className={styles.place} data-over-canvas="top">
      <Legend />
    </div>
  )
}

function Legend() {
  const lens = useView((state) => state.lens)
  if (lens === 'heat') return <HeatLegend />
  if (lens === 'critical') return <CriticalStrip />
  if (lens === 'whatif') return <ScenarioStrip />
  return lens === 'compare' ? <CompareLegend /> : null
}
