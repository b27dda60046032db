import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ScratchFolders } from './scratch.ts'

let root: string
let folders: ScratchFolders
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dagwright-scratch-'))
  folders = new ScratchFolders()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const at = (name: string) => join(root, 'run', 'tmp', name)

test('a folder is there, empty, and gone afterwards, whatever the one before left in it', async () => {
  for (const leave of [
    () => undefined,
    (path: string) => writeFileSync(join(path, 'file'), 'x'),
    (path: string) => chmodSync(path, 0o500),
    (path: string) => rmSync(path, { recursive: true }),
    () => undefined,
  ]) {
    for (const name of ['a.1', 'b.1']) {
      folders.make(at(name))
      expect(readdirSync(at(name))).toEqual([])
      writeFileSync(join(at(name), 'probe'), '')
      rmSync(join(at(name), 'probe'))
    }
    for (const name of ['a.1', 'b.1']) {
      leave(at(name))
      folders.remove(at(name))
      await folders.settled()
      expect(existsSync(at(name))).toBe(false)
    }
  }
  folders.clear()
  expect(readdirSync(join(root, 'run', 'tmp'))).toEqual([])
})

test('a folder of a run that was deleted meanwhile is made again', () => {
  folders.make(at('a.1'))
  folders.remove(at('a.1'))
  rmSync(join(root, 'run'), { recursive: true })
  folders.make(at('b.1'))
  expect(readdirSync(at('b.1'))).toEqual([])
  folders.clear()
})

test('many at once: all are removed, few are kept', async () => {
  const names = Array.from({ length: 50 }, (_, number) => `t${number}.1`)
  for (const name of names) folders.make(at(name))
  for (const name of names) folders.remove(at(name))
  await folders.settled()
  const left = readdirSync(join(root, 'run', 'tmp'))
  expect(left.length).toBeLessThan(20)
  expect(names.filter((name) => left.includes(name))).toEqual([])
  folders.clear()
  expect(readdirSync(join(root, 'run', 'tmp'))).toEqual([])
})
