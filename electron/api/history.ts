import type { Implementer } from './implementer.ts'
import type { Sessions } from './sessions.ts'

export function historyProcedures(api: Implementer, sessions: Sessions) {
  return {
    get: api.history.get.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      const aliases = await session.pipelines.aliasesOf(input.pipeline)
      const [executed, imported] = await Promise.all([
        session.store.history(input.pipeline, input.limit, aliases),
        session.store.imported.get(input.pipeline),
      ])
      return { ...executed, imported }
    }),
    putImported: api.history.putImported.handler(async ({ input }) => {
      await (await sessions.get(input.workspace)).store.imported.put(input.imported)
      return {}
    }),
  }
}
