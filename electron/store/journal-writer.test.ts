import { Buffer } from 'node:buffer'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeJournal } from '#shared/journal/codec.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { headerFor } from '#shared/journal/journal.testing.ts'
import { nodeDisk } from './disk.ts'
import { openJournal } from './journal-writer.ts'
import { MemoryDisk, textOn } from './memory-disk.testing.ts'

const PATH = '/journal.ndjson'

function event(n: number): JournalEvent {
  return n === 0 ? { n, t: 0, ...headerFor(['a']) } : { n, t: n, type: 'queued', task: `task_${n}`, index: null }
}

/** The numbers in the journal, read as after a restart. */
async function numbersOn(disk: MemoryDisk): Promise<number[]> {
  return decodeJournal((await textOn(disk, PATH)) ?? '').events.map((one) => one.n)
}

/** Appends batches of the given sizes at once; returns how many events were reported durable. */
async function appendBatches(disk: MemoryDisk, sizes: readonly number[], pauses: readonly boolean[]): Promise<number> {
  const journal = await openJournal(disk, PATH)
  await disk.syncFolder('/')
  const outcomes: Promise<number>[] = []
  let n = 0
  for (const [at, size] of sizes.entries()) {
    const events = Array.from({ length: size }, () => event(n++))
    outcomes.push(journal.append(events).then(() => size))
    if (pauses[at % Math.max(1, pauses.length)]) await Promise.resolve()
  }
  const settled = await Promise.allSettled(outcomes)
  const firstFailure = settled.findIndex((one) => one.status === 'rejected')
  if (firstFailure >= 0) expect(settled.slice(firstFailure).every((one) => one.status === 'rejected')).toBe(true)
  return settled.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0)
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 })
const pauses = fc.array(fc.boolean(), { maxLength: 4 })

describe('the journal writer', () => {
  it('keeps the order and makes everything durable that it says is', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, pauses, async (batches, gaps) => {
        const disk = new MemoryDisk()
        const total = batches.reduce((sum, size) => sum + size, 0)
        expect(await appendBatches(disk, batches, gaps)).toBe(total)
        disk.crash()
        expect(await numbersOn(disk)).toEqual([...Array(total).keys()])
      }),
      { numRuns: 60 },
    )
  })

  it('after a crash at any point has a prefix that holds all it had reported', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        pauses,
        fc.integer({ min: 2, max: 25 }),
        fc.func(fc.double({ min: 0, max: 1, noNaN: true })),
        async (batches, gaps, at, part) => {
          const disk = new MemoryDisk()
          disk.fault = (_operation, _path, number) => (number > 2 && number === at ? 'crash' : null)
          const durable = await appendBatches(disk, batches, gaps)
          let calls = 0
          disk.crash((length) => Math.round(part(calls++) * length))
          const numbers = await numbersOn(disk)
          expect(numbers).toEqual([...Array(numbers.length).keys()])
          expect(numbers.length).toBeGreaterThanOrEqual(durable)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('on a full disk fails everybody from there on and leaves whole lines only', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, pauses, fc.integer({ min: 3, max: 20 }), async (batches, gaps, at) => {
        const disk = new MemoryDisk()
        disk.fault = (operation, _path, number) => (number >= at && operation === 'write' ? 'ENOSPC' : null)
        const durable = await appendBatches(disk, batches, gaps)
        const read = decodeJournal((await textOn(disk, PATH)) ?? '')
        expect(read.damaged).toBeNull()
        expect(read.events).toHaveLength(durable)
      }),
      { numRuns: 60 },
    )
  })

  it('says why, with a code', async () => {
    const disk = new MemoryDisk()
    const journal = await openJournal(disk, PATH)
    disk.fault = () => 'ENOSPC'
    const failure = { data: { code: 'DISK_FULL', where: PATH } }
    await expect(journal.append([event(0)])).rejects.toMatchObject(failure)
    disk.fault = () => null
    await expect(journal.append([event(1)])).rejects.toMatchObject(failure)
    await journal.close()
  })

  it('writes what arrives during a write as one batch', async () => {
    const disk = new MemoryDisk()
    let syncs = 0
    disk.fault = (operation) => {
      if (operation === 'sync') syncs++
      return null
    }
    const journal = await openJournal(disk, PATH)
    await Promise.all(Array.from({ length: 100 }, (_, n) => journal.append([event(n)])))
    expect(syncs).toBe(2)
    expect(await numbersOn(disk)).toHaveLength(100)
  })

  it('carries on after short writes', async () => {
    const disk = new MemoryDisk()
    disk.fault = (operation) => (operation === 'write' ? 'short' : null)
    expect(await appendBatches(disk, [3, 2], [])).toBe(5)
    expect(await numbersOn(disk)).toEqual([0, 1, 2, 3, 4])
  })

  it('waits for what is in flight when it closes, then refuses', async () => {
    const disk = new MemoryDisk()
    const journal = await openJournal(disk, PATH)
    const pending = journal.append([event(0)])
    await journal.close()
    await pending
    await expect(journal.append([event(1)])).rejects.toThrow()
    expect(await numbersOn(disk)).toEqual([0])
  })
})

const tiny = mountTiny()

function system(tool: string, ...args: readonly string[]): void {
  execFileSync(tool, args, { stdio: 'ignore' })
}

/** A file system of 64 kB, where this user may mount one; else null. */
function mountTiny(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  const folder = mkdtempSync(join(tmpdir(), 'dagwright-tiny-'))
  try {
    system('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder)
    return folder
  } catch {
    rmdirSync(folder)
    return null
  }
}

it.skipIf(tiny === null)('survives a disk that is really full', async () => {
  const path = join(tiny!, 'journal.ndjson')
  try {
    const journal = await openJournal(nodeDisk, path)
    let durable = 0
    const fill = async () => {
      for (let n = 0; n < 5000; n++) {
        await journal.append([event(n)])
        durable++
      }
    }
    await expect(fill()).rejects.toMatchObject({ data: { code: 'DISK_FULL', where: path } })
    await journal.close()
    const read = decodeJournal(await readFile(path))
    expect(read.damaged).toBeNull()
    expect(read.events).toHaveLength(durable)
    expect(durable).toBeGreaterThan(10)
  } finally {
    system('umount', tiny!)
    await rm(tiny!, { recursive: true })
  }
})

it('appends to a real file after what it holds', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dagwright-journal-'))
  const path = join(folder, 'journal.ndjson')
  for (const start of [0, 5]) {
    const journal = await openJournal(nodeDisk, path)
    await Promise.all([0, 1, 2, 3, 4].map((at) => journal.append([event(start + at)])))
    await journal.close()
  }
  const bytes = await readFile(path)
  expect(decodeJournal(Buffer.from(bytes)).events.map((one) => one.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  await rm(folder, { recursive: true })
})
