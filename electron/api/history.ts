import type { Implementer } from './implementer.ts'
import type { Sessions } from './sessions.ts'

export function historyProcedures(api: Implementer, sessions: Sessions) {
  return {
    get: api.history.get.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      const aliases = await session.pipelines.aliasesOf(input.pipeline)
      return session.store.history(input.pipeline, input.limit, aliases)
    }),
  }
}
