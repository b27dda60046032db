import type { Json } from '#shared/model/pipeline.ts'
import { isRecord } from '#shared/model/source.ts'
import { useActiveDocument } from '../state/documents.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { Select } from '../ui/Select.tsx'
import { TextField } from '../ui/TextField.tsx'
import { fieldText, readDuration, readNumber, readNumbers, useDraft } from './draft.ts'
import { FieldRow } from './FieldRow.tsx'
import fields from './fields.module.css'
import { DurationRow, NumberRow, placeholderOf, ReadField, SelectRow, TextRow } from './fields.tsx'
import { hintOf } from './hints.ts'
import { MapRow } from './list-fields.tsx'
import { type FieldState, useField, useScope } from './scope.ts'

/** `retries`: a number of further attempts, or all its settings. */
export function RetryFields() {
  const field = useField(['retries'], 'Retries')
  const short = typeof field.raw === 'number'
  const limit = useDraft(
    fieldText(short ? field.raw : isRecord(field.raw) ? field.raw.limit : undefined),
    (text) => readNumber(text, { integer: true, minimum: 0 }),
    (value, visit) => {
      if (isRecord(field.raw)) field.set(withEntry(field.raw, 'limit', value), visit)
      else field.set(value, visit)
    },
  )
  const { base } = useScope()
  const inherited = isRecord(field.inherited) ? field.inherited.limit : field.inherited
  // The other settings need the long form; the number then moves into it.
  const detailed = isRecord(field.raw)
  return (
    <>
      <FieldRow
        label="Retries"
        id={field.id}
        hint={hintOf(base, ['retries', 'limit']) ?? hintOf(base, ['retries'])}
        isSet={field.raw !== undefined}
        onReset={field.readOnly ? undefined : () => field.set(undefined)}
        problem={limit.error === undefined ? field.problem : undefined}
      >
        <TextField
          id={field.id}
          className={fields.grow ?? ''}
          value={limit.text}
          onChange={limit.onChange}
          onBlur={limit.onBlur}
          error={limit.error}
          placeholder={inherited === undefined ? '0' : `${fieldText(inherited)} (defaults)`}
          disabled={field.readOnly}
          inputMode="numeric"
        />
        <span className={fields.unit}>at most</span>
      </FieldRow>
      {!detailed && !field.readOnly && (
        <FieldRow label="" isSet={false}>
          <Button variant="quiet" size="small" onClick={() => field.set(longRetries(field))}>
            Delay and backoff…
          </Button>
        </FieldRow>
      )}
      {detailed && <RetryDetails />}
    </>
  )
}

/** The settings in full, which change nothing yet: what `defaults` say of them goes on to count. */
function longRetries({ raw, inherited }: FieldState): Json {
  const given: { readonly [key: string]: Json | undefined } = isRecord(inherited) ? inherited : { limit: inherited }
  const limit = typeof raw === 'number' ? raw : typeof given.limit === 'number' ? given.limit : 1
  return given.delay === undefined ? { limit, delay: '1s' } : { limit }
}

function withEntry(record: { readonly [key: string]: Json }, key: string, value: Json | undefined): Json {
  const rest = Object.entries(record).filter(([name]) => name !== key)
  return Object.fromEntries(value === undefined ? rest : [[key, value] as const, ...rest])
}

function RetryDetails() {
  const backoff = useField(['retries', 'backoff'], 'Backoff')
  return (
    <>
      <DurationRow path={['retries', 'delay']} label="Delay" standard="1s" />
      <SelectRow
        path={['retries', 'backoff']}
        label="Backoff"
        standard="fixed"
        options={[
          { value: 'fixed', label: 'Fixed' },
          { value: 'linear', label: 'Linear' },
          { value: 'exponential', label: 'Exponential' },
        ]}
      />
      {(backoff.raw ?? backoff.inherited) === 'exponential' && (
        <NumberRow path={['retries', 'factor']} label="Factor" standard="2" limits={{ minimum: 1 }} />
      )}
      <DurationRow path={['retries', 'maxDelay']} label="Delay cap" standard="no limit" />
      <SelectRow
        path={['retries', 'jitter']}
        label="Jitter"
        standard="none"
        options={[
          { value: 'none', label: 'None' },
          { value: 'full', label: 'Full: a random part of the delay' },
        ]}
      />
      <ReadField
        path={['retries', 'retryOn']}
        label="Exit codes"
        standard="every failure"
        read={readNumbers}
        show={(value) => (Array.isArray(value) ? value.join(', ') : fieldText(value))}
      />
    </>
  )
}

