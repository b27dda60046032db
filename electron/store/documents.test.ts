import { chmod, mkdir, mkdtemp, readFile, realpath, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from './disk.ts'
import { documentsOf, versionOf } from './documents.ts'
import { MemoryDisk, textOn } from './memory-disk.testing.ts'
import { stateFolderOf } from './state-folder.ts'
import type { Documents } from './store.ts'

const FILE = 'flights.dag.yaml'
const version = (text: string) => versionOf(Buffer.from(text))

describe('documents', () => {
  let root: string
  let documents: Documents
  let now: Date
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-documents-')))
    now = new Date()
    documents = documentsOf(nodeDisk, root, await stateFolderOf(nodeDisk, root, join(root, 'home')), () => now)
  })
  afterEach(() => rm(root, { recursive: true }))

  const put = (text: string | Uint8Array) => writeFile(join(root, FILE), text)
  const onDisk = () => readFile(join(root, FILE), 'utf8')

  it('come with their bytes as they are: BOM, CRLF, everything', async () => {
    const text = '\uFEFFid: a\r\nname: größe 失敗 ✈\r\n'
    await put(text)
    const read = await documents.read(FILE)
    expect(read).toMatchObject({ path: FILE, text, version: version(text), readOnly: false, recovery: null })
    expect(Date.parse(read.modifiedAt)).toBeGreaterThan(Date.now() - 60_000)
    await documents.write(FILE, read.text, read.version)
    expect(await onDisk()).toBe(text)
  })

  it.each([
    ['binary data', new Uint8Array([105, 0, 106]), 'FILE_NOT_TEXT'],
    ['Latin-1', new Uint8Array([0xe9, 0x0a]), 'FILE_NOT_TEXT'],
    ['50 MB', new Uint8Array(50 * 1024 * 1024).fill(0x61), 'FILE_TOO_LARGE'],
    ['a byte too much', new Uint8Array(5 * 1024 * 1024 + 1).fill(0x61), 'FILE_TOO_LARGE'],
  ])('are refused: %s', async (_name, bytes, code) => {
    await put(bytes)
    await expect(documents.read(FILE)).rejects.toMatchObject({ data: { code, where: FILE, next: expect.any(String) } })
    await expect(documents.write(FILE, 'x', version('x'))).rejects.toMatchObject({ data: { code } })
    expect((await readFile(join(root, FILE))).equals(bytes)).toBe(true)
  })

  it('of 5 MB are read', async () => {
    await put(new Uint8Array(5 * 1024 * 1024).fill(0x61))
    expect((await documents.read(FILE)).text).toHaveLength(5 * 1024 * 1024)
  })

  it('that are not there, are folders, or lie outside say so', async () => {
    await mkdir(join(root, 'folder.dag.yaml'))
    await expect(documents.read('none.dag.yaml')).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } })
    await expect(documents.read('folder.dag.yaml')).rejects.toMatchObject({ data: { code: 'FILE_NOT_TEXT' } })
    await expect(documents.read('../x')).rejects.toMatchObject({ data: { code: 'OUTSIDE_WORKSPACE' } })
    await expect(documents.write('../x', 'x', null)).rejects.toMatchObject({ data: { code: 'OUTSIDE_WORKSPACE' } })
    await expect(documents.saveRecovery('../x', 'x', null)).rejects.toMatchObject({
      data: { code: 'OUTSIDE_WORKSPACE' },
    })
  })

  it('changed on disk are not overwritten, unless told to', async () => {
    await put('mine')
    const { version: base } = await documents.read(FILE)
    await put('theirs')
    const refusal = { data: { code: 'FILE_CHANGED_ON_DISK', details: { text: 'theirs', version: version('theirs') } } }
    await expect(documents.write(FILE, 'mine, edited', base)).rejects.toMatchObject(refusal)
    await expect(documents.write(FILE, 'new', null)).rejects.toMatchObject(refusal)
    expect(await onDisk()).toBe('theirs')
    await documents.write(FILE, 'mine, edited', base, true)
    expect(await onDisk()).toBe('mine, edited')
  })

  it('deleted on disk are not made again unseen', async () => {
    await expect(documents.write(FILE, 'x', version('gone'))).rejects.toMatchObject({ data: { code: 'FILE_GONE' } })
    await documents.write(FILE, 'x', version('gone'), true)
    expect(await onDisk()).toBe('x')
    await documents.write('new/folder/a.dag.yaml', 'x', null)
  })

  it('saved twice at once from the same version: one wins, the other is told', async () => {
    await put('base')
    const base = version('base')
    const both = await Promise.allSettled(['one', 'two'].map((text) => documents.write(FILE, text, base)))
    expect(both.map((one) => one.status)).toEqual(['fulfilled', 'rejected'])
    expect(await onDisk()).toBe('one')
  })

  it('that no text file can hold are refused', async () => {
    for (const text of ['half a \ud800 pair', 'a\0b']) {
      await expect(documents.write(FILE, text, null)).rejects.toMatchObject({ data: { code: 'FILE_NOT_TEXT' } })
    }
    await expect(documents.write(FILE, 'x'.repeat(5 * 1024 * 1024 + 1), null)).rejects.toMatchObject({
      data: { code: 'FILE_TOO_LARGE' },
    })
  })

  it('keep their permissions', async () => {
    await put('x')
    await chmod(join(root, FILE), 0o640)
    await documents.write(FILE, 'y', version('x'))
    expect((await nodeDisk.stat(join(root, FILE)))?.mode).toBe(0o640)
  })

  it('offer the recovery copy while it is newer and different', async () => {
    await put('saved')
    await utimes(join(root, FILE), new Date(now.getTime() - 10_000), new Date(now.getTime() - 10_000))
    await documents.saveRecovery(FILE, 'unsaved', version('saved'))
    expect((await documents.read(FILE)).recovery).toEqual({
      text: 'unsaved',
      savedAt: now.toISOString(),
      baseVersion: version('saved'),
    })
    await utimes(join(root, FILE), new Date(now.getTime() + 10_000), new Date(now.getTime() + 10_000))
    expect((await documents.read(FILE)).recovery).toBeNull()
    now = new Date(now.getTime() + 20_000)
    await documents.saveRecovery(FILE, 'saved', null)
    expect((await documents.read(FILE)).recovery).toBeNull()
  })

  it('lose their recovery copy when saved or discarded, and one that is broken is none', async () => {
    await put('saved')
    now = new Date(Date.now() + 60_000)
    await documents.saveRecovery(FILE, 'one', null)
    await documents.discardRecovery(FILE)
    expect((await documents.read(FILE)).recovery).toBeNull()
    await documents.saveRecovery(FILE, 'two', null)
    await documents.write(FILE, 'two!', version('saved'))
    expect((await documents.read(FILE)).recovery).toBeNull()
    await documents.saveRecovery(FILE, 'three', null)
    await writeFile(join(root, '.dagwright', 'recovery', `${FILE}.json`), '{"path"')
    expect((await documents.read(FILE)).recovery).toBeNull()
  })
})

