import { choosePath, useAnalysis } from '../state/analysis.ts'
import { Segments } from '../ui/Segments.tsx'

/** Whether the critical path is that of the plan, or what led to the end of the chosen run. */
export function PathSwitch() {
  const choice = useAnalysis((state) => state.pathChoice)
  const known = useAnalysis((state) => state.realized !== null)
  return (
    <Segments
      label="Critical path of"
      value={known ? choice : 'plan'}
      onChange={choosePath}
      options={[
        { value: 'plan', label: 'Plan', hint: 'The longest path by durations, with unlimited slots' },
        {
          value: 'realized',
          label: 'Realized',
          hint: known
            ? 'What led to the end of the chosen run, waits for slots and pools included'
            : 'Choose a run that has ended to see what led to its end',
          disabled: !known,
        },
      ]}
    />
  )
}
