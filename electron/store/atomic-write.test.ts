import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeAtomic } from './atomic-write.ts'
import { nodeDisk } from './disk.ts'
import { Crashed, MemoryDisk, textOn } from './memory-disk.testing.ts'

const OLD = 'the last good save'
const NEW = 'what the person typed since, which is longer'

async function diskWith(text: string | null): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  if (text !== null) await writeAtomic(disk, '/work/file.yaml', text)
  return disk
}

/** How many changing operations one save takes. */
async function stepsOfSave(text: string | null): Promise<number> {
  const disk = await diskWith(text)
  const before = disk.operations
  await writeAtomic(disk, '/work/file.yaml', NEW)
  return disk.operations - before
}

describe.each([OLD, null])('a save over %j', (before) => {
  it('leaves the old or the new file, whole, wherever the power fails', async () => {
    const steps = await stepsOfSave(before)
    expect(steps).toBeGreaterThan(4)
    for (let step = 1; step <= steps; step++) {
      await fc.assert(
        fc.asyncProperty(fc.func(fc.double({ min: 0, max: 1, noNaN: true })), async (part) => {
          const disk = await diskWith(before)
          const last = disk.operations + step
          disk.fault = (_operation, _path, number) => (number === last ? 'crash' : null)
          await expect(writeAtomic(disk, '/work/file.yaml', NEW)).rejects.toThrow(Crashed)
          let calls = 0
          disk.crash((length) => Math.round(part(calls++) * length))
          expect([before, NEW]).toContain(await textOn(disk, '/work/file.yaml'))
        }),
        { numRuns: 15 },
      )
    }
  })

  it('is durable once it has resolved', async () => {
    const disk = await diskWith(before)
    await writeAtomic(disk, '/work/file.yaml', NEW)
    disk.crash()
    expect(await textOn(disk, '/work/file.yaml')).toBe(NEW)
  })

  it.each(['ENOSPC', 'EROFS', 'EIO', 'EACCES'])('that meets %s leaves the old file and nothing else', async (code) => {
    const steps = await stepsOfSave(before)
    const codes = { ENOSPC: 'DISK_FULL', EROFS: 'READ_ONLY', EIO: 'IO_ERROR', EACCES: 'PERMISSION_DENIED' }
    // The last step makes the rename durable: a failure there comes after the file was replaced.
    for (let step = 1; step < steps; step++) {
      const disk = await diskWith(before)
      const last = disk.operations + step
      disk.fault = (_operation, _path, number) => (number === last ? code : null)
      await expect(writeAtomic(disk, '/work/file.yaml', NEW)).rejects.toMatchObject({
        data: {
          code: codes[code as keyof typeof codes],
          where: expect.any(String),
          next: expect.any(String),
        },
      })
      expect(await textOn(disk, '/work/file.yaml')).toBe(before)
      const left = (await disk.stat('/work')) === null ? [] : await disk.list('/work')
      expect(left.map((entry) => entry.name)).toEqual(before === null ? [] : ['file.yaml'])
    }
  })
})

it('carries on after short writes', async () => {
  const disk = new MemoryDisk()
  disk.fault = (operation) => (operation === 'write' ? 'short' : null)
  await writeAtomic(disk, '/work/file.yaml', NEW)
  expect(await textOn(disk, '/work/file.yaml')).toBe(NEW)
})

describe('on a real disk', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dagwright-write-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it.each([0o750, 0o664, 0o666])('keeps the permissions %o and leaves no temporary file', async (mode) => {
    const path = join(folder, 'run.sh')
    await writeFile(path, OLD)
    await chmod(path, mode)
    await writeAtomic(nodeDisk, path, NEW)
    expect((await stat(path)).mode & 0o777).toBe(mode)
    expect(await readFile(path, 'utf8')).toBe(NEW)
    expect(await readdir(folder)).toEqual(['run.sh'])
  })

  it('replaces what a link points at, not the link', async () => {
    await writeFile(join(folder, 'real.yaml'), OLD)
    await symlink('real.yaml', join(folder, 'link.yaml'))
    await writeAtomic(nodeDisk, join(folder, 'link.yaml'), NEW)
    expect(await readFile(join(folder, 'real.yaml'), 'utf8')).toBe(NEW)
    expect(
      (await readdir(folder, { withFileTypes: true })).find((one) => one.name === 'link.yaml')?.isSymbolicLink(),
    ).toBe(true)
  })

  it('makes missing folders, and says where a folder is in the way', async () => {
    await writeAtomic(nodeDisk, join(folder, 'a', 'b', 'c.yaml'), NEW)
    expect(await readFile(join(folder, 'a', 'b', 'c.yaml'), 'utf8')).toBe(NEW)
    await expect(writeAtomic(nodeDisk, join(folder, 'a', 'b'), NEW)).rejects.toMatchObject({
      data: { code: 'BAD_INPUT', where: join(folder, 'a', 'b') },
    })
    expect(await readdir(join(folder, 'a'))).toEqual(['b'])
  })
})
