import { SelectRow, TextRow } from '../inspector/fields.tsx'
import { useField } from '../inspector/scope.ts'
import { useWorkspace } from '../state/workspace.ts'

/** Where a query runs. */
export function DatabaseFields() {
  return (
    <>
      <TextRow path={['database']} label="Database" standard="the pipeline's own" code />
      <ConnectionField />
    </>
  )
}

/** Which database of the workspace's `dagwright.yaml` a task works in. */
function ConnectionField() {
  const declared = useWorkspace((state) => state.info?.connections)
  const { raw } = useField(['connection'], 'Connection')
  const names = Object.entries(declared ?? {}).filter(([, type]) => type !== 'http')
  const known = typeof raw !== 'string' || names.some(([name]) => name === raw)
  return (
    <SelectRow
      path={['connection']}
      label="Connection"
      standard={null}
      options={[
        { value: '', label: 'None' },
        ...(known ? [] : [{ value: String(raw), label: String(raw), detail: 'unknown' }]),
        ...names.map(([name, type]) => ({ value: name, label: name, detail: type })),
      ]}
    />
  )
}
