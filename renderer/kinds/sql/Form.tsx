import { CodeRow, SelectRow, TextRow } from '../../inspector/fields.tsx'
import { MapRow } from '../../inspector/list-fields.tsx'
import { ConnectionField } from '../connection-field.tsx'

export function SqlForm() {
  return (
    <>
      <CodeRow path={['sql']} label="SQL" language="sql" />
      <TextRow path={['database']} label="Database" standard="the pipeline's own" code />
      <ConnectionField />
      <SelectRow
        path={['transaction']}
        label="Transaction"
        standard="task"
        options={[
          { value: 'task', label: 'The task as a whole' },
          { value: 'none', label: 'None: each statement alone' },
        ]}
      />
      <MapRow
        path={['outputs']}
        label="Outputs"
        keyLabel="Name"
        valueLabel="Query"
        addLabel="Add an output"
        first="select 1"
      />
    </>
  )
}
