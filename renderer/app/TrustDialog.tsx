import { answerTrust, useRuns } from '../state/runs.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import styles from './TrustDialog.module.css'
import { type TrustFact, trustFacts } from './trustFacts.ts'

/** Asks once per folder before its code runs, showing what will run. */
export function TrustDialog() {
  const request = useRuns((state) => state.trustRequest)
  const root = useWorkspace((state) => state.info?.root ?? '')
  if (!request) return null
  const facts = trustFacts(request.error.details)
  const footer = (
    <>
      <Button onClick={() => void answerTrust(false)} data-autofocus>
        Don't run
      </Button>
      <Button variant="primary" onClick={() => void answerTrust(true)}>
        Trust this folder and run
      </Button>
    </>
  )
  return (
    <Dialog
      open
      onClose={() => void answerTrust(false)}
      title="Run code from this folder?"
      description="A pipeline is code: its tasks can read, change and send everything that you can. Trust the folder only if you know who wrote it."
      footer={footer}
    >
      <p className={styles.root}>{root}</p>
      {facts.length > 0 && (
        <ul className={styles.list} aria-label="What will run">
          {facts.map((fact) => (
            <Fact key={fact.task} fact={fact} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}

function Fact({ fact }: { readonly fact: TrustFact }) {
  return (
    <li className={styles.fact}>
      <p>
        <span className={styles.title}>{fact.task}</span> <span className={styles.kind}>{fact.kind}</span>
      </p>
      {fact.code && <pre className={styles.code}>{fact.code}</pre>}
    </li>
  )
}
