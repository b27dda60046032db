import type { NoopTask } from '../pipeline.ts'
import type { KindModel } from './kind-model.ts'

export const noopKind = {
  description: 'Does nothing: a joint in the graph.',
  codeField: undefined,
  firstCode: '',
  fields: {},
  read: () => ({ kind: 'noop' }),
  texts: () => [],
  code: () => ({ language: 'text', code: '', env: {} }),
  work: () => ({}),
} as const satisfies KindModel<NoopTask>
