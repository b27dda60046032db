import type { Engine } from '#electron/engine/ports.ts'
import type { DocumentParser } from '#electron/parser/parser.ts'
import type { LockHolder } from '#electron/store/lock.ts'
import type { WorkspaceStore } from '#electron/store/store.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { AppInfo, QueryResult, RecentWorkspace, Settings } from '#shared/contract/data.ts'
import type { SampleName } from '#shared/contract/samples.ts'
import type { Caller } from './caller.ts'
import type { FailureLog } from './failure.ts'
import type { Shell } from './shell.ts'

/** What the api is built on. electron/hosts/serve.ts wires the real ones; tests may pass twins. */
export interface HostPorts {
  readonly info: AppInfo
  /** What the host was started with. */
  readonly initial: { readonly path: string; readonly file: string | null } | null
  readonly shell: Shell | null
  /** Makes a URL path under which the file (absolute) can be looked at; null where the shell opens files. */
  readonly publishArtifact: ((path: string) => string) | null
  readonly log: FailureLog
  readonly now: () => Date

  readonly parse: DocumentParser
  openStore(path: string): Promise<WorkspaceStore>
  readonly trust: {
    isTrusted(root: string): Promise<boolean>
    setTrusted(root: string, trusted: boolean): Promise<void>
  }
  readonly settings: { get(): Promise<Settings>; change(change: Partial<Settings>): Promise<Settings> }
  readonly recent: {
    list(): Promise<readonly RecentWorkspace[]>
    add(path: string, name: string): Promise<void>
  }
  /** Copies the sample into `folder` (null: a place of the person's) and returns its path. */
  copySample(name: SampleName, folder: string | null): Promise<string>
  /** Called once the workspace is claimed: an engine first ends what an earlier one of this folder left running. */
  createEngine(stateFolder: string): Engine
  readonly ownership: Ownership
  /** One reading statement over tables that `setup` makes, in a process of its own; aborting ends it. */
  queryJournals(
    request: { readonly setup: readonly string[]; readonly sql: string; readonly limit: number },
    signal: AbortSignal | undefined,
  ): Promise<{ readonly result: QueryResult | null; readonly problem: string | null }>
  /** The value of a secret by name, or undefined. */
  secret(name: string): string | undefined
}

/** One engine owns a workspace at a time; the others become its clients. */
export interface Ownership {
  /** Who holds the workspace now; null: nobody alive. Cheap: it is asked with every call about runs. */
  holder(store: WorkspaceStore): Promise<LockHolder | null>
  /** Takes the workspace and opens its door. Returns the holder instead where another process was first. */
  acquire(store: WorkspaceStore): Promise<{ readonly claim: Claim } | { readonly holder: LockHolder }>
  /** Becomes a client of the holder; rejects where it cannot be reached. */
  connect(store: WorkspaceStore, holder: LockHolder, caller: Caller): Promise<OwnerConnection>
}

export interface Claim {
  release(): Promise<void>
}
export interface OwnerConnection {
  readonly client: ContractClient
  readonly closed: Promise<void>
  close(): void
}
