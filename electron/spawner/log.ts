import { closeSync, open, writeSync } from 'node:fs'
import type { LogTag } from '#shared/journal/log-line.ts'
import type { Micros } from '#shared/model/time.ts'
import { createMasker, type Masker } from './mask.ts'

/** Bytes of the log file kept from its beginning and from its end; what lies between is cut. */
export const HEAD_BYTES = 4 * 1024 * 1024
export const TAIL_BYTES = 4 * 1024 * 1024
/** A line longer than this is written in pieces (tags `O` and `E`). */
const LONGEST_PIECE = 64 * 1024
const SMALL_BLOCK = 4096
const ERROR_TAIL_BYTES = 2048

export type Stream = 'out' | 'err'

interface StreamState {
  readonly tag: 'o' | 'e'
  readonly openTag: 'O' | 'E'
  readonly masker: Masker
  /** The beginning of a line whose end has not come; masked. */
  partial: Buffer
  /** Whether `partial` grew since the last `flushStale`. */
  fresh: boolean
}

interface Block {
  readonly t: Micros
  /** null: `text` is in the file's format already. */
  readonly tag: LogTag | null
  /** Whole lines, each with its line feed. */
  readonly text: Buffer
}

/**
 * Writes one attempt's log in the format of `electron/engine/ports.ts`: secrets masked, streams tagged, in order of
 * arrival, head and tail kept. Memory is bounded by the tail. Writes are synchronous on purpose: they run in a process
 * that has nothing else to do, and hold a too talkative task back. Making the file is not: that may wait for the disk's
 * own journal. It is made for the first line: a silent attempt has none. A failing disk loses the log, never the task.
 */
export class AttemptLog {
  private readonly path: string
  private file: number | null = null
  /** null: nothing was to be written yet. */
  private opened: Promise<void> | null = null
  /** Records that came before the file was there; null from then on. */
  private early: Buffer[] | null = []
  private problem: string | null = null
  private written = 0
  private overflowed = false
  private tail: Block[] = []
  private small: Buffer[] = []
  private smallBytes = 0
  private tailBytes = 0
  private omitted = 0
  private errorTailBytes: Buffer = Buffer.alloc(0)
  private readonly clock: () => Micros
  private readonly streams: Readonly<Record<Stream, StreamState>>

  constructor(path: string, clock: () => Micros, secrets: readonly string[]) {
    this.path = path
    this.clock = clock
    this.streams = {
      out: { tag: 'o', openTag: 'O', masker: createMasker(secrets), partial: Buffer.alloc(0), fresh: false },
      err: { tag: 'e', openTag: 'E', masker: createMasker(secrets), partial: Buffer.alloc(0), fresh: false },
    }
  }

  write(stream: Stream, chunk: Buffer): void {
    const state = this.streams[stream]
    const masked = state.masker.push(chunk)
    if (masked.length > 0) this.accept(stream, masked)
  }

  /** A remark of Dagwright's own, one line. */
  note(text: string): void {
    this.flushPartial('out')
    this.flushPartial('err')
    this.put({ t: this.clock(), tag: 'n', text: Buffer.from(`${text.replaceAll('\n', ' ')}\n`) })
  }

  /** Writes beginnings of lines (a prompt, a progress bar) that have waited since the last call. */
  flushStale(): void {
    for (const stream of ['out', 'err'] as const) {
      const state = this.streams[stream]
      if (state.partial.length > 0 && !state.fresh) this.flushPartial(stream)
      state.fresh = false
    }
  }

  /** Whether there was anything to write. */
  get begun(): boolean {
    return this.opened !== null
  }

  /** The last bytes of standard error, masked. */
  errorTail(): string {
    return this.errorTailBytes.toString()
  }

  /** Writes what was held back. Resolves to why the log is incomplete, or null. */
  async close(): Promise<string | null> {
    for (const stream of ['out', 'err'] as const) {
      const rest = this.streams[stream].masker.end()
      if (rest.length > 0) this.accept(stream, rest)
      this.endLine(stream)
    }
    this.writeTail()
    await this.opened
    this.closeFile()
    return this.problem
  }

  private accept(stream: Stream, masked: Buffer): void {
    const state = this.streams[stream]
    this.flushPartial(stream === 'out' ? 'err' : 'out')
    if (stream === 'err') this.keepErrorTail(masked)
    const text = state.partial.length === 0 ? masked : Buffer.concat([state.partial, masked])
    const lastLineFeed = text.lastIndexOf(0x0a)
    if (lastLineFeed >= 0) this.put({ t: this.clock(), tag: state.tag, text: text.subarray(0, lastLineFeed + 1) })
    state.partial = Buffer.from(text.subarray(lastLineFeed + 1))
    state.fresh = true
    if (state.partial.length > LONGEST_PIECE) this.flushPartial(stream)
  }

  private flushPartial(stream: Stream): void {
    const state = this.streams[stream]
    const end = completeCharacters(state.partial)
    if (end === 0) return
    const text = Buffer.concat([state.partial.subarray(0, end), Buffer.from('\n')])
    this.put({ t: this.clock(), tag: state.openTag, text })
    state.partial = Buffer.from(state.partial.subarray(end))
  }

  private endLine(stream: Stream): void {
    const state = this.streams[stream]
    if (state.partial.length === 0) return
    const text = Buffer.concat([state.partial, Buffer.from('\n')])
    this.put({ t: this.clock(), tag: state.tag, text })
    state.partial = Buffer.alloc(0)
  }

