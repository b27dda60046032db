import { TextRow } from '../inspector/fields.tsx'

/** The program that runs a task's code. */
export function InterpreterField() {
  return <TextRow path={['interpreter']} label="Interpreter" standard="the workspace's" code />
}
