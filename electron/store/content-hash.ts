import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomic } from './atomic-write.ts'
import type { Disk, DiskEntry } from './disk.ts'
import { readJson } from './json-file.ts'

/** What a path holds. */
export interface Content {
  /** Bytes; of a folder, its files' summed. */
  readonly size: number
  /** SHA-256 in hex; null where it changed while it was read, may not be read, or is a folder too large to look through. */
  readonly hash: string | null
}

/**
 * Hashes of files, read once for as long as the path has the same size, time and inode. Derived: the index may be
 * deleted at any time.
 */
export interface ContentHashes {
  /** Of an absolute path; null where there is nothing. A folder stands for the names and contents of its files. Never rejects. */
  of(path: string): Promise<Content | null>
  /** Writes the index where it changed. A disk that refuses is no failure. */
  save(): Promise<void>
}

const CHUNK_BYTES = 256 * 1024
const MOST_ENTRIES = 20_000
const MOST_FILES_OF_A_FOLDER = 10_000
/** A file written so shortly before it was read may be written again without its time changing (FAT: 2 s). */
const TRUSTED_AGE_MILLISECONDS = 2_000

const FORMAT = 1
const entryShape = z.object({ size: z.number(), modifiedAt: z.number(), inode: z.number(), hash: z.string() })
const indexShape = z.object({ format: z.literal(FORMAT), files: z.array(z.tuple([z.string(), entryShape])) })
type Entry = z.infer<typeof entryShape>

export function contentHashes(disk: Disk, stateFolder: string, now: () => Date): ContentHashes {
  const path = join(stateFolder, 'cache', 'hashes.json')
  let opening: Promise<Map<string, Entry>> | null = null
  const entries = () => {
    opening ??= readEntries(disk, path)
    return opening
  }
  const underWay = new Map<string, Promise<Content | null>>()
  let changed = false

  async function fileContent(file: string, before: DiskEntry): Promise<Content> {
    const known = await entries()
    const entry = known.get(file)
    if (entry !== undefined && isSame(entry, before)) return { size: entry.size, hash: entry.hash }
    const hash = await hashOf(disk, file)
    const after = await disk.stat(file)
    if (after === null || !isSame(before, after)) return { size: before.size, hash: null }
    if (now().getTime() - after.modifiedAt > TRUSTED_AGE_MILLISECONDS) {
      known.delete(file)
      known.set(file, { size: after.size, modifiedAt: after.modifiedAt, inode: after.inode, hash })
      changed = true
    }
    return { size: after.size, hash }
  }

  async function folderContent(folder: string): Promise<Content> {
    const sum = createHash('sha256')
    let size = 0
    const files = await filesIn(disk, folder)
    if (files === null) return { size: 0, hash: null }
    for (const name of files) {
      const content = await of(join(folder, name))
      if (content === null || content.hash === null) return { size, hash: null }
      size += content.size
      sum.update(`${name}\0${content.hash}\n`)
    }
    return { size, hash: sum.digest('hex') }
  }

  async function of(wanted: string): Promise<Content | null> {
    const entry = await disk.stat(wanted)
    if (entry === null) return null
    if (entry.kind === 'other') return { size: entry.size, hash: null }
    return entry.kind === 'folder' ? folderContent(wanted) : fileContent(wanted, entry)
  }

  return {
    of(wanted) {
      const running = underWay.get(wanted)
      if (running !== undefined) return running
      const reading = of(wanted)
        .catch(() => ({ size: 0, hash: null }))
        .finally(() => underWay.delete(wanted))
      underWay.set(wanted, reading)
      return reading
    },
    async save() {
      if (!changed) return
      changed = false
      const files = [...(await entries())].slice(-MOST_ENTRIES)
      await writeAtomic(disk, path, JSON.stringify({ format: FORMAT, files })).catch(() => undefined)
    },
  }
}

function isSame(a: Pick<DiskEntry, 'size' | 'modifiedAt' | 'inode'>, b: typeof a): boolean {
  return a.size === b.size && a.modifiedAt === b.modifiedAt && a.inode === b.inode
}

async function hashOf(disk: Disk, path: string): Promise<string> {
  const sum = createHash('sha256')
  const file = await disk.open(path, 'read')
  try {
    for (let at = 0; ; ) {
      const chunk = await file.read(at, CHUNK_BYTES)
      if (chunk.length === 0) return sum.digest('hex')
      sum.update(chunk)
      at += chunk.length
    }
  } finally {
    await file.close()
  }
}

/** Relative paths of all files below, sorted; links are not followed. null: too many. */
async function filesIn(disk: Disk, folder: string): Promise<readonly string[] | null> {
  const files: string[] = []
  const open = ['']
  for (let inside = open.pop(); inside !== undefined; inside = open.pop()) {
    for (const { name, kind } of await disk.list(join(folder, inside))) {
      const path = inside === '' ? name : `${inside}/${name}`
      if (kind === 'folder') open.push(path)
      else if (kind === 'file') files.push(path)
      if (files.length + open.length > MOST_FILES_OF_A_FOLDER) return null
    }
  }
  return files.sort()
}

async function readEntries(disk: Disk, path: string): Promise<Map<string, Entry>> {
  return new Map(indexShape.safeParse(await readJson(disk, path)).data?.files)
}
