import { FlaskConical } from 'lucide-react'
import { useEffect } from 'react'
import { useRemembered } from '../runs/use-remembered.ts'
import { usePipeline } from '../state/documents.ts'
import { useWhatIf, wantWhatIf } from '../state/whatIf.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { PanelViews } from '../ui/PanelViews.tsx'
import { Spinner } from '../ui/Progress.tsx'
import { ChangePanel } from './ChangePanel.tsx'
import { DrawsPanel } from './DrawsPanel.tsx'
import { plainText } from './plain-text.ts'
import { ScenariosPanel } from './ScenariosPanel.tsx'
import { SlotsPanel } from './SlotsPanel.tsx'

const VIEWS = [
  { id: 'change', label: 'Suppose' },
  { id: 'scenarios', label: 'Side by side' },
  { id: 'draws', label: 'Next run' },
  { id: 'slots', label: 'Slots and cost' },
] as const

/** The next run, simulated: with something made different, drawn thousands of times, with other slots. */
export function WhatIfArea() {
  const pipeline = usePipeline()
  const [view, setView] = useRemembered<(typeof VIEWS)[number]['id']>('whatif.view', 'change')
  useEffect(wantWhatIf)
  if (pipeline === null || pipeline.tasks.length === 0) {
    return (
      <EmptyState icon={FlaskConical} title="There is nothing to simulate yet">
        Add tasks to see what would make a run shorter.
      </EmptyState>
    )
  }
  return (
    <PanelViews label="Views of the simulation" views={VIEWS} view={view} onChange={setView}>
      <Answered>
        {view === 'change' && <ChangePanel />}
        {view === 'scenarios' && <ScenariosPanel />}
        {view === 'draws' && <DrawsPanel />}
        {view === 'slots' && <SlotsPanel />}
      </Answered>
    </PanelViews>
  )
}

function Answered({ children }: { readonly children: React.ReactNode }) {
  const answer = useWhatIf((state) => state.answer)
  if (answer === null) return <Spinner label="Simulating the next run" />
  if (answer.ok) return children
  const [problem] = answer.problems
  return (
    <EmptyState icon={FlaskConical} title={plainText(problem?.message ?? 'The next run can’t be simulated.')}>
      {plainText(problem?.hint ?? '')} {problem && <code>{problem.code}</code>}
    </EmptyState>
  )
}
