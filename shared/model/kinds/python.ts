import { code, interpreter } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const pythonKind = {
  description: 'Runs Python code.',
  codeField: 'code',
  fields: {
    code: code('the Python code to run'),
    interpreter: interpreter('python3'),
  },
} as const satisfies KindModel
