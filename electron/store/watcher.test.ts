import { mkdir, mkdtemp, realpath, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { writeAtomic } from './atomic-write.ts'
import { nodeDisk } from './disk.ts'
import { versionOf } from './documents.ts'
import type { FileChange } from './store.ts'
import { watchWorkspace } from './watcher.ts'

const TIMES = { quiet: 20, poll: 50 }
const version = (text: string) => versionOf(Buffer.from(text))
const refuse = () => {
  throw Object.assign(new Error('no space left for watches'), { code: 'ENOSPC' })
}

describe.each([
  ['with the system’s watches', undefined],
  ['where nothing can be watched', refuse as never],
])('the watcher, %s,', (_name, watchFolder) => {
  let root: string
  let changes: FileChange[]
  let stop: () => void
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'dagwright-watch-')))
    await mkdir(join(root, 'deep', 'er'), { recursive: true })
    await writeFile(join(root, 'a.dag.yaml'), 'a1')
    await writeFile(join(root, 'deep', 'er', 'b.dag.yaml'), 'b1')
    changes = []
    stop = await watchWorkspace(nodeDisk, root, (change) => changes.push(change), TIMES, watchFolder)
  })
  afterEach(async () => {
    stop()
    await rm(root, { recursive: true, force: true })
  })

  const latest = () => Object.fromEntries(changes.map((change) => [change.path, change.version]))
  const until = (expected: Record<string, string | null>) =>
    vi.waitFor(() => expect(latest()).toEqual(expected), { timeout: 15_000, interval: 10 })

  it('notices what other programs change, add and remove', async () => {
    await writeFile(join(root, 'a.dag.yaml'), 'a2')
    await until({ 'a.dag.yaml': version('a2') })
    await writeFile(join(root, 'dagwright.yaml'), 'slots: 2')
    await rm(join(root, 'deep', 'er', 'b.dag.yaml'))
    await until({
      'a.dag.yaml': version('a2'),
      'dagwright.yaml': version('slots: 2'),
      'deep/er/b.dag.yaml': null,
    })
  })

  it('notices a save of the same length within the same tick of the disk’s clock', async () => {
    const at = new Date()
    for (const text of ['e1', 'e2']) {
      const beside = join(root, 'beside')
      await writeFile(beside, text)
      await utimes(beside, at, at)
      await rename(beside, join(root, 'e.dag.yaml'))
      await until({ 'e.dag.yaml': version(text) })
    }
  })

  it('notices atomic saves and renames', async () => {
    await writeAtomic(nodeDisk, join(root, 'a.dag.yaml'), 'a2')
    await until({ 'a.dag.yaml': version('a2') })
    await rename(join(root, 'a.dag.yaml'), join(root, 'c.dag.yaml'))
    await until({ 'a.dag.yaml': null, 'c.dag.yaml': version('a2') })
  })

  it('notices files in folders that come later, however deep', async () => {
    await mkdir(join(root, 'new', 'folder'), { recursive: true })
    await writeFile(join(root, 'new', 'folder', 'd.dag.yaml'), 'd1')
    await until({ 'new/folder/d.dag.yaml': version('d1') })
    await writeFile(join(root, 'new', 'folder', 'd.dag.yaml'), 'd2')
    await until({ 'new/folder/d.dag.yaml': version('d2') })
    await rm(join(root, 'new'), { recursive: true })
    await until({ 'new/folder/d.dag.yaml': null })
  })

  it('says nothing of other files, of hidden folders, or of a save that changed nothing', async () => {
    await mkdir(join(root, 'node_modules'))
    await mkdir(join(root, '.dagwright'))
    await writeFile(join(root, 'node_modules', 'x.dag.yaml'), 'x')
    await writeFile(join(root, '.dagwright', 'spec.dag.yaml'), 'x')
    await writeFile(join(root, 'data.csv'), '1,2')
    await writeFile(join(root, 'a.dag.yaml'), 'a1')
    await writeFile(join(root, 'last.dag.yaml'), 'done')
    await until({ 'last.dag.yaml': version('done') })
  })

  it('is silent once stopped', async () => {
    stop()
    await writeFile(join(root, 'a.dag.yaml'), 'a2')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(changes).toEqual([])
  })
})
