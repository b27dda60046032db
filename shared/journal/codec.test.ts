import { Buffer } from 'node:buffer'
import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beginDecoding, decodeJournal, decodeSome, encode } from './codec.ts'
import type { JournalEvent } from './event.ts'
import { anyBody, headerFor, journalOf } from './journal.testing.ts'

const TASKS = ['extract', 'clean', '__proto__', 'größe 失敗']

const anyJournal = fc
  .array(anyBody(TASKS), { maxLength: 12 })
  .map((bodies) => journalOf(headerFor(TASKS, { name: 'Flüge ✈\u2028' }), ...bodies))

function textOf(events: readonly JournalEvent[]): string {
  return events.map(encode).join('')
}

/** As JSON writes it: what a journal can hold. */
function plain(events: readonly JournalEvent[]): unknown {
  return JSON.parse(JSON.stringify(events))
}

describe('a journal line', () => {
  it('is ASCII, ends in a newline and carries the CRC-32 that zlib computes', () => {
    fc.assert(
      fc.property(anyJournal, (events) => {
        for (const event of events) {
          const line = encode(event)
          expect(line).toMatch(/^[\x20-\x7e]+\n$/)
          const at = line.lastIndexOf(',"crc":')
          expect(Number(line.slice(at + 7, -2))).toBe(zlibCrc32(`${line.slice(0, at)}}`))
          expect(JSON.parse(line)).toMatchObject({ n: event.n, type: event.type })
        }
      }),
      { numRuns: 60 },
    )
  })

  it('comes back as it was, from text and from bytes', () => {
    fc.assert(
      fc.property(anyJournal, (events) => {
        const text = textOf(events)
        for (const journal of [text, Buffer.from(text, 'latin1')]) {
          const read = decodeJournal(journal)
          expect(read.damaged).toBeNull()
          expect(read.validBytes).toBe(text.length)
          expect(plain(read.events)).toEqual(plain(events))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('a journal cut at any byte', () => {
  it('reads as its whole lines and says where an append may continue', () => {
    const events = fc.sample(anyJournal, { seed: 7, numRuns: 20 }).findLast((one) => one.length > 8)!
    const bytes = Buffer.from(textOf(events), 'latin1')
    const ends = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const whole = ends.filter((end) => end <= cut)
      const read = decodeJournal(bytes.subarray(0, cut))
      expect(plain(read.events)).toEqual(plain(events.slice(0, whole.length)))
      expect(read.validBytes).toBe(whole.at(-1) ?? 0)
      const torn = read.validBytes !== cut
      expect(read.damaged).toEqual(torn ? { line: whole.length + 1, reason: 'truncated' } : null)
    }
  })

  it('never gives an event that was not written, whichever single byte is changed', () => {
    const events = journalOf(
      headerFor(['a']),
      { type: 'queued', task: 'a', index: null },
      { type: 'cancel', kill: true },
    )
    const bytes = Buffer.from(textOf(events), 'latin1')
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const changed = Buffer.from(bytes)
        changed[at] = changed[at]! ^ flip
        const read = decodeJournal(changed)
        expect(read.damaged).not.toBeNull()
        expect(plain(read.events)).toEqual(plain(events.slice(0, read.events.length)))
      }
    }
  })
})

describe('a journal that is not sound', () => {
  const header = headerFor(['a'])
  const queued = { type: 'queued', task: 'a', index: null } as const

  it('is refused where a number is missing or comes twice', () => {
    const [first, second, third] = journalOf(header, queued, queued)
    expect(decodeJournal(textOf([first!, third!])).damaged).toEqual({ line: 2, reason: 'order' })
    expect(decodeJournal(textOf([first!, second!, second!])).damaged).toEqual({ line: 3, reason: 'order' })
    expect(decodeJournal(textOf([second!])).damaged).toEqual({ line: 1, reason: 'order' })
  })

  it('says when it comes from a newer Dagwright', () => {
    const newer = { n: 0, t: 0, ...header, format: 2 } as unknown as JournalEvent
    expect(decodeJournal(encode(newer)).damaged).toEqual({ line: 1, reason: 'newer_format' })
    const [first] = journalOf(header)
    const unknown = { n: 1, t: 1, type: 'teleported' } as unknown as JournalEvent
    expect(decodeJournal(textOf([first!, unknown])).damaged).toEqual({ line: 2, reason: 'newer_format' })
  })

  it('never throws on anything', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array(), fc.string({ unit: 'binary' })), (junk) => {
        expect(decodeJournal(junk).events).toEqual([])
      }),
    )
    for (const line of ['null,"crc":1}\n', '{"n":0,"crc":3}\n', '\n', '}\n', ',"crc":0}\n']) {
      expect(decodeJournal(line).damaged).not.toBeNull()
    }
  })
})

it('decoding in portions gives the same as at once', () => {
  fc.assert(
    fc.property(anyJournal, fc.integer({ min: 1, max: 5 }), fc.nat(), (events, limit, cutAt) => {
      const whole = textOf(events)
      const text = whole.slice(0, cutAt % (whole.length + 1))
      const cursor = beginDecoding()
      const read: JournalEvent[] = []
      while (decodeSome(text, cursor, limit, read)) expect(cursor.offset).toBeLessThan(text.length)
      const expected = decodeJournal(text)
      expect(read).toEqual(expected.events)
      expect(cursor.damaged).toEqual(expected.damaged)
    }),
  )
})
