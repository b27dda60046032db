import type { Implementer } from './implementer.ts'
import type { Sessions } from './sessions.ts'

export function documentProcedures(api: Implementer, sessions: Sessions) {
  const { documents } = api
  return {
    read: documents.read.handler(async ({ input }) => {
      const { store } = await sessions.get(input.workspace)
      return store.documents.read(input.path)
    }),
    write: documents.write.handler(async ({ input }) => {
      const { store } = await sessions.get(input.workspace)
      return store.documents.write(input.path, input.text, input.baseVersion, input.force)
    }),
    saveRecovery: documents.saveRecovery.handler(async ({ input }) => {
      const { store } = await sessions.get(input.workspace)
      return store.documents.saveRecovery(input.path, input.text, input.baseVersion)
    }),
    discardRecovery: documents.discardRecovery.handler(async ({ input }) => {
      const { store } = await sessions.get(input.workspace)
      await store.documents.discardRecovery(input.path)
      return {}
    }),
  }
}
