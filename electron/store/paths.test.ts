import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeDisk } from './disk.ts'
import { fileNameOf, isInside, resolveInWorkspace } from './paths.ts'

const HOSTILE = [
  '..',
  '.',
  '',
  'a/b',
  'a\\b',
  'con',
  'NUL',
  'com1.txt',
  'aux.log',
  'a.',
  ' a',
  'a ',
  '-rf',
  '.hidden',
  'x'.repeat(4000),
  'é',
  'e\u0301',
  '失敗',
  '\0',
  'a\nb',
  'a:b',
  '__proto__',
  'A',
  'a',
  'a~b',
]

const anyId = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'A', '.', '_', '~', '/') }),
)

describe('file names of ids', () => {
  it('are safe on every system', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const name = fileNameOf(id)
        expect(name).toMatch(/^[A-Za-z0-9_~][A-Za-z0-9_.~-]{0,79}$/)
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
        expect(name).not.toMatch(/\.$/)
      }),
      { numRuns: 500 },
    )
  })

  it('differ where the ids differ, also where case does not count', () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        fc.pre(a !== b)
        expect(fileNameOf(a).toLowerCase()).not.toBe(fileNameOf(b).toLowerCase())
      }),
      { numRuns: 1000 },
    )
    const names = HOSTILE.map((id) => fileNameOf(id).toLowerCase())
    expect(new Set(names).size).toBe(HOSTILE.length)
  })

  it('leave plain ids as they are', () => {
    expect(fileNameOf('flight_delays')).toBe('flight_delays')
    expect(fileNameOf('by-airport.v2')).toBe('by-airport.v2')
  })
})

describe('paths in a workspace', () => {
  let folder: string
  let root: string
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-paths-')))
    root = join(folder, 'work')
    await mkdir(join(root, 'data', 'deep'), { recursive: true })
    await mkdir(join(folder, 'work-not'))
    await writeFile(join(folder, 'secret'), 's')
    await symlink(folder, join(root, 'out'))
    await symlink(join(folder, 'secret'), join(root, 'leak'))
    await symlink(join(folder, 'nowhere'), join(root, 'dangling'))
    await symlink(join(root, 'data'), join(root, 'in'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it.each(['data/x.csv', 'data', 'in/x.csv', 'new/folder/x', 'data/./x', '...', 'a..b', 'data/deep/'])(
    '%s is inside',
    async (path) => {
      expect(isInside(root, await resolveInWorkspace(nodeDisk, root, path))).toBe(true)
    },
  )

  it.each([
    '..',
    '../work-not/x',
    'data/../../secret',
    'data/../data',
    '/etc/passwd',
    'C:\\x',
    '\\\\host\\x',
    'out/secret',
    'out/new',
    'leak',
    'out',
  ])('%s is refused', async (path) => {
    await expect(resolveInWorkspace(nodeDisk, root, path)).rejects.toMatchObject({
      data: { code: 'OUTSIDE_WORKSPACE', where: path },
    })
  })

  it('refuses a link that points nowhere, as writing would make its target', async () => {
    await expect(resolveInWorkspace(nodeDisk, root, 'dangling')).rejects.toHaveProperty('data.code')
  })

  it('refuses what is not a path', async () => {
    for (const path of ['', 'a\0b']) {
      await expect(resolveInWorkspace(nodeDisk, root, path)).rejects.toMatchObject({ data: { code: 'BAD_INPUT' } })
    }
  })

  it('knows a folder from one whose name begins the same', () => {
    expect(isInside(root, join(folder, 'work-not'))).toBe(false)
    expect(isInside('/', '/anything')).toBe(true)
  })
})
