import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { nodeDisk } from '#electron/store/disk.ts'
import { openStore } from '#electron/store/workspace-store.ts'
import { ownershipBy } from './ownership.ts'

it.runIf(process.platform !== 'win32')('no door is opened in a folder that others can enter', async () => {
  const before = process.env.XDG_RUNTIME_DIR
  const folder = await mkdtemp(join(tmpdir(), 'dagwright-door-'))
  const open = join(folder, `dagwright-${userInfo().uid}`)
  try {
    process.env.XDG_RUNTIME_DIR = folder
    await mkdir(open, { mode: 0o755 })
    const store = await openStore(folder, { userData: join(folder, 'home') })
    const ownership = ownershipBy(nodeDisk, 'a test', () => ({}) as never)
    await expect(ownership.acquire(store)).rejects.toMatchObject({
      data: { code: 'PERMISSION_DENIED', where: open, next: expect.any(String) },
    })
    expect(await ownership.holder(store)).toBeNull()
  } finally {
    if (before === undefined) delete process.env.XDG_RUNTIME_DIR
    else process.env.XDG_RUNTIME_DIR = before
    await rm(folder, { recursive: true })
  }
})