/** `pool`: a name, or a name and how many of its slots one instance takes. */
export function PoolField() {
  const field = useField(['pool'], 'Pool')
  const document = useActiveDocument()
  const shared = useWorkspace((state) => state.info?.pools)
  const { base } = useScope()
  const own = document?.pipeline?.pools ?? new Map<string, number>()
  const name = isRecord(field.raw) ? fieldText(field.raw.name) : fieldText(field.raw)
  const slots = isRecord(field.raw) ? field.raw.slots : undefined
  const names = [...new Set([...own.keys(), ...Object.keys(shared ?? {})])]
  const draft = useDraft(
    fieldText(slots),
    (text) => readNumber(text, { integer: true, minimum: 1 }),
    (value, visit) => field.set(value === undefined || value === 1 ? name : { name, slots: value }, visit),
  )
  const options = [
    { value: '', label: field.inherited === undefined ? 'None' : placeholderOf(field, 'None') },
    ...(name === '' || names.includes(name) ? [] : [{ value: name, label: name, detail: 'unknown' }]),
    ...names.map((pool) => ({ value: pool, label: pool, detail: `${own.get(pool) ?? shared?.[pool]} slots` })),
  ]
  return (
    <FieldRow
      label="Pool"
      id={field.id}
      hint={hintOf(base, ['pool'])}
      isSet={field.raw !== undefined}
      onReset={field.readOnly ? undefined : () => field.set(undefined)}
      problem={field.problem}
    >
      <Select
        id={field.id}
        className={fields.grow ?? ''}
        label="Pool"
        value={name}
        options={options}
        disabled={field.readOnly}
        onChange={(next) => field.set(next === '' ? undefined : slots === undefined ? next : { name: next, slots })}
      />
      {name !== '' && (
        <TextField
          value={draft.text}
          label="Slots of the pool that one instance takes"
          placeholder="1 slot"
          style={{ width: 64 }}
          error={draft.error}
          disabled={field.readOnly}
          onChange={draft.onChange}
          onBlur={draft.onBlur}
        />
      )}
    </FieldRow>
  )
}

/** `estimate`: one duration, or the least, likely and most. */
export function EstimateField() {
  const field = useField(['estimate'], 'Estimate')
  const { base } = useScope()
  const spread = isRecord(field.raw)
  const draft = useDraft(spread ? '' : fieldText(field.raw), readDuration, (value, visit) => field.set(value, visit))
  const likely = isRecord(field.raw) ? fieldText(field.raw.likely) : fieldText(field.raw)
  return (
    <>
      <FieldRow
        label="Estimate"
        id={field.id}
        hint={hintOf(base, ['estimate'])}
        isSet={field.raw !== undefined}
        onReset={field.readOnly ? undefined : () => field.set(undefined)}
        problem={draft.error === undefined ? field.problem : undefined}
      >
        {!spread && (
          <TextField
            id={field.id}
            className={fields.grow ?? ''}
            value={draft.text}
            placeholder={placeholderOf(field, 'history')}
            error={draft.error}
            code
            disabled={field.readOnly}
            onChange={draft.onChange}
            onBlur={draft.onBlur}
          />
        )}
        <Select
          label="Kind of estimate"
          value={spread ? 'spread' : 'one'}
          disabled={field.readOnly || likely === ''}
          options={[
            { value: 'one', label: 'One' },
            { value: 'spread', label: 'Range' },
          ]}
          onChange={(next) => field.set(next === 'one' ? likely : { min: likely, likely, max: likely })}
        />
      </FieldRow>
      {spread && (
        <>
          <DurationRow path={['estimate', 'min']} label="At least" />
          <DurationRow path={['estimate', 'likely']} label="Likely" />
          <DurationRow path={['estimate', 'max']} label="At most" />
        </>
      )}
    </>
  )
}

/** `slo`, of a task or of the pipeline. */
export function SloFields() {
  return (
    <>
      <MapRow
        path={['slo', 'duration']}
        label="Longest duration"
        keyLabel="Percentile"
        valueLabel="Duration"
        addLabel="Add a percentile, such as p95"
        read={readDuration}
        first="5m"
      />
      <NumberRow
        path={['slo', 'successRate']}
        label="Success rate"
        standard="none promised"
        limits={{ minimum: 0, maximum: 1 }}
        unit="0 to 1"
      />
      <TextRow path={['slo', 'finishBy', 'at']} label="Finish by" standard="07:00" />
      <TextRow path={['slo', 'finishBy', 'timezone']} label="Time zone" standard="UTC" />
      <ReadField
        path={['slo', 'window']}
        label="Judged over"
        standard="50 runs"
        read={(text) =>
          /^[1-9]\d*( runs?)?$/.test(text.trim())
            ? { ok: true, value: text.trim().includes('run') ? text.trim() : `${text.trim()} runs` }
            : text.trim() === ''
              ? { ok: true, value: undefined }
              : { ok: false, message: 'Write a number of runs, such as 50 runs.' }
        }
      />
    </>
  )
}
