import { availableParallelism, homedir } from 'node:os'
import { join } from 'node:path'
import { failuresToStandardError } from '#electron/api/failure.ts'
import type { HostPorts } from '#electron/api/ports.ts'
import { createApi } from '#electron/api/router.ts'
import type { Shell } from '#electron/api/shell.ts'
import { createEngine, startSpawner } from '#electron/engine/engine.ts'
import type { HostCommand } from '#electron/engine/host-process.ts'
import { queryJournals } from '#electron/engine/journal-query.ts'
import type { Engine } from '#electron/engine/ports.ts'
import { documentParser } from '#electron/parser/parser.ts'
import { type Disk, nodeDisk } from '#electron/store/disk.ts'
import { recentOf } from '#electron/store/recent.ts'
import { copySample } from '#electron/store/sample.ts'
import { settingsOf } from '#electron/store/settings.ts'
import { trustOf } from '#electron/store/trust.ts'
import { openStore } from '#electron/store/workspace-store.ts'
import type { AppInfo } from '#shared/contract/data.ts'
import { SAMPLES, type SampleName } from '#shared/contract/samples.ts'
import { ArtifactGate } from './artifact-gate.ts'
import { ownershipBy } from './ownership.ts'
import { VERSION } from './version.ts'

/** UTF-16 units of a pipeline file. People wait for the app meanwhile; a command has nothing else to do, but a thread returns its memory. */
const MOST_READ_BY_APP = 20_000
const MOST_READ_BY_COMMAND = 200_000

export interface HostOptions {
  readonly kind: AppInfo['host']
  /** What this process is, for a person whose workspace it holds: "the Dagwright app", "dagwright run". */
  readonly label: string
  /** Where the person's own things are kept, see electron/store/user-data.ts. */
  readonly userData: string
  /** Where the sample workspaces that ship with the app lie, by their names. */
  readonly samplesFolder: string
  /** Absolute paths of the entries of the engine's own processes. */
  readonly entries: { readonly spawner: string; readonly sql: string; readonly parser: string }
  /** The environment of those processes; default: this process's own. The desktop adds ELECTRON_RUN_AS_NODE. */
  readonly hostEnvironment?: NodeJS.ProcessEnv
  /** Default: the real one. Tests may drive runs by hand. */
  readonly createEngine?: (stateFolder: string) => Engine
  /** It is known that tasks will run: what starts them comes up while the workspace is being opened. */
  readonly willRun?: boolean
  readonly shell?: Shell | null
  readonly initial?: HostPorts['initial']
  /** Default: the environment. */
  readonly secret?: (name: string) => string | undefined
  /** Default: standard error. */
  readonly log?: HostPorts['log']
}

export interface Host {
  readonly router: ReturnType<typeof createApi>['router']
  readonly sessions: ReturnType<typeof createApi>['sessions']
  readonly artifacts: ArtifactGate
  /** Ends all runs of this process, gives the workspaces back. Must be awaited before the process ends. */
  dispose(): Promise<void>
}

/** Puts store, engine and api together. Who serves the result, and to whom, is the caller's: see the files beside this. */
export function createHost(options: HostOptions): Host {
  const disk = nodeDisk
  const now = () => new Date()
  const artifacts = new ArtifactGate()
  const shell = options.shell ?? null
  /** For the first engine. */
  let ahead = options.willRun ? { spawner: startSpawner(processesOf(options)) } : null
  const { router, sessions } = createApi({
    info: appInfo(options.kind, shell),
    initial: options.initial ?? null,
    shell,
    publishArtifact: options.kind === 'desktop' ? null : (path) => artifacts.publish(path),
    log: options.log ?? failuresToStandardError,
    now,
    parse: documentParser(options.entries.parser, options.kind === 'cli' ? MOST_READ_BY_COMMAND : MOST_READ_BY_APP),
    openStore: (path) => openStore(path, { userData: options.userData }),
    trust: trustOf(disk, options.userData, now),
    settings: settingsOf(disk, options.userData),
    recent: recentOf(disk, options.userData, now),
    copySample: (name, folder) => placeSample(disk, options.samplesFolder, name, folder),
    createEngine: (stateFolder) => {
      if (options.createEngine !== undefined) return options.createEngine(stateFolder)
      const engine = createEngine({ ...processesOf(options), environment: process.env, stateFolder, ...ahead })
      ahead = null
      return engine
    },
    ownership: ownershipBy(disk, options.label, () => router),
    queryJournals: (request, signal) => queryJournals(sqlHost(options), request, signal),
    secret: options.secret ?? ((name) => process.env[name]),
  })
  return {
    router,
    sessions,
    artifacts,
    async dispose() {
      await sessions.dispose()
      await ahead?.spawner.close()
    },
  }
}

function sqlHost({ entries, hostEnvironment }: HostOptions): HostCommand {
  return { execPath: process.execPath, entry: entries.sql, environment: hostEnvironment ?? process.env }
}

function processesOf({ entries, hostEnvironment }: HostOptions) {
  return {
    spawnerEntry: entries.spawner,
    sqlEntry: entries.sql,
    execPath: process.execPath,
    hostEnvironment: hostEnvironment ?? process.env,
  }
}

function appInfo(host: AppInfo['host'], shell: Shell | null): AppInfo {
  const none = { nativeDialogs: false, menu: false, openFiles: false, notifications: false }
  return {
    version: VERSION,
    host,
    platform: process.platform,
    cpus: availableParallelism(),
    node: process.versions.node,
    capabilities: shell?.capabilities ?? none,
  }
}

/** Asked for without a folder, the copy of an earlier time is the person's: they may have worked on it. */
async function placeSample(disk: Disk, samples: string, name: SampleName, folder: string | null): Promise<string> {
  const source = join(samples, name)
  const own = SAMPLES.find((sample) => sample.name === name)?.folder ?? name
  if (folder !== null) return copySample(disk, source, join(folder, own))
  const documents = join(homedir(), 'Documents')
  const parent = (await disk.stat(documents))?.kind === 'folder' ? documents : homedir()
  const target = join(parent, own)
  if ((await disk.stat(join(target, 'dagwright.yaml'))) !== null) return target
  return copySample(disk, source, target)
}
