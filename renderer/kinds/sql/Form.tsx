import { CodeRow, SelectRow } from '../../inspector/fields.tsx'
import { MapRow } from '../../inspector/list-fields.tsx'
import { DatabaseFields } from '../database-fields.tsx'

export function SqlForm() {
  return (
    <>
      <CodeRow path={['sql']} label="SQL" language="sql" />
      <DatabaseFields />
      <TransactionField />
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

export function TransactionField() {
  return (
    <SelectRow
      path={['transaction']}
      label="Transaction"
      standard="task"
      options={[
        { value: 'task', label: 'The task as a whole' },
        { value: 'none', label: 'None: each statement alone' },
      ]}
    />
  )
}
