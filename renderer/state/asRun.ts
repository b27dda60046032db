import { api } from './client.ts'
import { documentOf, newDocument, putDocument, showDocument } from './documents.ts'
import { attempt } from './notices.ts'
import { workspaceRoot } from './workspace.ts'

/** Opens a run's frozen spec in a tab of its own, read-only, painted with the run's states. */
export async function openAsRun(run: string): Promise<void> {
  const frozen = await attempt('Open the pipeline as it was', () =>
    api().runs.frozen({ workspace: workspaceRoot(), run }),
  )
  if (frozen === undefined) return
  const { header, spec } = frozen
  const path = `${header.file} as run ${run}`
  if (documentOf(path) !== undefined) {
    showDocument(path)
    return
  }
  const facts = { version: header.specHash, readOnly: true, recovery: null }
  putDocument({
    ...newDocument(path, spec, facts),
    asRun: { run, file: header.file, startedAt: header.wall },
  })
}
