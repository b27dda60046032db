import type { Implementer } from './implementer.ts'
import type { HostPorts } from './ports.ts'
import type { Sessions } from './sessions.ts'

export function workspaceProcedures(api: Implementer, sessions: Sessions, ports: HostPorts) {
  const { workspace } = api
  return {
    initial: workspace.initial.handler(() => ports.initial),
    open: workspace.open.handler(async ({ input }) => {
      const { session, file } = await sessions.open(input.path)
      // So that `shared` is right, and a run of another process is followed from the start.
      await session.newestRuns(1).catch(() => [])
      const info = await session.info(input.alone ? file : null)
      await ports.recent.add(info.root, info.name)
      return { workspace: info, file }
    }),
    createSample: workspace.createSample.handler(async ({ input }) => ({
      path: await ports.copySample(input.name, input.folder),
    })),
    get: workspace.get.handler(async ({ input }) => (await sessions.get(input.workspace)).info()),
    recent: workspace.recent.handler(async () => [...(await ports.recent.list())]),
    setTrust: workspace.setTrust.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      await ports.trust.setTrusted(session.store.root, input.trusted)
      const info = await session.info()
      session.changes.publish({ type: 'workspace', workspace: info })
      return info
    }),
    pipelines: workspace.pipelines.handler(async ({ input }) => {
      const session = await sessions.get(input.workspace)
      return [...(await session.pipelines.list())]
    }),
    changes: workspace.changes.handler(async ({ input, signal }) => {
      const session = await sessions.get(input.workspace)
      return session.changes.watch(signal)
    }),
  }
}
