import type { JavascriptTask } from '../pipeline.ts'
import { textOf } from '../reading.ts'
import { code, interpreter } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const javascriptKind = {
  description: 'Runs a JavaScript module; what its default export returns are the outputs.',
  codeField: 'code',
  firstCode: 'export default () => ({ rows: 0 })\n',
  fields: {
    code: code('the JavaScript module to run'),
    interpreter: interpreter('the node on PATH'),
  },
  read: (fields) => ({
    kind: 'javascript',
    code: textOf(fields.code) ?? '',
    interpreter: textOf(fields.interpreter) ?? null,
  }),
  texts: (task) => [{ path: ['code'], text: task.code, language: 'javascript' }],
  code: (task, render) => ({ language: 'javascript', ...render.code('javascript', task.code) }),
  work: () => ({}),
} as const satisfies KindModel<JavascriptTask>
