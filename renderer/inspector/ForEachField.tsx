import type { Json, Task } from '#shared/model/pipeline.ts'
import { isRecord } from '#shared/model/source.ts'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { fieldText, readListOrExpression, useDraft } from './draft.ts'
import { FieldRow } from './FieldRow.tsx'
import fields from './fields.module.css'
import { placeholderOf } from './fields.tsx'
import { hintOf } from './hints.ts'
import { MapRow } from './list-fields.tsx'
import { type FieldState, useField, useScope } from './scope.ts'

type Way = 'none' | 'list' | 'matrix' | 'each'

const WAYS: readonly { readonly value: Way; readonly label: string }[] = [
  { value: 'none', label: 'No, it runs once' },
  { value: 'list', label: 'For each item of a list' },
  { value: 'matrix', label: 'For each combination' },
  { value: 'each', label: 'Along with another mapped task' },
]

function wayOf(raw: Json | undefined): Way {
  if (raw === undefined || raw === null) return 'none'
  if (!isRecord(raw)) return 'list'
  return Object.hasOwn(raw, 'each') ? 'each' : 'matrix'
}

/**
 * What the task repeats over.
 * @param mapped the tasks that it could follow
 */
export function ForEachField({ mapped }: { readonly mapped: readonly Task[] }) {
  const field = useField(['forEach'], 'Repeat')
  const { base } = useScope()
  const way = wayOf(field.raw === undefined ? field.inherited : field.raw)
  const begin: Readonly<Record<Way, Json | undefined>> = {
    // Said where the defaults say otherwise.
    none: field.inherited === undefined ? undefined : null,
    list: ['a', 'b'],
    matrix: { matrix: { key: ['a', 'b'] } },
    each: { each: mapped[0]?.id ?? '' },
  }
  return (
    <>
      <FieldRow
        label="Repeat"
        id={field.id}
        hint={hintOf(base, ['forEach'])}
        isSet={field.raw !== undefined}
        onReset={field.readOnly ? undefined : () => field.set(undefined)}
        problem={field.problem}
      >
        <Select
          id={field.id}
          className={fields.grow ?? ''}
          label="Repeat"
          value={way}
          options={WAYS.filter(({ value }) => value !== 'each' || mapped.length > 0 || way === 'each')}
          disabled={field.readOnly}
          onChange={(next) => next !== way && field.set(begin[next])}
        />
      </FieldRow>
      {way === 'list' && <ListItems field={field} />}
      {way === 'matrix' && (
        <MapRow
          path={['forEach', 'matrix']}
          label="Combinations of"
          keyLabel="Name"
          valueLabel="List or expression"
          addLabel="Add a list"
          read={readListOrExpression}
          first={['a', 'b']}
        />
      )}
      {way === 'each' && <EachTask field={field} mapped={mapped} />}
    </>
  )
}

function ListItems({ field }: { readonly field: FieldState }) {
  const draft = useDraft(
    fieldText(field.raw),
    readListOrExpression,
    (value, visit) => value !== undefined && field.set(value, visit),
  )
  return (
    <FieldRow label="Items" isSet help="A JSON list, or one expression such as ${{ tasks.clean.outputs.airports }}.">
      <TextField
        className={fields.grow ?? ''}
        value={draft.text}
        placeholder={placeholderOf(field, '')}
        label="Items"
        code
        disabled={field.readOnly}
        error={draft.error}
        onChange={draft.onChange}
        onBlur={draft.onBlur}
      />
    </FieldRow>
  )
}

function EachTask({ field, mapped }: { readonly field: FieldState; readonly mapped: readonly Task[] }) {
  const given = field.raw ?? field.inherited
  const value = isRecord(given) && typeof given.each === 'string' ? given.each : ''
  const known = mapped.some((other) => other.id === value)
  return (
    <FieldRow label="Follows" isSet help="Instance by instance: the first needs the first, and so on.">
      <Select
        className={fields.grow ?? ''}
        label="Follows"
        value={value}
        disabled={field.readOnly}
        options={[
          ...(known ? [] : [{ value, label: value || 'Choose a task' }]),
          ...mapped.map((other) => ({ value: other.id, label: other.name })),
        ]}
        onChange={(each) => field.set({ each })}
      />
    </FieldRow>
  )
}
