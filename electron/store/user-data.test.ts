import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultSettings } from '#shared/contract/data.ts'
import { nodeDisk } from './disk.ts'
import { recentOf } from './recent.ts'
import { settingsOf } from './settings.ts'
import { trustOf } from './trust.ts'
import { userDataFolder } from './user-data.ts'

let home: string
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-home-')))
})
afterEach(() => rm(home, { recursive: true }))

const NOW = new Date('2026-11-21T12:14:55.000Z')

it('the user’s folder is where the system has it, or where they say', () => {
  expect(userDataFolder({}, 'linux', '/home/ada')).toBe('/home/ada/.local/share/dagwright')
  expect(userDataFolder({ XDG_DATA_HOME: '/data' }, 'linux', '/home/ada')).toBe('/data/dagwright')
  expect(userDataFolder({ XDG_DATA_HOME: 'relative' }, 'linux', '/home/ada')).toBe('/home/ada/.local/share/dagwright')
  expect(userDataFolder({}, 'darwin', '/Users/ada')).toBe('/Users/ada/Library/Application Support/Dagwright')
  expect(userDataFolder({ APPDATA: '/roaming' }, 'win32', '/Users/ada')).toBe('/roaming/Dagwright')
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(userDataFolder({ DAGWRIGHT_HOME: '/mine', APPDATA: '/x' }, platform, '/home/ada')).toBe('/mine')
  }
})

describe('trust', () => {
  const trust = () => trustOf(nodeDisk, home, () => NOW)

  it('is given once and taken back, and survives a restart', async () => {
    const work = join(home, 'work')
    await mkdir(work)
    expect(await trust().isTrusted(work)).toBe(false)
    await trust().setTrusted(work, true)
    await trust().setTrusted(work, true)
    expect(await trust().isTrusted(work)).toBe(true)
    await trust().setTrusted(work, false)
    expect(await trust().isTrusted(work)).toBe(false)
  })

  it('belongs to the folder, not to a name: a link to it is trusted, a link that moves on is not', async () => {
    const [mine, theirs, link] = ['mine', 'theirs', 'link'].map((name) => join(home, name)) as [string, string, string]
    await Promise.all([mkdir(mine), mkdir(theirs)])
    await symlink(mine, link)
    await trust().setTrusted(link, true)
    expect(await trust().isTrusted(mine)).toBe(true)
    await rm(link)
    await symlink(theirs, link)
    expect(await trust().isTrusted(link)).toBe(false)
  })

  it('does not reach into other folders', async () => {
    await mkdir(join(home, 'work', 'inner'), { recursive: true })
    await trust().setTrusted(join(home, 'work'), true)
    for (const path of [join(home, 'work', 'inner'), home, join(home, 'work2')]) {
      expect(await trust().isTrusted(path)).toBe(false)
    }
  })

  it('loses nothing when several are given at once', async () => {
    const one = trust()
    const paths = [1, 2, 3, 4, 5].map((at) => join(home, `w${at}`))
    await Promise.all(paths.map((path) => one.setTrusted(path, true)))
    for (const path of paths) expect(await one.isTrusted(path)).toBe(true)
  })

  it('in a broken file is none, and the file is set aside', async () => {
    for (const broken of ['{"roots": [', '{"roots": "all"}', 'true', '']) {
      await writeFile(join(home, 'trust.json'), broken)
      expect(await trust().isTrusted(home)).toBe(false)
      expect(await readFile(join(home, 'trust.json.broken'), 'utf8')).toBe(broken)
    }
    await trust().setTrusted(home, true)
    expect(await trust().isTrusted(home)).toBe(true)
  })
})

describe('settings', () => {
  it('begin with the defaults and keep what was changed', async () => {
    expect(await settingsOf(nodeDisk, home).get()).toEqual(defaultSettings)
    await settingsOf(nodeDisk, home).change({ theme: 'dark' })
    await settingsOf(nodeDisk, home).change({ snapToGrid: false, theme: undefined })
    expect(await settingsOf(nodeDisk, home).get()).toEqual({ ...defaultSettings, theme: 'dark', snapToGrid: false })
  })

  it('with a value that is not understood keep the others', async () => {
    await writeFile(
      join(home, 'settings.json'),
      '{"theme":"dark","edgeStyle":"wavy","future":1,"__proto__":{"theme":"x"}}',
    )
    expect(await settingsOf(nodeDisk, home).get()).toEqual({ ...defaultSettings, theme: 'dark' })
  })

  it.each(['{"theme":', '[]', 'null', '7'])(
    'in a broken file (%s) are the defaults, never a failure',
    async (broken) => {
      await writeFile(join(home, 'settings.json'), broken)
      expect(await settingsOf(nodeDisk, home).get()).toEqual(defaultSettings)
      expect(await readFile(join(home, 'settings.json.broken'), 'utf8')).toBe(broken)
      expect((await settingsOf(nodeDisk, home).change({ theme: 'light' })).theme).toBe('light')
    },
  )
})

describe('recent workspaces', () => {
  const recent = () => recentOf(nodeDisk, home, () => NOW)

  it('are newest first, each once, and say when they are gone', async () => {
    await mkdir(join(home, 'a'))
    await recent().add(join(home, 'a'), 'a')
    await recent().add(join(home, 'b'), 'b')
    await recent().add(join(home, 'a'), 'a')
    expect(await recent().list()).toEqual([
      { path: join(home, 'a'), name: 'a', openedAt: NOW.toISOString(), exists: true },
      { path: join(home, 'b'), name: 'b', openedAt: NOW.toISOString(), exists: false },
    ])
  })

  it('are at most twenty', async () => {
    const one = recent()
    for (let at = 0; at < 25; at++) await one.add(join(home, `w${at}`), `w${at}`)
    const names = (await one.list()).map((workspace) => workspace.name)
    expect(names).toHaveLength(20)
    expect(names[0]).toBe('w24')
  })
})
