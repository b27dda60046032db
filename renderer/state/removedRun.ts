import { notify } from './notices.ts'
import { useRuns } from './runs.ts'
import { onWorkspaceChange } from './workspace.ts'

/**
 * Tells a person that the run they look at is gone. Before `followRuns`, which then shows none. Returns the way to stop.
 */
export function followRemovals(): () => void {
  return onWorkspaceChange((change) => {
    const { chosen, whole } = useRuns.getState()
    if (change.type !== 'runDeleted' || change.run !== chosen) return
    notify({
      tone: 'info',
      title: 'The run that was shown is not kept any more.',
      where: whole === null ? chosen : `${whole.header.name}, ${new Date(whole.header.wall).toLocaleString()}`,
      next: 'It made room for newer runs, or was deleted elsewhere. `retention` in dagwright.yaml says how many are kept.',
    })
  })
}
