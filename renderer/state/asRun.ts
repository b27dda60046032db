import { api } from './client.ts'
import { documentOf, newDocument, putDocument, showDocument } from './documents.ts'
import { attempt } from './notices.ts'
import { workspaceRoot } from './workspace.ts'

/** Opens a run's frozen spec in a tab of its own, read-only, painted with the run's states. */
export async function openAsRun(run: string): Promise<void> {
  const detail = await attempt('Open the pipeline as it was', () => api().runs.get({ workspace: workspaceRoot(), run }))
  if (detail === undefined) return
  const path = `${detail.header.file} as run ${run}`
  if (documentOf(path) !== undefined) {
    showDocument(path)
    return
  }
  const facts = { version: detail.header.specHash, readOnly: true, recovery: null }
  putDocument({
    ...newDocument(path, detail.spec, facts),
    asRun: { run, file: detail.header.file, startedAt: detail.header.wall },
  })
}
