import { type BasisChoice, chooseBasis, useAnalysis } from '../state/analysis.ts'
import { useRuns } from '../state/runs.ts'
import { Select } from '../ui/Select.tsx'
import styles from './BasisSelect.module.css'

const CHOICES: readonly { readonly value: BasisChoice; readonly label: string; readonly detail: string }[] = [
  { value: 'median', label: 'Typical', detail: 'median of past runs' },
  { value: 'last', label: 'Last run', detail: 'of each task' },
  { value: 'p95', label: 'Slow day', detail: '95th percentile of past runs' },
  { value: 'estimate', label: 'Estimates', detail: 'as written' },
]
const RECORDED = { value: 'imported', label: 'Recorded', detail: 'by another system' } as const
const THIS_RUN = { value: 'run', label: 'This run', detail: 'as it was' } as const
const RUNS = [5, 10, 20, 50].map((count) => ({ value: String(count), label: `of ${count} runs` }))

/** What the durations of the plan are taken from. */
export function BasisSelect() {
  const choice = useAnalysis((state) => state.choice)
  const runs = useAnalysis((state) => state.basisRuns)
  const ended = useRuns((state) => state.version >= 0 && state.whole !== null && state.whole.endedAt !== null)
  const imported = useAnalysis((state) => (state.history?.imported ?? null) !== null)
  const choices = imported ? [...CHOICES, RECORDED] : CHOICES
  const value = choice === 'run' && !ended ? 'median' : choice
  return (
    <span className={styles.basis}>
      <Select
        size="small"
        label="Durations by"
        value={value}
        options={ended ? [THIS_RUN, ...choices] : choices}
        onChange={(next) => chooseBasis(next, runs)}
      />
      {(value === 'median' || value === 'p95') && (
        <Select
          size="small"
          label="How many past runs count"
          value={String(runs)}
          options={RUNS}
          onChange={(next) => chooseBasis(value, Number(next))}
        />
      )}
    </span>
  )
}
