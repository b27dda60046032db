import { code, interpreter } from './fields.ts'
import type { KindModel } from './kind-model.ts'

export const javascriptKind = {
  description: 'Runs a JavaScript module; what its default export returns are the outputs.',
  codeField: 'code',
  fields: {
    code: code('the JavaScript module to run'),
    interpreter: interpreter('the node on PATH'),
  },
} as const satisfies KindModel
