import { availableParallelism } from 'node:os'
import type { RunHeader } from '#shared/journal/event.ts'

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['linux', 'Linux'],
  ['darwin', 'macOS'],
  ['win32', 'Windows'],
])

/** Where a run happens: enough to compare runs by, nothing that tells who ran it. */
export function machineOf(): RunHeader['machine'] {
  const cpus = availableParallelism()
  const system = SYSTEMS.get(process.platform) ?? process.platform
  return {
    platform: process.platform,
    cpus,
    node: process.versions.node,
    label: `${system}, ${cpus} ${cpus === 1 ? 'CPU' : 'CPUs'}`,
  }
}
