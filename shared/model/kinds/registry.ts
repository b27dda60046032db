import type { Task, TaskKind } from '../pipeline.ts'
import { checkKind } from './check.ts'
import { httpKind } from './http.ts'
import { javascriptKind } from './javascript.ts'
import type { KindModel } from './kind-model.ts'
import { noopKind } from './noop.ts'
import { pythonKind } from './python.ts'
import { shellKind } from './shell.ts'
import { sqlKind } from './sql.ts'

const KIND_MODELS: { readonly [K in TaskKind]: KindModel<Extract<Task, { kind: K }>> } = {
  shell: shellKind,
  python: pythonKind,
  javascript: javascriptKind,
  sql: sqlKind,
  http: httpKind,
  check: checkKind,
  noop: noopKind,
}

export function modelOf(kind: TaskKind): KindModel {
  return KIND_MODELS[kind]
}