describe('on a full or read-only disk', () => {
  async function setUp(): Promise<{ disk: MemoryDisk; documents: Documents }> {
    const disk = new MemoryDisk()
    await disk.makeFolder('/work')
    const state = await stateFolderOf(disk, '/work', '/home/user-data')
    return { disk, documents: documentsOf(disk, '/work', state, () => new Date(0)) }
  }

  it('nothing already saved is lost, and it works again afterwards', async () => {
    const { disk, documents } = await setUp()
    const saved = await documents.write(FILE, 'saved', null)
    disk.fault = (operation) => (operation === 'write' ? 'ENOSPC' : null)
    await expect(documents.write(FILE, 'edited', saved.version)).rejects.toMatchObject({ data: { code: 'DISK_FULL' } })
    await expect(documents.saveRecovery(FILE, 'edited', null)).rejects.toMatchObject({ data: { code: 'DISK_FULL' } })
    expect(await textOn(disk, '/work', FILE)).toBe('saved')
    disk.fault = () => null
    await documents.write(FILE, 'edited', saved.version)
    await documents.saveRecovery(FILE, 'more', null)
    expect(await textOn(disk, '/work', FILE)).toBe('edited')
  })

  it('says that the workspace is read-only, and still keeps a recovery copy in the user’s folder', async () => {
    const { disk, documents: before } = await setUp()
    const { version } = await before.write(FILE, 'saved', null)
    disk.canWrite = async (path) => !path.startsWith('/work')
    const state = await stateFolderOf(disk, '/work', '/home/user-data')
    const documents = documentsOf(disk, '/work', state, () => new Date(0))
    expect((await documents.read(FILE)).readOnly).toBe(true)
    await expect(documents.write(FILE, 'edited', version)).rejects.toMatchObject({ data: { code: 'READ_ONLY' } })
    await documents.saveRecovery(FILE, 'edited', version)
    expect(await textOn(disk, state.path, 'recovery', `${FILE}.json`)).toContain('edited')
  })
})
