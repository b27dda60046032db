import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeDisk } from './disk.ts'
import { type ListedPipeline, pipelineListing } from './pipeline-listing.ts'

const FILE = 'a.dag.yaml'
const LISTED: ListedPipeline = {
  entry: { path: FILE, id: 'a', name: 'A', tasks: 3, errors: 0 },
  aliases: new Map([['load', ['fetch']]]),
}
const LONG_AGO = new Date('2026-01-01T00:00:00Z')
const NOW = new Date('2026-01-01T00:01:00Z')

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dagwright-listing-'))
  await write('first', LONG_AGO)
})
afterEach(() => rm(root, { recursive: true }))

const state = () => join(root, '.dagwright')
const open = () => pipelineListing(nodeDisk, root, state())
async function write(text: string, at: Date): Promise<void> {
  await writeFile(join(root, FILE), text)
  await utimes(join(root, FILE), at, at)
}

it('knows a file over a restart, until it is written or read by another', async () => {
  await mkdir(state())
  const first = open()
  await first.put(FILE, '1', LISTED, NOW)
  await first.save(new Set([FILE]))
  expect(await open().get(FILE, '1')).toEqual(LISTED)
  expect(await open().get(FILE, '2')).toBeNull()
  await write('second', NOW)
  expect(await open().get(FILE, '1')).toBeNull()
  await write('another', LONG_AGO)
  expect(await open().get(FILE, '1'), 'another size at the same time').toBeNull()
  await rm(join(root, FILE))
  expect(await open().get(FILE, '1')).toBeNull()
})

it('does not trust a file that was only just written', async () => {
  const listing = open()
  await listing.put(FILE, '1', LISTED, new Date(LONG_AGO.getTime() + 500))
  expect(await listing.get(FILE, '1')).toBeNull()
})

it('leaves no trace where there is no state, forgets what is gone, and survives nonsense', async () => {
  const listing = open()
  await listing.put(FILE, '1', LISTED, NOW)
  await listing.save(new Set([FILE]))
  await expect(readFile(join(state(), 'cache/pipelines.json'))).rejects.toThrow()
  await mkdir(state())
  await listing.save(new Set())
  expect(await open().get(FILE, '1')).toBeNull()
  await writeFile(join(state(), 'cache/pipelines.json'), '{"format":1,"files":[{"size"')
  expect(await open().get(FILE, '1')).toBeNull()
})
