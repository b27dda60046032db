import { Expand } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import type { Json } from '#shared/model/pipeline.ts'
import type { Path } from '#shared/model/source.ts'
import { CodeEditor, type EditorMark } from '../editor/CodeEditor.tsx'
import { type CodePlace, configureExpressions } from '../editor/expression-language.ts'
import type { EditorLanguage } from '../editor/languages.ts'
import { loadMonaco } from '../editor/load-monaco.ts'
import { activeDocument, redo, undo } from '../state/documents.ts'
import { useSelection } from '../state/selection.ts'
import { classes } from '../ui/classes.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { Select, type SelectOption } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import {
  fieldText,
  type NumberLimits,
  type Reading,
  readCondition,
  readDuration,
  readNumber,
  readText,
  useDraft,
} from './draft.ts'
import { FieldRow } from './FieldRow.tsx'
import styles from './fields.module.css'
import { hintOf } from './hints.ts'
import { type FieldState, useField, useScope } from './scope.ts'

interface FieldProps {
  readonly path: Path
  readonly label: string
  /** What counts where neither this field nor the file's defaults say anything. */
  readonly standard?: string
  readonly help?: ReactNode
}

/** The placeholder: what counts while the field is empty. */
export function placeholderOf(field: FieldState, standard: string | undefined): string {
  return field.inherited === undefined ? (standard ?? '') : `${fieldText(field.inherited)} (defaults)`
}

interface ValueRowProps extends Pick<FieldProps, 'path' | 'label' | 'help'> {
  readonly field: FieldState
  /** The control itself says what is wrong. */
  readonly ownProblem?: boolean
  readonly children: ReactNode
}

/** The frame of a row whose value can be taken back. */
function ValueRow({ field, path, label, help, ownProblem = false, children }: ValueRowProps) {
  return (
    <FieldRow
      label={label}
      id={field.id}
      hint={hintOf(useScope().base, path)}
      help={help}
      isSet={field.raw !== undefined}
      onReset={field.readOnly ? undefined : () => field.set(undefined)}
      problem={ownProblem ? undefined : field.problem}
    >
      {children}
    </FieldRow>
  )
}

interface ReadFieldProps extends FieldProps {
  readonly read: (text: string) => Reading
  readonly unit?: string
  readonly code?: boolean
  /** How the raw value stands in the field, where that is not its own text. */
  readonly show?: (value: Json | undefined) => string
}

/** A line of text that stands for a value. */
export function ReadField({ path, label, standard, help, read, unit, code = false, show = fieldText }: ReadFieldProps) {
  const field = useField(path, label)
  const draft = useDraft(show(field.raw), read, (value, visit) => field.set(value, visit))
  return (
    <ValueRow field={field} path={path} label={label} help={help} ownProblem={draft.error !== undefined}>
      <TextField
        id={field.id}
        className={styles.grow ?? ''}
        value={draft.text}
        onChange={draft.onChange}
        onBlur={draft.onBlur}
        error={draft.error}
        placeholder={placeholderOf(field, standard)}
        disabled={field.readOnly}
        code={code}
      />
      {unit && <span className={styles.unit}>{unit}</span>}
    </ValueRow>
  )
}

export function TextRow(props: FieldProps & { readonly code?: boolean }) {
  return <ReadField {...props} read={readText} />
}

export function DurationRow(props: FieldProps) {
  return <ReadField {...props} read={readDuration} code />
}

export function ConditionRow(props: FieldProps) {
  return <ReadField {...props} read={readCondition} code />
}

export function NumberRow({
  limits = {},
  ...props
}: FieldProps & { readonly limits?: NumberLimits; readonly unit?: string }) {
  return <ReadField {...props} read={(text) => readNumber(text, limits)} />
}

/** Several lines of prose, or of text for a machine. */
export function AreaRow({ path, label, standard, help, code = false }: FieldProps & { readonly code?: boolean }) {
  const field = useField(path, label)
  return (
    <ValueRow field={field} path={path} label={label} help={help}>
      <textarea
        id={field.id}
        className={classes(styles.area, code && styles.codeText)}
        value={fieldText(field.raw)}
        placeholder={placeholderOf(field, standard)}
        disabled={field.readOnly}
        onChange={(event) => field.set(event.target.value === '' ? undefined : event.target.value, 'text')}
      />
    </ValueRow>
  )
}

