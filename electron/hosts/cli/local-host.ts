import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { TERMINAL } from '#electron/api/caller.ts'
import { userDataFolder } from '#electron/store/user-data.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { WorkspaceInfo } from '#shared/contract/data.ts'
import { connectInProcess } from '../in-process.ts'
import { placesOf } from '../places.ts'
import { createHost, type Host, type HostOptions } from '../serve.ts'
import type { Terminal } from './command.ts'

/** This file lies beside main.ts; bundled, it is part of dist/commands.mjs. */
export const places = placesOf(import.meta.filename)

/** The parts of a host that every command shares. */
export function hostOf(
  label: string,
  kind: HostOptions['kind'],
  more: Pick<HostOptions, 'initial' | 'willRun'> = {},
): Host {
  return createHost({
    ...more,
    kind,
    label,
    userData: userDataFolder(),
    samplesFolder: places.samples,
    entries: places,
  })
}

const IDLE_CHECK_MILLISECONDS = 100
/**
 * V8 doubles the room for short-lived objects up to 100 MB as they come. A command is no slower in the few it has by now,
 * and pauses for less. V8 looks at this whenever it would grow them.
 */
const KEEP_ROOM_FOR_SHORT_LIVED = '--semi-space-growth-factor=1'

/** The contract in this process, spoken by the person at the terminal. Everything is put away afterwards. */
export async function withHost<T>(
  label: string,
  io: Terminal,
  work: (client: ContractClient) => Promise<T>,
  more: Pick<HostOptions, 'willRun'> = {},
): Promise<T> {
  setFlagsFromString(KEEP_ROOM_FOR_SHORT_LIVED)
  const host = hostOf(label, 'cli', more)
  try {
    const result = await work(connectInProcess(host.router, TERMINAL))
    // While it owned the workspace, others may have started runs through it.
    if (host.sessions.liveRuns > 0) io.err.line('Waiting for a run that another process started here.')
    while (host.sessions.liveRuns > 0) await pause(IDLE_CHECK_MILLISECONDS)
    return result
  } finally {
    await host.dispose()
  }
}

export interface OpenedPath {
  readonly workspace: WorkspaceInfo
  /** Relative to the workspace; null where the path was a folder. */
  readonly file: string | null
}

/** `path` as typed, relative to the folder the command was started in. The workspace lists that file alone, where it is one. */
export async function openPath(client: ContractClient, folder: string, path: string): Promise<OpenedPath> {
  return client.workspace.open({ path: resolve(folder, path), alone: true })
}
