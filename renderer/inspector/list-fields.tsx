import { Plus, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { PipelineDocument } from '#shared/model/document.ts'
import type { TextPatch } from '#shared/model/patch.ts'
import type { Json } from '#shared/model/pipeline.ts'
import type { Problem, Result } from '#shared/model/problem.ts'
import { isRecord, type Path, placeAt } from '#shared/model/source.ts'
import { perform } from '../canvas/editing.ts'
import { notify } from '../state/notices.ts'
import { Button } from '../ui/Button.tsx'
import { TextField } from '../ui/TextField.tsx'
import { fieldText, type Reading, readText, useDraft } from './draft.ts'
import { FieldRow } from './FieldRow.tsx'
import styles from './fields.module.css'
import { hintOf } from './hints.ts'
import { useField, useScope } from './scope.ts'

interface ListRowProps {
  readonly path: Path
  readonly label: string
  readonly placeholder?: string
}

/** A list of texts as chips: Enter or a comma adds, Backspace in the empty field takes the last out. */
export function ListRow({ path, label, placeholder = '' }: ListRowProps) {
  const field = useField(path, label)
  const hint = hintOf(useScope().base, path)
  const [draft, setDraft] = useState('')
  const values = textsOf(field.raw)
  const inherited = textsOf(field.inherited)
  const set = (next: readonly string[]) => field.set(next.length === 0 ? undefined : next)
  const add = () => {
    const added = draft
      .split(',')
      .map((text) => text.trim())
      .filter((text) => text !== '' && !values.includes(text))
    setDraft('')
    if (added.length > 0) set([...values, ...added])
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault()
      add()
    } else if (event.key === 'Backspace' && draft === '' && values.length > 0) set(values.slice(0, -1))
  }
  return (
    <FieldRow
      label={label}
      id={field.id}
      hint={hint}
      isSet={field.raw !== undefined}
      onReset={field.readOnly ? undefined : () => field.set(undefined)}
      problem={field.problem}
    >
      <span className={styles.chips} data-disabled={field.readOnly || undefined}>
        {values.map((value, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the file may hold the same text twice
          <span key={`${value} ${index}`} className={styles.chip} title={value}>
            <span className={styles.chipText}>{value}</span>
            <button
              type="button"
              className={styles.remove}
              aria-label={`Remove ${value}`}
              disabled={field.readOnly}
              onClick={() => set(values.toSpliced(index, 1))}
            >
              <X size={12} aria-hidden />
            </button>
          </span>
        ))}
        <input
          id={field.id}
          className={styles.chipInput}
          value={draft}
          placeholder={
            values.length > 0 ? '' : inherited.length > 0 ? `${inherited.join(', ')} (defaults)` : placeholder
          }
          disabled={field.readOnly}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={keyDown}
          onBlur={add}
        />
      </span>
    </FieldRow>
  )
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((item) => fieldText(item)) : []
}

interface MapRowProps {
  readonly path: Path
  readonly label: string
  readonly keyLabel: string
  readonly valueLabel: string
  readonly addLabel: string
  readonly read?: (text: string) => Reading
  /** What a new entry begins with. */
  readonly first?: Json
  /** Why nothing can have this name; undefined: something can. */
  readonly refuse?: (name: string) => string | undefined
  /** Where other places of the file speak of the entries by name: gives one another name there too. */
  readonly rename?: Renamer
}

const anyName = (): undefined => undefined

type Renamer = (document: PipelineDocument, name: string, next: string) => Result<readonly TextPatch[]>

