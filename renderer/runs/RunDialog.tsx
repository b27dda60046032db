import { ArrowLeft, Play } from 'lucide-react'
import { useEffect, useId, useRef, useState } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { instantOf } from '#shared/expression/instant.ts'
import { hasErrors } from '#shared/model/document.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { type OpenDocument, useActiveDocument } from '../state/documents.ts'
import { saveDocument } from '../state/files.ts'
import { pinnedTasks, usePins } from '../state/pins.ts'
import { type StartOptions, startRun, useRuns } from '../state/runs.ts'
import { closeDialog, useView } from '../state/view.ts'
import { useWorkspace, workspaceRoot } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { Switch } from '../ui/Switch.tsx'
import { matchesShortcut } from '../ui/shortcut.ts'
import { TextField } from '../ui/TextField.tsx'
import { ParameterField } from './ParameterField.tsx'
import { partText } from './part-text.ts'
import styles from './RunDialog.module.css'
import { RunPreview } from './RunPreview.tsx'
import { type FormTexts, readForm, rememberedTexts, rememberParams } from './run-values.ts'

/** Asks for the parameters of a run and starts it. Mounted while it is open; see `useView`'s `dialog`. */
export function RunDialog() {
  const open = useView((state) => state.dialog === 'run')
  const document = useActiveDocument()
  if (!open || document === null || document.pipeline === null) return null
  return <OpenRunDialog key={document.path} document={document} pipeline={document.pipeline} />
}

function OpenRunDialog({ document, pipeline }: { readonly document: OpenDocument; readonly pipeline: Pipeline }) {
  const cpus = useWorkspace((state) => state.app?.cpus ?? null)
  const selection = useRuns((state) => state.draft.selection)
  const [texts, setTexts] = useState<FormTexts>(() => rememberedTexts(workspaceRoot(), document.path, pipeline))
  const [date, setDate] = useState('')
  const [slots, setSlots] = useState('')
  const [pins, setPins] = useState(true)
  const [cache, setCache] = useState(true)
  const [failFast, setFailFast] = useState(pipeline.failFast)
  const pinned = usePins(useShallow(({ byTask }) => pinnedTasks(pipeline, byTask)))
  const cacheable = pipeline.tasks.filter((task) => task.cache).map(({ id }) => id)
  const [starting, setStarting] = useState(false)
  const [previewed, setPreviewed] = useState<StartOptions | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const reading = readForm(pipeline, texts)
  const instant = instantOf(date)
  const dateError = date !== '' && instant === null ? 'Write a date such as 2026-11-21 or 2026-11-21T06:00Z.' : null
  const slotError = slots !== '' && !/^[1-9]\d{0,3}$/.test(slots) ? 'A whole number of at least 1.' : null
  const faults = [
    ...reading.errors.keys(),
    ...(dateError === null ? [] : ['Logical date']),
    ...(slotError === null ? [] : ['Slots']),
  ]
  const ready = faults.length === 0 && !hasErrors(document.document)
  useEffect(() => {
    // After the dialog has put the focus on its first button.
    const timer = setTimeout(() => form.current?.querySelector<HTMLElement>('input, button, textarea')?.focus(), 0)
    return () => clearTimeout(timer)
  }, [])

  const optionsNow = (): StartOptions => ({
    path: document.path,
    params: reading.params,
    ...(selection ? { selection } : {}),
    ...(instant === null ? {} : { logicalDate: new Date(instant).toISOString() }),
    ...(slots === '' ? {} : { slots: Number(slots) }),
    pins,
    cache,
    ...(failFast === pipeline.failFast ? {} : { failFast }),
  })
  const preview = async () => {
    // A preview is of the file on disk, as a run is.
    if (ready && (await saveDocument(document.path))) setPreviewed(optionsNow())
  }
  const run = async () => {
    if (!ready || starting) return
    setStarting(true)
    const started = await saveAndStart(document.path, optionsNow())
    setStarting(false)
    if (started) closeDialog()
  }
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    // From anywhere in the dialog, its buttons included.
    const keyDown = (event: KeyboardEvent) => {
      if (!matchesShortcut(event, 'Mod+Enter')) return
      event.preventDefault()
      event.stopPropagation()
      void latest.current()
    }
    window.addEventListener('keydown', keyDown, { capture: true })
    return () => window.removeEventListener('keydown', keyDown, { capture: true })
  }, [])
  const set = (name: string, text: string) => setTexts((before) => new Map(before).set(name, text))
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={`Run ${pipeline.name}`}
      description={partText(selection, pipeline)}
      size={previewed === null ? 'medium' : 'large'}
      footer={
        <>
          {previewed !== null && (
            <Button variant="quiet" icon={ArrowLeft} onClick={() => setPreviewed(null)}>
              Back to the form
            </Button>
          )}
          {previewed === null && texts.size > 0 && (
            <Button variant="quiet" onClick={() => setTexts(new Map())}>
              Take the defaults
            </Button>
          )}
          <span className={styles.spacer} />
          {faults.length > 0 && (
            <button type="button" className={styles.faults} onClick={() => focusFault(form.current)}>
              {faultsText(faults)}
            </button>
          )}
          <Button onClick={closeDialog}>Cancel</Button>
          {previewed === null && (
            <Button disabled={!ready || starting} onClick={() => void preview()}>
              Preview run
            </Button>
          )}
          <Button variant="primary" icon={Play} disabled={!ready || starting} onClick={() => void run()}>
            {starting ? 'Starting' : 'Run'}
          </Button>
        </>
      }
    >
      {previewed !== null && <RunPreview options={previewed} />}
      <form
        ref={form}
        className={styles.form}
        hidden={previewed !== null}
        onSubmit={(event) => {
          event.preventDefault()
          void run()
        }}
      >
        {hasErrors(document.document) && (
          <p className={styles.note} role="alert">
            The pipeline has errors and cannot run. See the Problems panel.
          </p>
        )}
        {[...pipeline.params].map(([name, parameter]) => (
          <ParameterField
            key={name}
            name={name}
            parameter={parameter}
            text={texts.get(name) ?? ''}
            error={reading.errors.get(name) ?? null}
            onChange={(text) => set(name, text)}
          />
        ))}
        {pipeline.params.size > 0 && <hr className={styles.rule} />}
        <PlainField
          label="Logical date"
          help="The moment the run stands for; what a schedule would set. Empty: now."
          text={date}
          error={dateError}
          placeholder="now"
          onChange={setDate}
        />
        <PlainField
          label="Slots"
          help="Tasks that may run at once."
          text={slots}
          error={slotError}
          placeholder={String(pipeline.concurrency ?? cpus ?? '')}
          onChange={setSlots}
        />
        <SwitchField
          label="Fail fast"
          help={`The first failure of a required task ends the run. The pipeline says ${pipeline.failFast ? 'yes' : 'no'}.`}
          checked={failFast}
          onChange={setFailFast}
        />
        {pinned.length > 0 && (
          <SwitchField
            label="Use pins"
            help={`Not run, their pinned outputs are handed on: ${listText(pinned)}.`}
            checked={pins}
            onChange={setPins}
          />
        )}
        {cacheable.length > 0 && (
          <SwitchField
            label="Use the cache"
            help={`Not run where code, values and inputs are those of an earlier success: ${listText(cacheable)}.`}
            checked={cache}
            onChange={setCache}
          />
        )}
      </form>
    </Dialog>
  )
}

