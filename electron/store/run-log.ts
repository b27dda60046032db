import type { LogChunk } from '#shared/contract/data.ts'
import type { Disk, DiskFile } from './disk.ts'

/**
 * Reads logs in the format of shared/journal/log-line.ts: `MICROS TAG TEXT\n`, where the tags `O` and `E` say that the line goes
 * on in the stream's next record, and a note `cut BYTES` stands where the cap left the middle out.
 */
type Stream = LogChunk['lines'][number]['stream']

interface LogRecord {
  readonly t: number
  readonly stream: Stream
  readonly open: boolean
  readonly text: string
  /** Offsets in the chunk, in bytes. */
  readonly start: number
  readonly end: number
}

interface OpenLine {
  readonly t: number
  readonly start: number
  text: string
}

/** A line that stays open longer than this many bytes of log is shown as far as it is. */
const LONGEST_WAIT = 64 * 1024

export type ReadLog = (path: string, after: number, limit: number, ended: boolean) => Promise<LogChunk>

/** Logs whose cuts are remembered, for readers that come again. */
const MOST_REMEMBERED = 100
/** Bytes read at once while looking for cuts. */
const PORTION = 1024 * 1024

/**
 * Reads lines from byte `after`, about `limit` bytes of log. `next` is where an open line begins, so that it is read again
 * when it is whole. `end`: everything was read and the attempt writes no more (`ended`). `omitted` counts from the log's
 * beginning up to `next`. No file: an empty chunk.
 */
export function logReader(disk: Disk): ReadLog {
  const cuts = new Map<string, { readonly upTo: number; readonly omitted: number }>()
  return async (path, after, limit, ended) => {
    const entry = await disk.stat(path)
    if (entry === null) return { lines: [], next: after, omitted: 0, end: ended }
    const file = await disk.open(path, 'read')
    try {
      const known = cuts.get(path)
      const before = known?.upTo === after ? known.omitted : await cutBefore(file, Math.min(after, await file.size()))
      const chunk = await readChunk(file, after, limit, ended)
      const omitted = before + chunk.omitted
      cuts.delete(path)
      cuts.set(path, { upTo: chunk.next, omitted })
      if (cuts.size > MOST_REMEMBERED) cuts.delete(cuts.keys().next().value!)
      return { ...chunk, omitted }
    } finally {
      await file.close()
    }
  }
}

async function readChunk(file: DiskFile, after: number, limit: number, ended: boolean): Promise<LogChunk> {
  let length = Math.max(1, limit)
  for (;;) {
    const size = await file.size()
    const from = Math.min(Math.max(0, after), size)
    const bytes = await file.read(from, Math.min(length, size - from))
    const atEnd = from + bytes.length >= size
    const chunk = chunkOf(Buffer.from(bytes), from, atEnd && ended, atEnd)
    if (chunk.next > from || atEnd) return chunk
    length *= 2
  }
}

/** Bytes that cuts before `end` left out, for a reader that takes a log up in its middle. */
async function cutBefore(file: DiskFile, end: number): Promise<number> {
  let omitted = 0
  let rest = ''
  for (let at = 0; at < end; at += PORTION) {
    const bytes = await file.read(at, Math.min(PORTION, end - at))
    const text = rest + Buffer.from(bytes).toString('latin1')
    const whole = text.lastIndexOf('\n') + 1
    for (const match of text.slice(0, whole).matchAll(/^-?\d+ n cut (\d+)$/gm)) omitted += Number(match[1])
    rest = text.slice(whole)
  }
  return omitted
}

function chunkOf(bytes: Buffer, from: number, final: boolean, atEnd: boolean): LogChunk {
  const lines: LogChunk['lines'] = []
  const open = new Map<Stream, OpenLine>()
  let omitted = 0
  let end = 0
  /** How many lines, and up to where, are certain not to be read again. */
  let settled = { lines: 0, end: 0, omitted: 0 }
  for (const record of recordsOf(bytes, final)) {
    end = record.end
    const begun = open.get(record.stream)
    if (record.open) {
      if (begun === undefined) open.set(record.stream, { t: record.t, start: record.start, text: record.text })
      else begun.text += record.text
    } else {
      open.delete(record.stream)
      omitted += cutBytes(record)
      lines.push({ t: begun?.t ?? record.t, stream: record.stream, text: (begun?.text ?? '') + record.text })
    }
    if (open.size === 0) settled = { lines: lines.length, end, omitted }
  }
  const force = final || end - settled.end > LONGEST_WAIT
  if (open.size === 0 || force) {
    for (const [stream, line] of open) lines.push({ t: line.t, stream, text: line.text })
    return { lines, next: from + end, omitted, end: final && atEnd }
  }
  return { lines: lines.slice(0, settled.lines), next: from + settled.end, omitted: settled.omitted, end: false }
}

function* recordsOf(bytes: Buffer, final: boolean): Generator<LogRecord> {
  let start = 0
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start)
    if (newline < 0 && !final) return
    const end = newline < 0 ? bytes.length : newline
    yield recordOf(bytes.toString('utf8', start, end), start, Math.min(bytes.length, end + 1))
    start = end + 1
  }
}

/** A line in no known form (a torn write, a foreign file) is shown as a note rather than dropped. */
function recordOf(line: string, start: number, end: number): LogRecord {
  const match = /^(-?\d+) ([oOeEn]) ?/.exec(line)
  if (match === null) return { t: 0, stream: 'note', open: false, text: line, start, end }
  const tag = match[2]!
  const stream = tag === 'n' ? 'note' : tag.toLowerCase() === 'o' ? 'out' : 'err'
  return {
    t: Number(match[1]),
    stream,
    open: tag === 'O' || tag === 'E',
    text: line.slice(match[0].length),
    start,
    end,
  }
}

function cutBytes(record: LogRecord): number {
  const cut = record.stream === 'note' ? /^cut (\d+)$/.exec(record.text) : null
  return cut === null ? 0 : Number(cut[1])
}
