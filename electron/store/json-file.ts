import { writeAtomic, writeJson } from './atomic-write.ts'
import { type Disk, readWhole } from './disk.ts'

/**
 * A small JSON file that a person may have edited or a crash of the machine may have torn. What cannot be read is set
 * aside (`NAME.broken`), never fatal, and never overwritten unseen.
 */
export interface JsonFile<T> {
  read(): Promise<T>
  /** Reads, changes and writes; calls of one process follow one another. Returns what was written. */
  change(edit: (value: T) => T): Promise<T>
}

/** `parse` returns null for what it does not understand. `empty` stands for a file that is missing or broken. */
export function jsonFile<T>(disk: Disk, path: string, parse: (value: unknown) => T | null, empty: T): JsonFile<T> {
  let last: Promise<unknown> = Promise.resolve()

  async function read(): Promise<T> {
    const bytes = await readWhole(disk, path)
    if (bytes === null) return empty
    const value = parseJson(bytes)
    const parsed = value === undefined ? null : parse(value)
    if (parsed !== null) return parsed
    await writeAtomic(disk, `${path}.broken`, bytes).catch(() => undefined)
    return empty
  }

  return {
    read,
    change(edit) {
      const next = last.then(async () => {
        const value = edit(await read())
        await writeJson(disk, path, value)
        return value
      })
      last = next.catch(() => undefined)
      return next
    },
  }
}

/** What a JSON file holds; undefined where there is none, it cannot be read or is no JSON. Never rejects. */
export async function readJson(disk: Disk, path: string): Promise<unknown> {
  const bytes = await readWhole(disk, path).catch(() => null)
  return bytes === null ? undefined : parseJson(bytes)
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch {
    return undefined
  }
}
