import { create } from 'zustand'
import { isConnectionError } from '#shared/contract/call-error.ts'
import type { AppInfo, PipelineFile, RecentWorkspace, WorkspaceChange, WorkspaceInfo } from '#shared/contract/data.ts'
import { api } from './client.ts'
import { attempt } from './notices.ts'

/** The open workspace, the host it is served by, and the changes that come from its folder. */
interface Workspace {
  /** `starting` until it is known whether the host was started with a folder. */
  readonly status: 'starting' | 'none' | 'opening' | 'open'
  readonly info: WorkspaceInfo | null
  readonly app: AppInfo | null
  readonly recent: readonly RecentWorkspace[]
}

export const useWorkspace = create<Workspace>(() => ({ status: 'starting', info: null, app: null, recent: [] }))

/** Root of the open workspace, as the contract's `workspace` input. Throws (a bug) while none is open. */
export function workspaceRoot(): string {
  const { info } = useWorkspace.getState()
  if (!info) throw new Error('No workspace is open.')
  return info.root
}

type ChangeListener = (change: WorkspaceChange) => void
const listeners = new Set<ChangeListener>()

/** Other stores hear of changes on disk here. Returns the way to stop. */
export function onWorkspaceChange(listener: ChangeListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const returns = new Set<() => void>()

/** The connection was lost and is there again: nobody told of what changed meanwhile. Returns the way to stop. */
export function onWorkspaceReturn(listener: () => void): () => void {
  returns.add(listener)
  return () => returns.delete(listener)
}

export async function loadAppInfo(): Promise<void> {
  const app = await attempt('Start', () => api().app.info({}))
  if (app) useWorkspace.setState({ app })
}

export async function loadRecent(): Promise<void> {
  const recent = await attempt('Read recent workspaces', () => api().workspace.recent({}))
  if (recent) useWorkspace.setState({ recent })
}

/** What the host was started with, opened; null where that was nothing. */
export async function openInitialWorkspace(): Promise<{ readonly file: string | null } | null> {
  const initial = await attempt('Start', () => api().workspace.initial({}))
  if (!initial) {
    useWorkspace.setState({ status: 'none' })
    return null
  }
  return openWorkspace(initial.file ?? initial.path)
}

/** `file`: the pipeline to show, where the path named one. null: it could not be opened, and the person was told. */
export async function openWorkspace(path: string): Promise<{ readonly file: string | null } | null> {
  const before = useWorkspace.getState()
  useWorkspace.setState({ status: 'opening' })
  const opened = await attempt(`Open ${path}`, () => api().workspace.open({ path }))
  if (!opened) {
    useWorkspace.setState({ status: before.info ? 'open' : 'none' })
    return null
  }
  useWorkspace.setState({ status: 'open', info: opened.workspace })
  void followChanges(opened.workspace.root)
  void loadRecent()
  return { file: opened.file }
}

export async function setTrust(trusted: boolean): Promise<boolean> {
  const info = await attempt('Trust this folder', () =>
    api().workspace.setTrust({ workspace: workspaceRoot(), trusted }),
  )
  if (info) useWorkspace.setState({ info })
  return info !== undefined
}

let watching: AbortController | null = null
const PAUSE_MS = 1_000

async function followChanges(root: string): Promise<void> {
  watching?.abort()
  const own = new AbortController()
  watching = own
  let wasLost = false
  while (!own.signal.aborted) {
    try {
      const changes = await api().workspace.changes({ workspace: root }, { signal: own.signal })
      if (wasLost) for (const listener of returns) listener()
      wasLost = false
      for await (const change of changes) {
        take(change)
        for (const listener of listeners) listener(change)
      }
    } catch (error) {
      if (own.signal.aborted) return
      if (!isConnectionError(error)) {
        await attempt('Watch the folder', () => Promise.reject(error))
        return
      }
      wasLost = true
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

function take(change: WorkspaceChange): void {
  if (change.type === 'workspace') useWorkspace.setState({ info: change.workspace })
  if (change.type === 'plans') {
    useWorkspace.setState(({ info }) => ({ info: info && { ...info, plans: change.plans } }))
  }
  if (change.type === 'pipelines') {
    useWorkspace.setState(({ info }) => ({ info: info && { ...info, pipelines: change.pipelines } }))
  }
}

const NO_PIPELINES: readonly PipelineFile[] = []

/** Paths of the workspace's files for the planner. */
export function usePlanFiles(): readonly string[] {
  return useWorkspace((state) => state.info?.plans ?? NO_PLANS)
}

const NO_PLANS: readonly string[] = []

export function usePipelineFiles(): readonly PipelineFile[] {
  return useWorkspace((state) => state.info?.pipelines ?? NO_PIPELINES)
}
