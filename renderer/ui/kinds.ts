import type { TaskKind } from '#shared/model/pipeline.ts'
import { checkStyle } from '../kinds/check/style.ts'
import { httpStyle } from '../kinds/http/style.ts'
import { javascriptStyle } from '../kinds/javascript/style.ts'
import type { KindStyle } from '../kinds/kind-style.ts'
import { noopStyle } from '../kinds/noop/style.ts'
import { pythonStyle } from '../kinds/python/style.ts'
import { shellStyle } from '../kinds/shell/style.ts'
import { sqlStyle } from '../kinds/sql/style.ts'

export const KIND_STYLES: Readonly<Record<TaskKind, KindStyle>> = {
  shell: shellStyle,
  python: pythonStyle,
  javascript: javascriptStyle,
  sql: sqlStyle,
  http: httpStyle,
  check: checkStyle,
  noop: noopStyle,
}
