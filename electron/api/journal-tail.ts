import { type FileHandle, open } from 'node:fs/promises'
import { beginDecoding, decodeSome, type JournalCursor } from '#shared/journal/codec.ts'
import type { JournalEvent } from '#shared/journal/event.ts'

const PORTION_BYTES = 256 * 1024

/**
 * Reads a journal that is still being written, a portion at a time: memory does not depend on its length. Lines are
 * ASCII, so a cut at any byte is between characters.
 */
export class JournalTail {
  readonly #path: string
  #file: FileHandle | null = null
  #position = 0
  /** The beginning of a line whose end has not been read yet. */
  #rest = ''
  #cursor: JournalCursor = beginDecoding()

  constructor(path: string) {
    this.#path = path
  }

  /** The next events, at least one unless the journal has no further whole line now. */
  async read(): Promise<JournalEvent[]> {
    this.#file ??= await open(this.#path, 'r')
    const events: JournalEvent[] = []
    const buffer = Buffer.allocUnsafe(PORTION_BYTES)
    while (events.length === 0) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#position)
      if (bytesRead === 0) return events
      this.#position += bytesRead
      const text = this.#rest + buffer.toString('latin1', 0, bytesRead)
      const whole = text.lastIndexOf('\n') + 1
      this.#rest = text.slice(whole)
      this.#cursor.offset = 0
      decodeSome(text.slice(0, whole), this.#cursor, Number.POSITIVE_INFINITY, events)
      if (this.#cursor.damaged) return events
    }
    return events
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = null
  }
}
