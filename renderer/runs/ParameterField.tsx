import { useId } from 'react'
import type { Parameter } from '#shared/model/pipeline.ts'
import { Select } from '../ui/Select.tsx'
import { Switch } from '../ui/Switch.tsx'
import { TextField } from '../ui/TextField.tsx'
import { parameterText } from './parameter-form.ts'
import styles from './RunDialog.module.css'

interface ParameterFieldProps {
  readonly name: string
  readonly parameter: Parameter
  readonly text: string
  readonly error: string | null
  readonly onChange: (text: string) => void
}

/** One parameter of the run dialog, with its description, its limits and what is wrong with it. */
export function ParameterField({ name, parameter, text, error, onChange }: ParameterFieldProps) {
  const id = useId()
  const standard = parameterText(parameter, parameter.default)
  const limits = [
    parameter.minimum === null ? null : `at least ${parameter.minimum}`,
    parameter.maximum === null ? null : `at most ${parameter.maximum}`,
  ].filter((limit) => limit !== null)
  const help = [parameter.description, limits.join(', ')].filter(Boolean).map(sentence).join(' ')
  // What was not touched yet is no mistake: it is only still missing.
  const missing = error !== null && text === ''
  return (
    <div className={styles.field} data-fault={error !== null || undefined}>
      <label className={styles.label} htmlFor={id}>
        {name}
        <span className={styles.type}>{parameter.type}</span>
      </label>
      <ParameterInput
        id={id}
        name={name}
        parameter={parameter}
        text={text}
        standard={standard}
        invalid={error !== null && !missing}
        onChange={onChange}
      />
      {error !== null && (
        <span className={missing ? styles.help : styles.error} role={missing ? undefined : 'alert'}>
          {error}
        </span>
      )}
      {help !== '' && <span className={styles.help}>{help}</span>}
    </div>
  )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…:]$/.test(text) ? '' : '.')
}

interface ParameterInputProps {
  readonly id: string
  readonly name: string
  readonly parameter: Parameter
  readonly text: string
  readonly standard: string
  readonly invalid: boolean
  readonly onChange: (text: string) => void
}

function ParameterInput({ id, name, parameter, text, standard, invalid, onChange }: ParameterInputProps) {
  if (parameter.enum !== null) {
    const options = parameter.enum.map((value) => ({
      value: JSON.stringify(value),
      label: typeof value === 'string' ? value : JSON.stringify(value),
      ...(JSON.stringify(value) === standard ? { detail: 'default' } : {}),
    }))
    const none = standard === '' ? [{ value: '', label: 'Choose a value' }] : []
    return <Select id={id} label={name} value={text || standard} options={[...none, ...options]} onChange={onChange} />
  }
  if (parameter.type === 'boolean' && parameter.default !== undefined) {
    return (
      <Switch
        id={id}
        label={name}
        checked={(text || standard) === 'true'}
        onChange={(checked) => onChange(String(checked))}
      />
    )
  }
  if (parameter.type === 'boolean') {
    return (
      <Select
        id={id}
        label={name}
        value={text}
        options={[
          { value: '', label: 'Choose a value' },
          { value: 'true', label: 'true' },
          { value: 'false', label: 'false' },
        ]}
        onChange={onChange}
      />
    )
  }
  if (parameter.type === 'array' || parameter.type === 'object') {
    return (
      <textarea
        id={id}
        className={styles.area}
        value={text}
        placeholder={standard}
        aria-invalid={invalid || undefined}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    )
  }
  return (
    <TextField
      id={id}
      value={text}
      placeholder={standard}
      aria-invalid={invalid || undefined}
      inputMode={parameter.type === 'string' ? 'text' : 'decimal'}
      code
      onChange={onChange}
    />
  )
}