export function SwitchRow({
  path,
  label,
  help,
  standard,
}: Omit<FieldProps, 'standard'> & { readonly standard: boolean }) {
  const field = useField(path, label)
  const value = field.raw ?? field.inherited ?? standard
  return (
    <ValueRow field={field} path={path} label={label} help={help}>
      <Switch
        id={field.id}
        label={label}
        checked={value === true}
        disabled={field.readOnly}
        onChange={(checked) => field.set(checked === (field.inherited ?? standard) ? undefined : checked)}
      />
    </ValueRow>
  )
}

interface SelectRowProps<Value extends string> extends Omit<FieldProps, 'standard'> {
  /** What counts while it is not set. null: nothing in particular. */
  readonly standard: Value | null
  readonly options: readonly SelectOption<Value>[]
}

export function SelectRow<Value extends string>({ path, label, help, standard, options }: SelectRowProps<Value>) {
  const field = useField(path, label)
  const inherited = options.find((option) => option.value === field.inherited)?.value ?? standard
  const value = options.find((option) => option.value === field.raw)?.value ?? inherited
  return (
    <ValueRow field={field} path={path} label={label} help={help}>
      <Select
        id={field.id}
        className={styles.grow ?? ''}
        label={label}
        value={value ?? ('' as Value)}
        disabled={field.readOnly}
        options={options.map((option) => (option.value === inherited ? { detail: 'default', ...option } : option))}
        onChange={(chosen) => field.set(chosen === inherited || chosen === '' ? undefined : chosen)}
      />
    </ValueRow>
  )
}

interface CodeRowProps extends FieldProps {
  readonly language: EditorLanguage
}

const LINE = 19
const FEWEST_LINES = 4
const MOST_LINES = 18

/** Code in the right language, as tall as it needs; larger in a dialog. */
export function CodeRow({ path, label, language }: CodeRowProps) {
  const field = useField(path, label)
  const [large, setLarge] = useState(false)
  const text = fieldText(field.raw)
  const marks = useMarks(path)
  useEffect(() => {
    void loadMonaco().then(
      ({ monaco }) => configureExpressions(monaco, codePlace),
      // The editor itself says that it could not be loaded.
      () => undefined,
    )
  }, [])
  const lines = Math.min(Math.max(text.split('\n').length, FEWEST_LINES), MOST_LINES)
  const editor = (
    <CodeEditor
      value={text}
      language={language}
      label={label}
      {...(field.readOnly ? {} : { onEdit: (_: unknown, next: string) => field.set(next, 'text') })}
      marks={marks}
      onUndo={undo}
      onRedo={redo}
      lineNumbers={large}
    />
  )
  return (
    <FieldRow
      label={label}
      isSet={field.raw !== undefined}
      problem={field.problem}
      action={
        <IconButton
          size="small"
          icon={Expand}
          label={`Edit ${label.toLowerCase()} in a large window`}
          side="left"
          onClick={() => setLarge(true)}
        />
      }
      wide
    >
      <div className={styles.code} style={{ height: lines * LINE + 14 }}>
        {!large && editor}
      </div>
      <Dialog open={large} onClose={() => setLarge(false)} title={label} size="full">
        <div className={styles.large}>{large && editor}</div>
      </Dialog>
    </FieldRow>
  )
}

/** Code is shown of one task alone: the selected one. */
function codePlace(): CodePlace {
  const [task = null] = useSelection.getState().tasks
  return { text: activeDocument()?.text ?? '', task }
}

/** What is wrong inside of a field's text, at its places there. */
function useMarks(path: Path): readonly EditorMark[] {
  const { base, document } = useScope()
  const key = JSON.stringify([...base, ...path])
  return useMemo(
    () =>
      document.problems.flatMap(({ within, severity, message, hint, code, path: at }) =>
        within === undefined || JSON.stringify(at) !== key
          ? []
          : [{ ...within, severity, message: hint === undefined ? message : `${message}\n${hint}`, code }],
      ),
    [document, key],
  )
}
