import { turns } from '#electron/turns/turns.ts'
import { beginDecoding, decodeJournal, decodeSome, type JournalDamage } from '#shared/journal/codec.ts'
import type { JournalEvent, RunHeader } from '#shared/journal/event.ts'
import { type Disk, readWhole } from './disk.ts'

export interface ReadJournal {
  readonly events: readonly JournalEvent[]
  readonly damaged: JournalDamage | null
  readonly validBytes: number
}

/** About a millisecond's. */
const EVENTS_A_STEP = 250

/** Reads a journal in portions; null where there is none. `onPortion` sees the events as they are decoded. */
export async function readJournal(
  disk: Disk,
  path: string,
  onPortion: (events: readonly JournalEvent[]) => void = () => undefined,
): Promise<ReadJournal | null> {
  const bytes = await readWhole(disk, path)
  if (bytes === null) return null
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const cursor = beginDecoding()
  const events: JournalEvent[] = []
  const rest = turns()
  for (;;) {
    const portion: JournalEvent[] = []
    const more = decodeSome(text, cursor, EVENTS_A_STEP, portion)
    onPortion(portion)
    for (const event of portion) events.push(event)
    if (!more) return { events, damaged: cursor.damaged, validBytes: cursor.offset }
    await rest()
  }
}

/** Its first line alone; null where there is none that can be read. */
export async function readHeader(disk: Disk, path: string): Promise<RunHeader | null> {
  const bytes = await readWhole(disk, path)
  if (bytes === null) return null
  const line = Buffer.from(bytes.subarray(0, bytes.indexOf(NEWLINE) + 1)).toString('latin1')
  const header = decodeJournal(line).events[0]
  return header?.type === 'run' ? header : null
}

const NEWLINE = 10

/** A torn last line is what a crash leaves; nobody was told that it was durable. */
export function isDamage(damaged: JournalDamage | null): damaged is JournalDamage {
  return damaged !== null && damaged.reason !== 'truncated'
}
