import { useState } from 'react'
import type { Merge, MergeChoice, MergeConflict } from '#shared/model/text-merge.ts'
import { answerConflicts, postponeConflict, takeFile } from '../state/diskChanges.ts'
import { useActiveDocument } from '../state/documents.ts'
import { saveDocument } from '../state/files.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Segments } from '../ui/Segments.tsx'
import styles from './ConflictDialog.module.css'

/** The file changed on disk where this window had unsaved edits, too. */
export function ConflictDialog() {
  const document = useActiveDocument()
  if (!document?.conflict) return null
  const { path, conflict } = document
  return <OpenConflict key={conflict.version} path={path} merge={conflict.merge} />
}

interface OpenConflictProps {
  readonly path: string
  readonly merge: Merge
}

function OpenConflict({ path, merge }: OpenConflictProps) {
  const { conflicts } = merge
  const [choices, setChoices] = useState<readonly (MergeChoice | null)[]>(() => conflicts.map(() => null))
  const made = choices.filter((choice) => choice !== null)
  const open = conflicts.length - made.length
  const all = (choice: MergeChoice) => setChoices(conflicts.map(() => choice))
  const footer = (
    <>
      <Button onClick={() => postponeConflict(path)}>Decide later</Button>
      <Button variant="danger" onClick={() => void saveDocument(path, { force: true })}>
        Write mine over it
      </Button>
      <Button onClick={() => takeFile(path)}>Take the one on disk</Button>
      <Button variant="primary" disabled={open > 0} onClick={() => answerConflicts(path, made)}>
        {open > 0 ? `Merge (${open} to choose)` : 'Merge'}
      </Button>
    </>
  )
  return (
    <Dialog
      open
      reading
      onClose={() => postponeConflict(path)}
      title="The file changed on disk"
      description={`${path} was changed by something else while you have unsaved edits. ${placesText(conflicts.length)} Everything else is merged, and undo takes the merge back.`}
      size="large"
      footer={footer}
    >
      {conflicts.length > 1 && (
        <div className={styles.all}>
          <Button size="small" onClick={() => all('mine')}>
            Yours everywhere
          </Button>
          <Button size="small" onClick={() => all('theirs')}>
            On disk everywhere
          </Button>
        </div>
      )}
      {conflicts.map((conflict, at) => (
        <Conflict
          key={conflict.mineLine}
          name={`Conflict ${at + 1} of ${conflicts.length}`}
          conflict={conflict}
          around={contextOf(merge, conflict)}
          choice={choices[at] ?? null}
          choose={(choice) => setChoices(choices.with(at, choice))}
        />
      ))}
    </Dialog>
  )
}

function placesText(count: number): string {
  return count === 1 ? 'Both changed one place.' : `Both changed ${count} places.`
}

interface Context {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** So many lines around a conflict tell where it is. */
const CONTEXT = 2

function contextOf({ parts }: Merge, conflict: MergeConflict): Context {
  const at = parts.indexOf(conflict)
  const [before, after] = [parts[at - 1], parts[at + 1]]
  return {
    before: before?.type === 'merged' ? before.lines.slice(-CONTEXT) : [],
    after: after?.type === 'merged' ? after.lines.slice(0, CONTEXT) : [],
  }
}

interface ConflictProps {
  readonly name: string
  readonly conflict: MergeConflict
  readonly around: Context
  readonly choice: MergeChoice | null
  readonly choose: (choice: MergeChoice) => void
}

const SIDES = [
  { value: 'mine', label: 'Yours' },
  { value: 'theirs', label: 'On disk' },
] as const
/** Where both only added something, neither need go. */
const CHOICES = [...SIDES, { value: 'both', label: 'Both', hint: 'Yours, then what is on disk' }] as const

function Conflict({ name, conflict, around, choice, choose }: ConflictProps) {
  const { base, mine, theirs, mineLine, theirsLine } = conflict
  return (
    <section className={styles.conflict} aria-label={name}>
      <header className={styles.head}>
        <h3>{name}</h3>
        <Segments<MergeChoice | ''>
          label={`${name}: take`}
          value={choice ?? ''}
          options={base.length === 0 ? CHOICES : SIDES}
          onChange={(made) => made && choose(made)}
        />
      </header>
      <div className={styles.columns}>
        <Side
          title="Yours"
          line={mineLine}
          lines={mine}
          around={around}
          taken={choice !== null && choice !== 'theirs'}
        />
        <Side
          title="On disk"
          line={theirsLine}
          lines={theirs}
          around={around}
          taken={choice !== null && choice !== 'mine'}
        />
      </div>
    </section>
  )
}

interface SideProps {
  readonly title: string
  /** From 1. */
  readonly line: number
  readonly lines: readonly string[]
  readonly around: Context
  readonly taken: boolean
}

function Side({ title, line, lines, around, taken }: SideProps) {
  return (
    <section className={styles.side} data-taken={taken || undefined} aria-label={`${title}, line ${line}`}>
      <h4 className={styles.title}>
        {title}
        <span className={styles.place}>line {line}</span>
        {taken && <span className={styles.taken}>taken</span>}
      </h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <pre className={styles.text} tabIndex={0}>
        <span className={styles.context}>{around.before.join('')}</span>
        {lines.length === 0 ? (
          <span className={styles.nothing}>(nothing here){'\n'}</span>
        ) : (
          <mark>{lines.join('')}</mark>
        )}
        <span className={styles.context}>{around.after.join('')}</span>
      </pre>
    </section>
  )
}