const LISTED = 5

function listText(names: readonly string[]): string {
  const more = names.length - LISTED
  return more > 0 ? `${names.slice(0, LISTED).join(', ')} and ${more} more` : names.join(', ')
}

function faultsText(names: readonly string[]): string {
  const [first = '', second = ''] = names
  if (names.length === 1) return `${first} needs a value that fits`
  return names.length === 2
    ? `${first} and ${second} need values that fit`
    : `${names.length} fields need values that fit`
}

function focusFault(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[data-fault] :is(input, textarea, button)')?.focus()
}

/** Saves first: a run is of the file on disk. True where it started, or waits for the person's trust. */
async function saveAndStart(path: string, options: StartOptions): Promise<boolean> {
  if (!(await saveDocument(path))) return false
  rememberParams(workspaceRoot(), path, options.params)
  const run = await startRun(options)
  return run !== null || useRuns.getState().trustRequest !== null
}

interface SwitchFieldProps {
  readonly label: string
  readonly help: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

function SwitchField({ label, help, checked, onChange }: SwitchFieldProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <Switch id={id} label={label} checked={checked} onChange={onChange} />
      <span className={styles.help}>{help}</span>
    </div>
  )
}

interface PlainFieldProps {
  readonly label: string
  readonly help: string
  readonly text: string
  readonly placeholder: string
  readonly error: string | null
  readonly onChange: (text: string) => void
}

function PlainField({ label, help, text, placeholder, error, onChange }: PlainFieldProps) {
  const id = useId()
  return (
    <div className={styles.field} data-fault={error !== null || undefined}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <TextField id={id} value={text} placeholder={placeholder} error={error ?? undefined} onChange={onChange} />
      <span className={styles.help}>{help}</span>
    </div>
  )
}
