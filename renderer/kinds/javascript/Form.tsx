import { CodeRow } from '../../inspector/fields.tsx'
import { InterpreterField } from '../interpreter-field.tsx'

export function JavascriptForm() {
  return (
    <>
      <CodeRow path={['code']} label="Code" language="javascript" />
      <InterpreterField />
    </>
  )
}
