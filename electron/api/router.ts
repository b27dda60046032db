import { appProcedures } from './app.ts'
import { artifactProcedures } from './artifacts.ts'
import { documentProcedures } from './documents.ts'
import { exportProcedures } from './exports.ts'
import { historyProcedures } from './history.ts'
import { implementer } from './implementer.ts'
import { pinProcedures } from './pins.ts'
import type { HostPorts } from './ports.ts'
import { runProcedures } from './runs.ts'
import { Sessions } from './sessions.ts'
import { shellProcedures } from './window.ts'
import { workspaceProcedures } from './workspace.ts'

/** The whole contract over these ports, and the open workspaces behind it. */
export function createApi(ports: HostPorts) {
  const api = implementer(ports.log)
  const sessions = new Sessions(ports)
  const router = api.router({
    app: appProcedures(api, sessions, ports),
    workspace: workspaceProcedures(api, sessions, ports),
    documents: documentProcedures(api, sessions),
    runs: runProcedures(api, sessions, ports),
    pins: pinProcedures(api, sessions, ports),
    history: historyProcedures(api, sessions, ports),
    artifacts: artifactProcedures(api, sessions, ports),
    exports: exportProcedures(api, sessions),
    shell: shellProcedures(api, ports.shell),
  })
  return { router, sessions }
}
export type ApiRouter = ReturnType<typeof createApi>['router']
