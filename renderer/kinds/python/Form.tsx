import { CodeRow } from '../../inspector/fields.tsx'
import { InterpreterField } from '../interpreter-field.tsx'

export function PythonForm() {
  return (
    <>
      <CodeRow path={['code']} label="Code" language="python" />
      <InterpreterField />
    </>
  )
}
