import { useActiveDocument } from '../state/documents.ts'
import { answerConflict, postponeConflict } from '../state/files.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import styles from './ConflictDialog.module.css'
import { changedLines } from './changedLines.ts'

/** The file changed on disk while this window had unsaved edits. */
export function ConflictDialog() {
  const document = useActiveDocument()
  if (!document?.conflict) return null
  const { path, text, conflict } = document
  const lines = changedLines(text, conflict.text)
  const footer = (
    <>
      <Button onClick={() => postponeConflict(path)}>Decide later</Button>
      <Button variant="danger" onClick={() => void answerConflict(path, 'mine')}>
        Write mine over it
      </Button>
      <Button variant="primary" onClick={() => void answerConflict(path, 'disk')} data-autofocus>
        Take the one on disk
      </Button>
    </>
  )
  return (
    <Dialog
      open
      onClose={() => postponeConflict(path)}
      title="The file changed on disk"
      description={`${path} was changed by something else while you have unsaved edits. Taking the one on disk can be undone.`}
      size="large"
      footer={footer}
    >
      <div className={styles.columns}>
        <Side title="Yours" lines={lines.before} sign="−" />
        <Side title="On disk" lines={lines.after} sign="+" />
      </div>
    </Dialog>
  )
}

interface SideProps {
  readonly title: string
  readonly lines: readonly string[]
  readonly sign: string
}

function Side({ title, lines, sign }: SideProps) {
  return (
    <section className={styles.side}>
      <h3>{title}</h3>
      <pre className={styles.text}>
        {lines.length === 0 ? '(nothing here)' : lines.map((line) => `${sign} ${line}`).join('\n')}
      </pre>
    </section>
  )
}
