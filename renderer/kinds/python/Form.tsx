import { CodeRow, TextRow } from '../../inspector/fields.tsx'

export function PythonForm() {
  return (
    <>
      <CodeRow path={['code']} label="Code" language="python" />
      <TextRow path={['interpreter']} label="Interpreter" standard="the workspace's" code />
    </>
  )
}