/** A map as a small table of names and values. */
export function MapRow(props: MapRowProps) {
  const { path, label, keyLabel, valueLabel, addLabel, read = readText, first = '', rename, refuse = anyName } = props
  const field = useField(path, label)
  const scope = useScope()
  const hint = hintOf(scope.base, path)
  const [adding, setAdding] = useState(false)
  const entries = isRecord(field.raw) ? Object.keys(field.raw) : []
  const inherited = isRecord(field.inherited) ? Object.keys(field.inherited) : []
  /** An entry's own error stands at its value. */
  const atEntry = field.problem?.severity === 'error' && field.problem.path!.length > scope.base.length + path.length
  const add = (key: string) => {
    setAdding(false)
    const name = key.trim()
    if (name === '') return
    const refusal = entries.includes(name) ? `There is already an entry ${name}.` : refuse(name)
    if (refusal !== undefined) {
      notify({ tone: 'warning', title: refusal })
      return
    }
    perform(`Add to ${label.toLowerCase()}`, [(document) => scope.write(document, [...path, name], first)])
  }
  return (
    <FieldRow
      label={label}
      hint={hint}
      isSet={field.raw !== undefined}
      onReset={field.readOnly ? undefined : () => field.set(undefined)}
      problem={atEntry ? undefined : field.problem}
      wide
    >
      <div className={styles.entries}>
        {entries.map((key) => (
          <Entry
            key={key}
            path={[...path, key]}
            name={key}
            label={label}
            keyLabel={keyLabel}
            valueLabel={valueLabel}
            read={read}
            rename={rename}
          />
        ))}
        {entries.length === 0 && inherited.length > 0 && (
          <span className={styles.unit}>{inherited.join(', ')} (defaults)</span>
        )}
        {adding ? (
          <TextField
            value=""
            label={keyLabel}
            placeholder={`${keyLabel}, then Enter`}
            code
            autoFocus
            onCommit={add}
            onBlur={() => setAdding(false)}
            onKeyDown={(event) => event.key === 'Escape' && setAdding(false)}
          />
        ) : (
          !field.readOnly && (
            <Button
              className={styles.add ?? ''}
              variant="quiet"
              size="small"
              icon={Plus}
              onClick={() => setAdding(true)}
            >
              {addLabel}
            </Button>
          )
        )}
      </div>
    </FieldRow>
  )
}

interface EntryProps {
  readonly path: Path
  readonly name: string
  readonly label: string
  readonly keyLabel: string
  readonly valueLabel: string
  readonly read: (text: string) => Reading
  readonly rename: Renamer | undefined
}

function Entry({ path, name, label, keyLabel, valueLabel, read, rename }: EntryProps) {
  const field = useField(path, label)
  const scope = useScope()
  // An emptied value stays an entry: it is taken out by its own button.
  const draft = useDraft(fieldText(field.raw), read, (value, visit) => field.set(value ?? '', visit))
  return (
    <div className={styles.entry}>
      <TextField
        value={name}
        label={keyLabel}
        code
        disabled={field.readOnly}
        onCommit={(next) => renameEntry(scope.base, path, next.trim(), label, rename)}
      />
      <TextField
        value={draft.text}
        label={`${valueLabel} of ${name}`}
        code
        disabled={field.readOnly}
        error={draft.error ?? errorText(field.problem)}
        onChange={draft.onChange}
        onBlur={draft.onBlur}
      />
      <button
        type="button"
        className={styles.remove}
        aria-label={`Remove ${name}`}
        disabled={field.readOnly}
        onClick={() => field.set(undefined)}
      >
        <X size={13} aria-hidden />
      </button>
    </div>
  )
}

function errorText(problem: Problem | undefined): string | undefined {
  return problem?.severity === 'error' ? problem.message.replaceAll('`', '') : undefined
}

function renameEntry(base: Path, path: Path, next: string, label: string, rename: Renamer | undefined): void {
  const name = String(path.at(-1))
  if (next === '' || next === name) return
  perform(`Rename in ${label.toLowerCase()}`, [
    (document) => (rename ? rename(document, name, next) : renameKey(document, [...base, ...path], next)),
  ])
}

/** Replaces a key where it stands, so that its value, place and comments stay. */
function renameKey(document: PipelineDocument, path: Path, next: string): Result<readonly TextPatch[]> {
  const key = placeAt(document.source, path)?.key
  const taken = placeAt(document.source, [...path.slice(0, -1), next])
  if (!key?.range || taken !== undefined) {
    const message =
      taken === undefined ? 'This entry stands elsewhere, behind an alias.' : `There is already an entry ${next}.`
    return { ok: false, problems: [{ code: 'KEY_TAKEN', severity: 'error', message, hint: 'Choose another name.' }] }
  }
  const plain = /^[A-Za-z_][\w.-]*$/.test(next) && !/^(true|false|null|yes|no|on|off)$/i.test(next)
  return { ok: true, value: [{ start: key.range[0], end: key.range[1], text: plain ? next : JSON.stringify(next) }] }
}
