import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LogChunk } from '#shared/contract/data.ts'
import { writeAtomic } from './atomic-write.ts'
import { MemoryDisk } from './memory-disk.testing.ts'
import { logReader } from './run-log.ts'

type Line = LogChunk['lines'][number]
const STREAMS = { o: 'out', e: 'err', n: 'note' } as const

async function diskWith(log: string | Uint8Array): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  await writeAtomic(disk, '/a.log', log)
  return disk
}

/** Follows the log as a watcher does, until nothing more comes. */
async function readAll(disk: MemoryDisk, limit: number): Promise<{ lines: Line[]; omitted: number }> {
  const lines: Line[] = []
  let omitted = 0
  let after = 0
  const readLog = logReader(disk)
  for (;;) {
    const chunk = await readLog('/a.log', after, limit, true)
    lines.push(...chunk.lines)
    omitted = chunk.omitted
    // A reader that takes the log up here knows the same.
    expect((await logReader(disk)('/a.log', chunk.next, limit, true)).omitted).toBeGreaterThanOrEqual(omitted)
    if (chunk.end) return { lines, omitted }
    expect(chunk.next).toBeGreaterThan(after)
    after = chunk.next
  }
}

interface Written {
  readonly tag: 'o' | 'e' | 'n'
  readonly parts: readonly string[]
}

const text = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '失', '\u001b[31m', '\r', 'O', '1') })
const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({
    tag: fc.constantFrom('o' as const, 'e' as const),
    parts: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ tag: fc.constant('n' as const), parts: text.map((one) => [one]) }),
)

/** Weaves the streams' records as their order of arrival might; returns the log and the lines in order of their ends. */
function weave(lines: readonly Written[], turns: readonly boolean[]): { log: string; expected: Line[] } {
  const queues = {
    o: [] as { line: Written; part: number }[],
    e: [] as { line: Written; part: number }[],
    n: [] as { line: Written; part: number }[],
  }
  for (const line of lines) for (const part of line.parts.keys()) queues[line.tag].push({ line, part })
  const expected: Line[] = []
  const begun = new Map<Written, number>()
  let log = ''
  for (let t = 0; queues.o.length + queues.e.length + queues.n.length > 0; t++) {
    const tags = (['o', 'e', 'n'] as const).filter((tag) => queues[tag].length > 0)
    const tag = tags[turns[t % Math.max(1, turns.length)] ? tags.length - 1 : 0]!
    const { line, part } = queues[tag].shift()!
    const last = part === line.parts.length - 1
    if (!begun.has(line)) begun.set(line, t)
    log += `${t} ${last ? tag : tag.toUpperCase()} ${line.parts[part]}\n`
    if (last) expected.push({ t: begun.get(line)!, stream: STREAMS[tag], text: line.parts.join('') })
  }
  return { log, expected }
}

describe('a log', () => {
  it('reads the same in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { maxLength: 12 }),
        fc.array(fc.boolean(), { maxLength: 7 }),
        fc.integer({ min: 1, max: 60 }),
        async (lines, turns, limit) => {
          const { log, expected } = weave(lines, turns)
          expect((await readAll(await diskWith(log), limit)).lines).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('can be read while it is written, at any byte, without losing or repeating a line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { maxLength: 6 }),
        fc.array(fc.boolean(), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 6 }),
        async (lines, turns, cuts) => {
          const { log, expected } = weave(lines, turns)
          const bytes = Buffer.from(log)
          const found: Line[] = []
          let after = 0
          for (const cut of [...cuts.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
            const chunk = await logReader(await diskWith(bytes.subarray(0, cut)))('/a.log', after, 10_000, false)
            expect(chunk.end).toBe(false)
            found.push(...chunk.lines)
            after = chunk.next
          }
          expect(found).toEqual(expected)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('that does not exist is empty, and has an end only when the attempt has', async () => {
    const disk = new MemoryDisk()
    expect(await logReader(disk)('/none.log', 0, 100, false)).toEqual({ lines: [], next: 0, omitted: 0, end: false })
    expect((await logReader(disk)('/none.log', 0, 100, true)).end).toBe(true)
  })

  it('says what its cap left out', async () => {
    const disk = await diskWith('1 o head\n2 n cut 1048576\n3 o tail\n')
    expect(await readAll(disk, 9)).toEqual({
      lines: [
        { t: 1, stream: 'out', text: 'head' },
        { t: 2, stream: 'note', text: 'cut 1048576' },
        { t: 3, stream: 'out', text: 'tail' },
      ],
      omitted: 1048576,
    })
    const end = (await logReader(disk)('/a.log', 0, 1000, true)).next
    expect((await logReader(disk)('/a.log', end, 1000, true)).omitted).toBe(1048576)
  })

  it('shows a torn last line and lines of no known form', async () => {
    const disk = await diskWith('1 o fine\nwhat is this\n5 O open\n6 e half')
    expect((await readAll(disk, 1000)).lines).toEqual([
      { t: 1, stream: 'out', text: 'fine' },
      { t: 0, stream: 'note', text: 'what is this' },
      { t: 6, stream: 'err', text: 'half' },
      { t: 5, stream: 'out', text: 'open' },
    ])
  })

  it('does not wait for ever for the end of a line while others go on', async () => {
    const disk = await diskWith(`1 O prompt> \n${'2 e working\n'.repeat(10_000)}`)
    const chunk = await logReader(disk)('/a.log', 0, 1_000_000, false)
    expect(chunk.lines).toHaveLength(10_001)
  })

  it('beyond its end is empty', async () => {
    const disk = await diskWith('1 o x\n')
    expect((await logReader(disk)('/a.log', 9999, 10, true)).lines).toEqual([])
  })
})