  private keepErrorTail(masked: Buffer): void {
    const joined = Buffer.concat([this.errorTailBytes, masked.subarray(-ERROR_TAIL_BYTES)])
    this.errorTailBytes = Buffer.from(joined.subarray(-ERROR_TAIL_BYTES))
  }

  private put(block: Block): void {
    const records = this.overflowed ? null : format(block)
    if (records === null) this.keep(block)
    else if (this.written + records.length <= HEAD_BYTES) this.append(records)
    else this.overflow(block, records)
  }

  /** The head is full: `records` (the block's own) fill it up, the rest of the block begins the tail. */
  private overflow(block: Block, records: Buffer): void {
    this.overflowed = true
    const room = Math.max(0, HEAD_BYTES - this.written)
    const fitting = records.subarray(0, room === 0 ? 0 : records.lastIndexOf(0x0a, room - 1) + 1)
    this.append(fitting)
    const note = Buffer.from('The first 4 MiB end here; up to 4 MiB of what comes last follow when the task ends.\n')
    this.append(format({ t: block.t, tag: 'n', text: note }))
    this.keep({ ...block, text: skipLines(block.text, countLineFeeds(fitting)) })
  }

  /**
   * Large blocks stay as they came: most of them will be dropped, so formatting them would be in vain. Small ones are
   * formatted and gathered, because an object for each would weigh more than its text.
   */
  private keep(block: Block): void {
    if (block.text.length === 0) return
    if (block.text.length < SMALL_BLOCK) {
      const records = format(block)
      this.small.push(records)
      this.smallBytes += records.length
      if (this.smallBytes >= LONGEST_PIECE) this.gatherSmall()
      return
    }
    this.gatherSmall()
    // A copy: the buffers of a pipe are slices of larger ones, which would stay alive with them.
    this.push({ ...block, text: Buffer.from(block.text) })
  }

  private gatherSmall(): void {
    if (this.smallBytes === 0) return
    this.push({ t: 0, tag: null, text: Buffer.concat(this.small) })
    this.small = []
    this.smallBytes = 0
  }

  private push(block: Block): void {
    this.tail.push(block)
    this.tailBytes += block.text.length
    while (this.tailBytes - this.tail[0]!.text.length > TAIL_BYTES) {
      const dropped = this.tail.shift()!
      this.tailBytes -= dropped.text.length
      this.omitted += textBytes(dropped)
    }
  }

  private writeTail(): void {
    if (!this.overflowed) return
    this.gatherSmall()
    const kept: Buffer[] = []
    let room = TAIL_BYTES
    while (this.tail.length > 0 && room > 0) {
      const block = this.tail.pop()!
      const records = format(block)
      const from = records.length <= room ? 0 : records.indexOf(0x0a, records.length - room - 1) + 1
      if (from > 0) this.omitted += textBytes({ t: 0, tag: null, text: records.subarray(0, from) })
      kept.push(records.subarray(from))
      room = from > 0 ? 0 : room - records.length
    }
    for (const block of this.tail) this.omitted += textBytes(block)
    this.tail = []
    if (this.omitted > 0) {
      this.append(format({ t: this.clock(), tag: 'n', text: Buffer.from(`cut ${this.omitted}\n`) }))
    }
    this.append(Buffer.concat(kept.reverse()))
  }

  private open(): Promise<void> {
    return new Promise((resolve) => {
      open(this.path, 'w', (error, file) => {
        if (error === null) this.begin(file)
        else this.fail(error)
        resolve()
      })
    })
  }

  private begin(file: number): void {
    this.file = file
    const early = this.early ?? []
    this.early = null
    for (const records of early) this.writeOut(records)
  }

  private append(records: Buffer): void {
    this.opened ??= this.open()
    this.written += records.length
    if (this.early === null) this.writeOut(records)
    else this.early.push(records)
  }

  private writeOut(records: Buffer): void {
    if (this.file === null) return
    try {
      for (let at = 0; at < records.length; ) at += writeSync(this.file, records, at)
    } catch (error) {
      this.fail(error)
    }
  }

  private fail(error: unknown): void {
    // The first failure is the one worth telling.
    this.problem ??= error instanceof Error ? error.message : String(error)
    this.early = null
    this.closeFile()
  }

  /** What a network disk could not take in time it says only now. */
  private closeFile(): void {
    const { file } = this
    this.file = null
    try {
      if (file !== null) closeSync(file)
    } catch (error) {
      this.fail(error)
    }
  }
}

/** Whole lines to records of the file; decoding replaces what is not UTF-8. */
function format(block: Block): Buffer {
  if (block.tag === null) return block.text
  const prefix = `${block.t} ${block.tag} `
  const text = block.text.toString('utf8').slice(0, -1).replaceAll('\r\n', '\n').replace(/\r$/, '')
  return Buffer.from(`${prefix}${text.replaceAll('\n', `\n${prefix}`)}\n`)
}

/** Bytes of a task's own text in a block. */
function textBytes(block: Block): number {
  if (block.tag !== null) return block.text.length
  let bytes = 0
  for (const record of block.text.toString('utf8').split('\n').slice(0, -1)) {
    const textFrom = record.indexOf(' ', record.indexOf(' ') + 1) + 1
    bytes += Buffer.byteLength(record) - textFrom + 1
  }
  return bytes
}

function countLineFeeds(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count += 1
  return count
}

function skipLines(text: Buffer, lines: number): Buffer {
  let at = 0
  for (let line = 0; line < lines; line += 1) at = text.indexOf(0x0a, at) + 1
  return text.subarray(at)
}

/** Length of the longest beginning that does not end inside a UTF-8 character. */
function completeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return length > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}
