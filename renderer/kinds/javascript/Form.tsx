import { CodeRow, TextRow } from '../../inspector/fields.tsx'

export function JavascriptForm() {
  return (
    <>
      <CodeRow path={['code']} label="Code" language="javascript" />
      <TextRow path={['interpreter']} label="Interpreter" standard="the workspace's" code />
    </>
  )
}
