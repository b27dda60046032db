import { CodeRow, SelectRow } from '../../inspector/fields.tsx'
import { DatabaseFields } from '../database-fields.tsx'

export function CheckForm() {
  return (
    <>
      <CodeRow path={['sql']} label="Query for violations" language="sql" />
      <DatabaseFields />
      <SeverityField />
    </>
  )
}

export function SeverityField() {
  return (
    <SelectRow
      path={['severity']}
      label="Severity"
      standard="error"
      options={[
        { value: 'error', label: 'Error: violations fail the task' },
        { value: 'warn', label: 'Warning: only reported' },
      ]}
    />
  )
}
