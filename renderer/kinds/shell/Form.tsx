import { CodeRow, SelectRow } from '../../inspector/fields.tsx'

export function ShellForm() {
  return (
    <>
      <CodeRow path={['run']} label="Script" language="shell" />
      <ShellField />
    </>
  )
}

export function ShellField() {
  return (
    <SelectRow
      path={['shell']}
      label="Shell"
      standard={null}
      options={[
        { value: '', label: 'bash, else sh' },
        { value: 'bash', label: 'bash' },
        { value: 'sh', label: 'sh' },
        { value: 'powershell', label: 'PowerShell' },
        { value: 'cmd', label: 'cmd' },
      ]}
    />
  )
}
