import type { PythonTask } from '../pipeline.ts'
import { textOf } from '../reading.ts'
import { code, interpreter } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const pythonKind = {
  description: 'Runs Python code.',
  codeField: 'code',
  firstCode: 'print("Hello from Python")\n',
  fields: {
    code: code('the Python code to run'),
    interpreter: interpreter('python3'),
  },
  read: (fields) => ({
    kind: 'python',
    code: textOf(fields.code) ?? '',
    interpreter: textOf(fields.interpreter) ?? null,
  }),
  texts: (task) => [{ path: ['code'], text: task.code, language: 'python' }],
  code: (task, render) => ({ language: 'python', ...render.code('python', task.code) }),
  work: () => ({}),
} as const satisfies KindModel<PythonTask>
