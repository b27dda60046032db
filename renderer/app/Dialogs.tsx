import { lazy, Suspense } from 'react'
import { useDocuments } from '../state/documents.ts'
import { useView } from '../state/view.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { ConflictDialog } from './ConflictDialog.tsx'
import { DoctorDialog } from './DoctorDialog.tsx'
import { NewPipelineDialog, NewPlanDialog, SaveAsDialog } from './FileDialogs.tsx'
import { HelpSheet } from './HelpSheet.tsx'
import { OpenDialog } from './OpenDialog.tsx'
import { useQuestion } from './question.ts'
import { SettingsDialog } from './SettingsDialog.tsx'
import { TaskQuestionDialog } from './TaskQuestionDialog.tsx'
import { TrustDialog } from './TrustDialog.tsx'

const RunDialog = lazy(() => import('../runs/RunDialog.tsx').then((module) => ({ default: module.RunDialog })))
const ExportDialog = lazy(() =>
  import('../export/ExportDialog.tsx').then((module) => ({ default: module.ExportDialog })),
)

/** The one dialog that is open, and the questions that interrupt. */
export function Dialogs() {
  const dialog = useView((state) => state.dialog)
  const shown = useDocuments((state) => state.active !== null)
  return (
    <>
      <Suspense fallback={null}>
        {dialog === 'commands' && <CommandPalette />}
        {dialog === 'help' && <HelpSheet />}
        {dialog === 'open' && <OpenDialog />}
        {dialog === 'new' && <NewPipelineDialog />}
        {dialog === 'newPlan' && <NewPlanDialog />}
        {dialog === 'settings' && <SettingsDialog />}
        {dialog === 'doctor' && <DoctorDialog />}
        {dialog === 'saveAs' && shown && <SaveAsDialog />}
        {dialog === 'run' && shown && <RunDialog />}
        {dialog === 'export' && shown && <ExportDialog />}
      </Suspense>
      <TaskQuestionDialog />
      <ConflictDialog />
      <TrustDialog />
      <QuestionDialog />
    </>
  )
}

function QuestionDialog() {
  const question = useQuestion((state) => state.question)
  if (!question) return null
  return (
    <Dialog
      open
      onClose={() => question.resolve(question.fallback)}
      title={question.title}
      description={question.text}
      size={question.answers.length > 3 ? 'medium' : 'small'}
      footer={question.answers.map(({ id, label, tone }) => (
        <Button
          key={id}
          variant={tone ?? 'secondary'}
          onClick={() => question.resolve(id)}
          data-autofocus={tone === 'primary' || undefined}
        >
          {label}
        </Button>
      ))}
    />
  )
}
