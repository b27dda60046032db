import { join } from 'node:path'
import { z } from 'zod'
import type { RecentWorkspace } from '#shared/contract/data.ts'
import type { Disk } from './disk.ts'
import { jsonFile } from './json-file.ts'

const MOST = 20
const recentFile = z.object({
  workspaces: z.array(z.object({ path: z.string(), name: z.string(), openedAt: z.string() })),
})

export interface RecentWorkspaces {
  /** Newest first; those that are gone say so. */
  list(): Promise<RecentWorkspace[]>
  add(path: string, name: string): Promise<void>
}

export function recentOf(disk: Disk, userData: string, now: () => Date): RecentWorkspaces {
  const file = jsonFile(disk, join(userData, 'recent.json'), (value) => recentFile.safeParse(value).data ?? null, {
    workspaces: [],
  })
  return {
    async list() {
      const { workspaces } = await file.read()
      return Promise.all(workspaces.map(async (one) => ({ ...one, exists: await isFolder(disk, one.path) })))
    },
    async add(path, name) {
      await file.change(({ workspaces }) => {
        const others = workspaces.filter((one) => one.path !== path)
        return { workspaces: [{ path, name, openedAt: now().toISOString() }, ...others].slice(0, MOST) }
      })
    },
  }
}

/** A disk that is not plugged in, or may not be read, counts as gone. */
async function isFolder(disk: Disk, path: string): Promise<boolean> {
  return (await disk.stat(path).catch(() => null))?.kind === 'folder'
}
