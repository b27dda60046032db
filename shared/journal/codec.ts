import { crc32 } from './crc32.ts'
import type { JournalBody, JournalEvent } from './event.ts'

/**
 * The journal's text: NDJSON, one event a line, every line closed by `,"crc":NUMBER}` and a newline. `crc` is the CRC-32 of
 * the line's JSON without it. Lines are ASCII (everything else is written `\uXXXX`), so one character is one byte and a
 * cut at any byte is a cut between characters.
 *
 * encode         an event as a line
 * decodeJournal  a whole journal, as far as it is sound
 * beginDecoding, decodeSome  the same in portions, for hosts that must not block
 */

/** Why reading stopped. `truncated`: the last line has no end: a crash, whose torn event was never reported durable. */
export interface JournalDamage {
  /** From 1. */
  readonly line: number
  readonly reason: 'truncated' | 'checksum' | 'syntax' | 'order' | 'newer_format'
}

export interface DecodedJournal {
  readonly events: readonly JournalEvent[]
  readonly damaged: JournalDamage | null
  /** Length of the sound beginning: where an append may continue after the rest was cut off. */
  readonly validBytes: number
}

export interface JournalCursor {
  /** Bytes read and found sound. */
  offset: number
  line: number
  lastNumber: number | null
  damaged: JournalDamage | null
}

const CRC_KEY = ',"crc":'
/** Of a 32-bit number. */
const MOST_DIGITS = 10

const TYPES: Readonly<Record<JournalBody['type'], true>> = {
  run: true,
  resumed: true,
  suspended: true,
  answered: true,
  expanded: true,
  queued: true,
  starting: true,
  started: true,
  finished: true,
  retrying: true,
  settled: true,
  cancel: true,
  capacity: true,
  marked: true,
  reset: true,
  satisfied: true,
  interpreter: true,
  inputs: true,
  ended: true,
}

/** The event's line, with its newline. */
export function encode(event: JournalEvent): string {
  const json = JSON.stringify(event).replace(/[\u0080-\uffff]/g, escaped)
  const end = json.length - 1
  return `${json.slice(0, end)}${CRC_KEY}${crc32(json, 0, end, '}')}}\n`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Reads up to the first thing that is not sound. Never throws. Bytes may be cut anywhere. */
export function decodeJournal(journal: string | Uint8Array): DecodedJournal {
  const text = typeof journal === 'string' ? journal : textOf(journal)
  const cursor = beginDecoding()
  const events: JournalEvent[] = []
  decodeSome(text, cursor, Number.POSITIVE_INFINITY, events)
  return { events, damaged: cursor.damaged, validBytes: cursor.offset }
}

export function beginDecoding(): JournalCursor {
  return { offset: 0, line: 0, lastNumber: null, damaged: null }
}

/** Appends at most `limit` events to `into` and moves the cursor. Returns false when there is no more to read. */
export function decodeSome(text: string, cursor: JournalCursor, limit: number, into: JournalEvent[]): boolean {
  for (let count = 0; count < limit; count++) {
    if (cursor.damaged !== null || cursor.offset >= text.length) return false
    const end = text.indexOf('\n', cursor.offset)
    cursor.line++
    const event = end < 0 ? 'truncated' : decodeLine(text, cursor.offset, end, cursor.lastNumber)
    if (typeof event === 'string') {
      cursor.damaged = { line: cursor.line, reason: event }
      return false
    }
    into.push(event)
    cursor.lastNumber = event.n
    cursor.offset = end + 1
  }
  return cursor.offset < text.length
}

function decodeLine(
  text: string,
  start: number,
  end: number,
  lastNumber: number | null,
): JournalEvent | JournalDamage['reason'] {
  const tail = startOfTail(text, start, end)
  if (tail < 0) return 'syntax'
  if (crc32(text, start, tail, '}') !== Number(text.slice(tail + CRC_KEY.length, end - 1))) return 'checksum'
  let event: JournalEvent
  try {
    event = JSON.parse(`${text.slice(start, tail)}}`)
  } catch {
    return 'syntax'
  }
  return faultOf(event, lastNumber) ?? event
}

/** Where `,"crc":NUMBER}` begins that ends the line at `end`; -1 where it does not end so. */
function startOfTail(text: string, start: number, end: number): number {
  if (text.charCodeAt(end - 1) !== 0x7d) return -1
  let at = end - 2
  const furthest = Math.max(start, at - MOST_DIGITS)
  while (at > furthest && isDigit(text.charCodeAt(at))) at--
  const tail = at - CRC_KEY.length + 1
  const digits = end - 2 - at
  // A number has one way to be written: no zeros in front.
  if (digits === 0 || (digits > 1 && text.charCodeAt(at + 1) === 0x30)) return -1
  return tail > start && text.startsWith(CRC_KEY, tail) ? tail : -1
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function faultOf(event: JournalEvent, lastNumber: number | null): JournalDamage['reason'] | null {
  if (!Number.isSafeInteger(event.n) || !Number.isFinite(event.t)) return 'syntax'
  if (!Object.hasOwn(TYPES, event.type)) return 'newer_format'
  if (event.type === 'run' && event.format !== 1) return 'newer_format'
  if (lastNumber === null ? event.type !== 'run' : event.n !== lastNumber + 1) return 'order'
  return null
}

/** Bytes as characters of the same number (a sound journal has ASCII only; the rest fails its checksum). */
function textOf(bytes: Uint8Array): string {
  const parts: string[] = []
  const step = 0x4000
  for (let at = 0; at < bytes.length; at += step) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + step)))
  }
  return parts.join('')
}
