import type { Task, TaskKind } from '../pipeline.ts'
import { checkKind } from './check.ts'
import { httpKind } from './http.ts'
import { javascriptKind } from './javascript.ts'
import type { KindModel } from './kind-model.ts'
import { noopKind } from './noop.ts'
import { pythonKind } from './python.ts'
import { shellKind } from './shell.ts'
import { sqlKind } from './sql.ts'

export const KIND_MODELS = {
  shell: shellKind,
  python: pythonKind,
  javascript: javascriptKind,
  sql: sqlKind,
  http: httpKind,
  check: checkKind,
  noop: noopKind,
} as const satisfies { readonly [K in TaskKind]: KindModel<Extract<Task, { kind: K }>> }

const models: Readonly<Record<TaskKind, KindModel>> = KIND_MODELS

export function modelOf(kind: TaskKind): KindModel {
  return models[kind]
}
