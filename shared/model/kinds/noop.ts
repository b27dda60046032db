import type { KindModel } from './kind-model.ts'

export const noopKind = {
  description: 'Does nothing: a joint in the graph.',
  codeField: undefined,
  fields: {},
} as const satisfies KindModel
