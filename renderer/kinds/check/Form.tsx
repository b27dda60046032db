import { CodeRow, SelectRow, TextRow } from '../../inspector/fields.tsx'
import { ConnectionField } from '../connection-field.tsx'

export function CheckForm() {
  return (
    <>
      <CodeRow path={['sql']} label="Query for violations" language="sql" />
      <TextRow path={['database']} label="Database" standard="the pipeline's own" code />
      <ConnectionField />
      <SelectRow
        path={['severity']}
        label="Severity"
        standard="error"
        options={[
          { value: 'error', label: 'Error: violations fail the task' },
          { value: 'warn', label: 'Warning: only reported' },
        ]}
      />
    </>
  )
}
