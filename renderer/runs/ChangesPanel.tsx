import { FileDiff, FileQuestion, FolderClock } from 'lucide-react'
import { type InputChange, isUnchanged, type RunChanges } from '#shared/analysis/run-changes.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import { type DifferenceLine, lineDifference } from '#shared/model/line-difference.ts'
import type { FieldChange } from '#shared/model/pipeline-difference.ts'
import { openAsRun } from '../state/asRun.ts'
import { api } from '../state/client.ts'
import { useRuns } from '../state/runs.ts'
import { selectTask } from '../state/selection.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Spinner } from '../ui/Progress.tsx'
import styles from './ChangesPanel.module.css'
import { bytesText } from './log-buffer.ts'
import { whenText } from './run-text.ts'
import { useCall } from './use-call.ts'

/** What changed between the last whole success and the chosen run: the first thing to look at when a run fails. */
export function ChangesPanel() {
  const chosen = useRuns((state) => state.chosen)
  const live = useRuns((state) => state.live)
  const answer = useCall(chosen === null ? null : `${chosen} ${live}`, (signal) =>
    api().runs.changes({ workspace: workspaceRoot(), run: chosen ?? '' }, { signal }),
  )
  if (chosen === null) {
    return (
      <EmptyState icon={FileDiff} title="No run is shown">
        Choose a run in the Runs list: what changed since the last success before it appears here.
      </EmptyState>
    )
  }
  if (answer.status === 'failed') {
    return (
      <EmptyState
        icon={FileQuestion}
        title="The runs could not be compared"
        actions={<Button onClick={answer.retry}>Try again</Button>}
      >
        {[answer.error.message, answer.error.next].filter(Boolean).join(' ')}
      </EmptyState>
    )
  }
  if (answer.value === null) return <Spinner label="Comparing with the last success" />
  const { since, changes } = answer.value
  if (since === null || changes === null) {
    return (
      <EmptyState icon={FileDiff} title="Nothing to compare with" actions={<OpenAsRun run={chosen} />}>
        No whole run of this pipeline succeeded before this one.
      </EmptyState>
    )
  }
  return (
    <div className={styles.panel}>
      <header className={styles.head}>
        <span className={styles.title}>{titleOf(since, changes)}</span>
        <OpenAsRun run={chosen} />
        <Button size="small" variant="quiet" onClick={() => void openAsRun(since.run)}>
          Open that success
        </Button>
      </header>
      <Changes changes={changes} />
    </div>
  )
}

function OpenAsRun({ run }: { readonly run: string }) {
  return (
    <Button size="small" icon={FolderClock} onClick={() => void openAsRun(run)}>
      Open as it was
    </Button>
  )
}

function titleOf(since: RunSummary, changes: RunChanges): string {
  const when = whenText(since.startedAt, Date.now())
  return isUnchanged(changes)
    ? `Nothing changed since the last success (${when}): same code, parameters, inputs and programs.`
    : `Changed since the last success (${when})`
}

const GONE = { added: 'new task', removed: 'removed' } as const

export function Changes({ changes }: { readonly changes: RunChanges }) {
  return (
    <div className={styles.body}>
      {changes.tasks.map(({ task, change, fields }) => (
        <section key={task} className={styles.section} aria-label={`Changes of ${task}`}>
          <h2 className={styles.name}>
            <button
              type="button"
              className={styles.task}
              onClick={() => selectTask(task)}
              disabled={change === 'removed'}
            >
              {task}
            </button>
            {change !== 'changed' && <span className={styles.quiet}>{GONE[change]}</span>}
          </h2>
          {fields.map((field) => (
            <Field key={field.field} change={field} />
          ))}
        </section>
      ))}
      <Fields title="Pipeline" fields={changes.pipeline} />
      <Fields title="Parameters" fields={changes.params} />
      {changes.inputs.length > 0 && (
        <section className={styles.section} aria-label="Changed inputs">
          <h2 className={styles.name}>Inputs</h2>
          {changes.inputs.map((input) => (
            <p key={`${input.label} ${input.path}`} className={styles.input}>
              <code>{input.path}</code> <span className={styles.quiet}>read by {input.label}:</span> {inputText(input)}
            </p>
          ))}
        </section>
      )}
      <Fields title="Programs" fields={changes.programs} />
    </div>
  )
}

function Fields({ title, fields }: { readonly title: string; readonly fields: readonly FieldChange[] }) {
  if (fields.length === 0) return null
  return (
    <section className={styles.section} aria-label={`Changed ${title.toLowerCase()}`}>
      <h2 className={styles.name}>{title}</h2>
      {fields.map((field) => (
        <Field key={field.field} change={field} />
      ))}
    </section>
  )
}

/** A short value as before and after, a longer one line by line. */
function Field({ change: { field, before, after } }: { readonly change: FieldChange }) {
  if (!`${before}${after}`.includes('\n')) {
    return (
      <p className={styles.field}>
        <span className={styles.quiet}>{field}</span>
        <del className={styles.removed}>{before ?? 'not set'}</del>
        <ins className={styles.added}>{after ?? 'not set'}</ins>
      </p>
    )
  }
  return (
    <div className={styles.field}>
      <span className={styles.quiet}>{field}</span>
      <pre className={styles.lines}>
        {lineDifference(before ?? '', after ?? '').map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
          <DiffLine key={at} line={line} />
        ))}
      </pre>
    </div>
  )
}

const SIGNS = { same: ' ', added: '+', removed: '-', skip: '⋯' } as const

function DiffLine({ line: { sign, text } }: { readonly line: DifferenceLine }) {
  const shown = sign === 'skip' ? `${text} equal ${text === '1' ? 'line' : 'lines'}` : text
  return (
    <span className={styles[sign]} data-sign={sign}>
      {SIGNS[sign]} {shown}
      {'\n'}
    </span>
  )
}

function inputText({ before, after }: InputChange): string {
  if (before.size === null) return `not there before, now ${bytesText(after.size ?? 0)}`
  if (after.size === null) return `${bytesText(before.size)} before, now gone`
  if (before.hash === null || after.hash === null) return 'it changed while it was read, so what it held is not known'
  if (before.size === after.size) return `other content, still ${bytesText(after.size)}`
  return `${bytesText(before.size)} before, now ${bytesText(after.size)}`
}
