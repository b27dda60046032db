import { join } from 'node:path'
import { z } from 'zod'
import type { Disk } from './disk.ts'
import { jsonFile } from './json-file.ts'

/**
 * Which workspaces a person allowed to run. Kept outside of them, by real path: neither a file in a workspace nor a link to
 * a trusted one can make itself trusted. Only the exact folder counts.
 */
export interface Trust {
  isTrusted(root: string): Promise<boolean>
  setTrusted(root: string, trusted: boolean): Promise<void>
}

const trustFile = z.object({ roots: z.array(z.object({ path: z.string(), trustedAt: z.string() })) })

export function trustOf(disk: Disk, userData: string, now: () => Date): Trust {
  const file = jsonFile(disk, join(userData, 'trust.json'), (value) => trustFile.safeParse(value).data ?? null, {
    roots: [],
  })
  const realOf = async (root: string) => (await disk.realPath(root)) ?? root
  return {
    async isTrusted(root) {
      const real = await realOf(root)
      return (await file.read()).roots.some((one) => one.path === real)
    },
    async setTrusted(root, trusted) {
      const path = await realOf(root)
      await file.change(({ roots }) => {
        const others = roots.filter((one) => one.path !== path)
        return { roots: trusted ? [...others, { path, trustedAt: now().toISOString() }] : others }
      })
    },
  }
}
