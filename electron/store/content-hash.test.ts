import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contentHashes } from './content-hash.ts'
import { type Disk, nodeDisk } from './disk.ts'
import { resultsOf } from './results.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

let root: string
let opened: string[]
/** The real disk, telling which files were opened. */
const disk: Disk = {
  ...nodeDisk,
  open(path, how, mode) {
    if (how === 'read') opened.push(path)
    return nodeDisk.open(path, how, mode)
  },
}
const hashes = (now = () => new Date()) => contentHashes(disk, join(root, 'state'), now)
const put = async (name: string, text: string) => {
  await writeFile(join(root, name), text)
  // As old as files usually are.
  await utimes(join(root, name), 1_700_000_000, 1_700_000_000)
  return join(root, name)
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dagwright-hash-'))
  opened = []
})
afterEach(() => rm(root, { recursive: true }))

describe('hashes of files', () => {
  it('are SHA-256 of the content, read once, also by the next process', async () => {
    const path = await put('a', 'text')
    const first = hashes()
    expect(await first.of(path)).toEqual({ size: 4, hash: sha('text') })
    expect(await first.of(path)).toEqual({ size: 4, hash: sha('text') })
    await first.save()
    opened = []
    expect(await hashes().of(path)).toEqual({ size: 4, hash: sha('text') })
    expect(opened.filter((file) => file === path)).toEqual([])
  })

  it('notice another file of the same size and time', async () => {
    const path = await put('a', 'text')
    const own = hashes()
    await own.of(path)
    await rename(await put('b', 'TEXT'), path)
    expect(await own.of(path)).toEqual({ size: 4, hash: sha('TEXT') })
  })

  it('do not trust the time of a file that was written just now', async () => {
    const path = join(root, 'a')
    await writeFile(path, 'text')
    const own = hashes()
    await own.of(path)
    opened = []
    await own.of(path)
    expect(opened).toEqual([path])
  })

  it('have nothing where there is nothing, and no hash for what may not be read', async () => {
    expect(await hashes().of(join(root, 'none'))).toBeNull()
    const refusing: Disk = { ...nodeDisk, open: () => Promise.reject(new Error('no')) }
    expect(await contentHashes(refusing, root, () => new Date()).of(await put('a', 'x'))).toEqual({
      size: 0,
      hash: null,
    })
  })

  it('of a folder depend on its names and contents alone', async () => {
    await mkdir(join(root, 'one/deep'), { recursive: true })
    await mkdir(join(root, 'two/deep'), { recursive: true })
    for (const folder of ['one', 'two']) {
      await put(`${folder}/b`, 'b')
      await put(`${folder}/deep/a`, 'a')
    }
    const own = hashes()
    const one = await own.of(join(root, 'one'))
    expect(one).toEqual(await own.of(join(root, 'two')))
    expect(one).toMatchObject({ size: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    await rename(join(root, 'two/b'), join(root, 'two/c'))
    expect((await own.of(join(root, 'two')))?.hash).not.toBe(one?.hash)
  })
})

describe('kept results', () => {
  const results = () => resultsOf(disk, join(root, 'state'), hashes())

  it('are found as long as what they wrote is there as it was', async () => {
    const path = await put('out', 'made')
    await results().keep('p', 'key', { outputs: { rows: 3 }, writes: [path], run: 'r1' })
    expect(await results().find('p', 'key')).toEqual({ outputs: { rows: 3 }, run: 'r1' })
    expect(await results().find('p', 'other')).toBeNull()
    expect(await results().find('q', 'key')).toBeNull()
    await put('out', 'MADE!')
    expect(await results().find('p', 'key')).toBeNull()
    await rm(path)
    expect(await results().find('p', 'key')).toBeNull()
  })

  it('are not kept without their files, and a torn one is none', async () => {
    await results().keep('p', 'key', { outputs: {}, writes: [join(root, 'none')], run: 'r1' })
    expect(await results().find('p', 'key')).toBeNull()
    await results().keep('p', 'key', { outputs: {}, writes: [], run: 'r1' })
    await writeFile(join(root, 'state/cache/results/p/key.json'), '{"format":1,"out')
    expect(await results().find('p', 'key')).toBeNull()
  })
})
