import {
  closeSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AttemptLog, HEAD_BYTES, TAIL_BYTES } from './log.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dagwright-log-'))
  path = join(folder, 'attempt.log')
})
afterEach(() => rmSync(folder, { recursive: true }))

function records(): { t: number; tag: string; text: string }[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const match = /^(\d+) ([oOeEn]) (.*)$/s.exec(line)
      if (match === null) throw new Error(`Not a record: ${JSON.stringify(line)}`)
      return { t: Number(match[1]), tag: match[2]!, text: match[3]! }
    })
}

/** What a reader makes of the records: the text of each stream. */
function streams(): { o: string; e: string } {
  const text = { o: '', e: '' }
  for (const record of records()) {
    if (record.tag === 'n') continue
    const stream = record.tag.toLowerCase() as 'o' | 'e'
    text[stream] += record.text + (record.tag === stream ? '\n' : '')
  }
  return text
}

test('streams are tagged in order of arrival, an unfinished line goes on in the next record of its stream', async () => {
  let t = 0
  const log = new AttemptLog(path, () => t, [])
  log.write('out', Buffer.from('one\ntwo'))
  t = 5
  log.write('err', Buffer.from('bad\r\n'))
  t = 9
  log.write('out', Buffer.from(' and a half\nlast'))
  log.note('a remark')
  expect(await log.close()).toBeNull()
  expect(records()).toEqual([
    { t: 0, tag: 'o', text: 'one' },
    { t: 5, tag: 'O', text: 'two' },
    { t: 5, tag: 'e', text: 'bad' },
    { t: 9, tag: 'o', text: ' and a half' },
    { t: 9, tag: 'O', text: 'last' },
    { t: 9, tag: 'n', text: 'a remark' },
  ])
})

test('any bytes in any chunks come back as their text', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n', ' '), maxLength: 60 }),
      fc.array(fc.tuple(fc.nat({ max: 9 }), fc.boolean()), { maxLength: 60 }),
      async (text, cuts) => {
        // A silent attempt makes no file.
        writeFileSync(path, '')
        const log = new AttemptLog(path, () => 1, [])
        const bytes = Buffer.from(text)
        let at = 0
        for (const [size, stale] of cuts) {
          log.write('out', bytes.subarray(at, at + size))
          log.write('err', Buffer.from('x\n'))
          if (stale) log.flushStale()
          at = Math.min(bytes.length, at + size)
        }
        log.write('out', bytes.subarray(at))
        await log.close()
        const got = streams().o
        expect(got === text || got === `${text}\n`).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
})

test('bytes that are not UTF-8 become U+FFFD', async () => {
  const log = new AttemptLog(path, () => 0, [])
  log.write('out', Buffer.from([0x61, 0xff, 0x62, 0x0a]))
  await log.close()
  expect(records()).toEqual([{ t: 0, tag: 'o', text: 'a�b' }])
})

test('head and tail are kept, the cut is marked and counts what is missing', async () => {
  const log = new AttemptLog(path, () => 7, [])
  const lines = 2_000_000
  let chunk = ''
  let total = 0
  for (let line = 0; line < lines; line += 1) {
    chunk += `line ${line}\n`
    if (chunk.length > 60_000 || line === lines - 1) {
      total += chunk.length
      log.write(line % 3 === 0 ? 'err' : 'out', Buffer.from(chunk))
      chunk = ''
    }
  }
  await log.close()
  const all = records()
  expect(all[0]!.text).toBe('line 0')
  expect(all.at(-1)!.text).toBe(`line ${lines - 1}`)
  const size = statSync(path).size
  expect(size).toBeLessThan(HEAD_BYTES + TAIL_BYTES + 1000)
  expect(size).toBeGreaterThan(HEAD_BYTES + TAIL_BYTES / 2)
  const cut = all.findIndex((record) => /^cut \d+$/.test(record.text))
  const omitted = Number(/\d+/.exec(all[cut]!.text)![0])
  const kept = all.filter((record) => record.tag !== 'n').reduce((sum, record) => sum + record.text.length + 1, 0)
  expect(kept + omitted).toBe(total)
  const numbers = all.filter((record) => record.tag !== 'n').map((record) => Number(record.text.slice(5)))
  const after = numbers.findIndex((number, at) => at > 0 && number !== numbers[at - 1]! + 1)
  expect(numbers.slice(after).every((number, at) => number === numbers[after]! + at)).toBe(true)
})

test('a log between head and cap loses nothing', async () => {
  const log = new AttemptLog(path, () => 1, [])
  const line = `${'x'.repeat(99)}\n`
  for (let at = 0; at < 55_000; at += 1) log.write('out', Buffer.from(line))
  await log.close()
  expect(records().filter((record) => record.tag === 'o')).toHaveLength(55_000)
  expect(records().some((record) => record.text.startsWith('cut '))).toBe(false)
})

test('a line without end is written in pieces', async () => {
  const log = new AttemptLog(path, () => 1, [])
  for (let at = 0; at < 10; at += 1) log.write('out', Buffer.from('y'.repeat(50_000)))
  await log.close()
  expect(streams().o.trimEnd() === 'y'.repeat(500_000)).toBe(true)
  expect(records().length).toBeGreaterThan(3)
})

test('a log that cannot be written says why and does not throw', async () => {
  const log = new AttemptLog(join(folder, 'missing', 'x.log'), () => 0, [])
  log.write('out', Buffer.from('text\n'))
  expect(await log.close()).toMatch(/ENOENT/)
})

test.runIf(process.platform === 'linux')('a disk that fails at the very last is told, not thrown', async () => {
  const log = new AttemptLog(path, () => 0, [])
  log.note('begun')
  const isLog = (file: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${file}`) === path
    } catch {
      return false
    }
  }
  const opened = () => readdirSync('/proc/self/fd').find(isLog)
  while (opened() === undefined) await new Promise((resolve) => setTimeout(resolve, 1))
  closeSync(Number(opened()))
  expect(await log.close()).toContain('EBADF')
})
