import { Plus, X } from 'lucide-react'
import { useId } from 'react'
import type { PipelineDocument } from '#shared/model/document.ts'
import type { Json } from '#shared/model/pipeline.ts'
import { recordOf } from '#shared/model/reading.ts'
import type { Path } from '#shared/model/source.ts'
import { IconButton } from '../../ui/IconButton.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './Planner.module.css'
import { type WrittenStep, writeField, writeSteps } from './planner-edits.ts'

interface FieldSpec {
  readonly label: string
  readonly path: Path
  /** What counts while it is empty. */
  readonly standard: string
  readonly hint: string
}

const FIELDS: readonly FieldSpec[] = [
  { label: 'Window begins', path: ['window', 'start'], standard: 'not said', hint: 'A time of day, such as 06:00' },
  { label: 'Window length', path: ['window', 'length'], standard: '', hint: 'A duration, such as 60m' },
  { label: 'Deadline', path: ['deadline'], standard: 'window’s end', hint: 'Of every pipeline without its own' },
  { label: 'Workers at most', path: ['most'], standard: '64', hint: 'The most there can be at once' },
  { label: 'Change every', path: ['interval'], standard: '5m', hint: 'How often workers can come and go' },
  {
    label: 'Utilisation from',
    path: ['utilisation', 'low'],
    standard: '0.7',
    hint: 'Low end of the band to aim at, as a share; below is waste',
  },
  {
    label: 'Utilisation to',
    path: ['utilisation', 'high'],
    standard: '0.8',
    hint: 'High end of the band to aim at, as a share; leaves room for a bad day',
  },
  { label: 'Price per hour', path: ['price', 'perHour'], standard: 'not said', hint: 'Of one worker' },
]

/** What is planned with, as fields of the file. */
export function PlannerForm({
  document,
  readOnly,
}: {
  readonly document: PipelineDocument
  readonly readOnly: boolean
}) {
  const errorAt = (path: Path) =>
    document.problems.find((problem) => problem.severity === 'error' && startsWith(problem.path, path))?.message
  return (
    <section className={styles.form} aria-label="What is planned with">
      <div className={styles.fields}>
        {FIELDS.map((field) => (
          <Field
            key={field.label}
            field={field}
            value={valueAt(document, field.path)}
            error={errorAt(field.path)}
            readOnly={readOnly}
          />
        ))}
      </div>
      <Steps document={document} error={errorAt(['workers'])} readOnly={readOnly} />
    </section>
  )
}

interface FieldProps {
  readonly field: FieldSpec
  readonly value: Json | undefined
  readonly error: string | undefined
  readonly readOnly: boolean
}

function Field({ field, value, error, readOnly }: FieldProps) {
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{field.label}</label>
      <TextField
        id={id}
        code
        value={textOf(value)}
        placeholder={field.standard}
        title={field.hint}
        readOnly={readOnly}
        error={error?.replaceAll('`', '')}
        onCommit={(text) => writeField(field.label, field.path, text)}
      />
    </div>
  )
}

/** Workers as they are today: from each time on, so many. */
function Steps({
  document,
  error,
  readOnly,
}: {
  readonly document: PipelineDocument
  readonly error: string | undefined
  readonly readOnly: boolean
}) {
  const steps = stepsOf(document)
  const change = (number: number, step: Partial<WrittenStep>) =>
    writeSteps('Change the workers', steps.with(number, { ...steps[number]!, ...step }))
  const last = steps.at(-1)
  return (
    <section className={styles.steps} aria-label="Workers today">
      <span className={styles.stepsTitle}>Workers today</span>
      {steps.length === 0 && <span className={styles.quiet}>Not said: only the cheapest are looked for.</span>}
      {steps.map((step, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
        <span key={number} className={styles.step}>
          <span className={styles.quiet}>from</span>
          <TextField
            code
            label={`Step ${number + 1}: from`}
            value={step.at}
            readOnly={readOnly}
            onCommit={(at) => change(number, { at })}
          />
          <TextField
            code
            label={`Step ${number + 1}: workers`}
            value={step.workers}
            readOnly={readOnly}
            onCommit={(workers) => change(number, { workers })}
          />
          {!readOnly && (
            <IconButton
              size="small"
              icon={X}
              label={`Remove step ${number + 1}`}
              onClick={() => writeSteps('Remove a step of workers', steps.toSpliced(number, 1))}
            />
          )}
        </span>
      ))}
      {!readOnly && (
        <IconButton
          size="small"
          icon={Plus}
          label="Add a step of workers"
          onClick={() => writeSteps('Add a step of workers', [...steps, nextStep(document, last)])}
        />
      )}
      {error && (
        <span className={styles.error} role="alert">
          {error.replaceAll('`', '')}
        </span>
      )}
    </section>
  )
}

/** A quarter of an hour after the last one; the first at the window's start. */
function nextStep(document: PipelineDocument, last: WrittenStep | undefined): WrittenStep {
  const start = textOf(valueAt(document, ['window', 'start']))
  if (last === undefined) return { at: start || '0m', workers: textOf(valueAt(document, ['most'])) || '1' }
  const clock = /^(\d\d):(\d\d)$/.exec(last.at)
  const minutes = /^(\d+)m$/.exec(last.at)
  if (clock === null) return { at: `${Number(minutes?.[1] ?? 0) + 15}m`, workers: last.workers }
  const at = (Number(clock[1]) * 60 + Number(clock[2]) + 15) % 1440
  const two = (value: number) => String(value).padStart(2, '0')
  return { at: `${two(Math.floor(at / 60))}:${two(at % 60)}`, workers: last.workers }
}

function stepsOf(document: PipelineDocument): readonly WrittenStep[] {
  const value = valueAt(document, ['workers'])
  if (value === undefined) return []
  if (!Array.isArray(value))
    return [{ at: textOf(valueAt(document, ['window', 'start'])) || '0m', workers: textOf(value) }]
  return value.map((step: Json) => {
    const { at, workers } = recordOf(step)
    return { at: textOf(at), workers: textOf(workers) }
  })
}

function valueAt({ source }: PipelineDocument, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => recordOf(value)[key], source.value)
}

function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function startsWith(path: Path | undefined, start: Path): boolean {
  return path !== undefined && start.every((step, number) => path[number] === step)
}
