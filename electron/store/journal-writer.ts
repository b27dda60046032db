import { encode } from '#shared/journal/codec.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { type Disk, type DiskFile, writeAll } from './disk.ts'

/**
 * Appends events to a journal with group commit: one synced write in flight; what arrives meanwhile is the next
 * batch. A batch that fails is cut off again (the disk may have taken part of it) and fails everybody in it; after that
 * the writer refuses, because a later event must not stand where an earlier one is missing.
 */
export interface JournalWriter {
  /** Resolves once these events and all before them are durable. */
  append(events: readonly JournalEvent[]): Promise<void>
  /** Waits for what is in flight. */
  close(): Promise<void>
}

interface Waiting {
  readonly lines: string
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** `path` is created when missing; appends after what it holds. */
export async function openJournal(disk: Disk, path: string): Promise<JournalWriter> {
  const file = await disk.open(path, 'synced')
  return writerOn(file, await file.size())
}

function writerOn(file: DiskFile, start: number): JournalWriter {
  let size = start
  let waiting: Waiting[] = []
  let busy: Promise<void> | null = null
  let failed: { readonly error: unknown } | null = null
  let closed = false

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      if (failed === null) await commit(batch)
      const outcome = failed
      for (const one of batch) outcome === null ? one.resolve() : one.reject(outcome.error)
    }
    busy = null
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    const bytes = Buffer.from(batch.map((one) => one.lines).join(''), 'latin1')
    try {
      await writeAll(file, bytes)
      size += bytes.length
    } catch (error) {
      failed = { error }
      await file.truncate(size).catch(() => undefined)
    }
  }

  return {
    append(events) {
      if (closed) return Promise.reject(new Error('The journal is closed.'))
      if (failed !== null) return Promise.reject(failed.error)
      const lines = events.map(encode).join('')
      return new Promise((resolve, reject) => {
        waiting.push({ lines, resolve, reject })
        busy ??= drain()
      })
    },
    async close() {
      closed = true
      await busy
      await file.close()
    },
  }
}
