import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { nodeDisk } from './disk.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dagwright-disk-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a folder is made with its missing parents, by several at once, and may be there already', async () => {
  const deep = join(folder, 'a/b/c')
  await Promise.all([nodeDisk.makeFolder(deep), nodeDisk.makeFolder(deep), nodeDisk.makeFolder(join(folder, 'a/b/d'))])
  await nodeDisk.makeFolder(deep)
  expect(['a/b/c', 'a/b/d'].map((path) => statSync(join(folder, path)).isDirectory())).toEqual([true, true])
})

test.runIf(process.platform !== 'win32')('a file in the way is said', async () => {
  writeFileSync(join(folder, 'file'), '')
  await expect(nodeDisk.makeFolder(join(folder, 'file'))).rejects.toMatchObject({ data: { code: 'BAD_INPUT' } })
  await expect(nodeDisk.makeFolder(join(folder, 'file/a/b'))).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
})

test('a read-only disk is called so', async (context) => {
  const mounted = join(folder, 'disk')
  mkdirSync(mounted)
  // Only root of a Linux may do this.
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', mounted]).status !== 0) return context.skip()
  try {
    const refused = { data: { code: 'READ_ONLY', next: 'Make it writable again, or use another folder.' } }
    await expect(nodeDisk.makeFolder(join(mounted, 'run'))).rejects.toMatchObject(refused)
    await expect(nodeDisk.makeFolder(join(mounted, 'pipeline/run'))).rejects.toMatchObject(refused)
    await expect(nodeDisk.open(join(mounted, 'journal'), 'synced')).rejects.toMatchObject(refused)
    await nodeDisk.makeFolder(mounted)
  } finally {
    spawnSync('umount', [mounted])
  }
})
