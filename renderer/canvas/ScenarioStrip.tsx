import { FlaskConical } from 'lucide-react'
import { effectSentence } from '#shared/analysis/scenario-effect.ts'
import { plainText } from '../analysis/plain-text.ts'
import { suppose, useWhatIf } from '../state/whatIf.ts'
import { Button } from '../ui/Button.tsx'
import styles from './LensStrip.module.css'

/** Says that what the canvas shows is only supposed, what it comes to, and leads back. */
export function ScenarioStrip() {
  const scenario = useWhatIf((state) => state.scenario)
  const answer = useWhatIf((state) => state.answer)
  if (scenario.length === 0) {
    return (
      <aside className={styles.legend} aria-label="Scenario">
        <FlaskConical size={14} aria-hidden />
        Nothing is supposed yet. Choose a task and a change in the What-if panel.
      </aside>
    )
  }
  return (
    <aside className={styles.legend} aria-label="Scenario">
      <FlaskConical size={14} aria-hidden />
      <span role="status">
        <strong>Scenario.</strong> {answer?.ok ? plainText(effectSentence(answer.effect)) : 'Simulating…'}
      </span>
      <Button size="small" onClick={() => suppose([])}>
        Back to the pipeline
      </Button>
    </aside>
  )
}
