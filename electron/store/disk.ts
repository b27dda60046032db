import { constants, type Stats } from 'node:fs'
import {
  access,
  chmod,
  copyFile,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises'
import { dirname } from 'node:path'
import { diskError } from './disk-error.ts'

/**
 * The disk behind a small interface, so that tests can fill it up, take it away and crash it at any point
 * (memory-disk.testing.ts). Paths are absolute. Everything rejects with an AppError.
 */
export interface Disk {
  /**
   * `create`: must not exist. `append`: created when missing. `synced`: the same, and what was written is durable once
   * `write` has returned. `update`: must exist. `mode`: of a new file; default: what the umask leaves.
   */
  open(path: string, how: 'read' | 'update' | 'create' | 'append' | 'synced', mode?: number): Promise<DiskFile>
  /** Follows links; null where there is nothing. */
  stat(path: string): Promise<DiskEntry | null>
  /** Direct children, by name. */
  list(folder: string): Promise<readonly { readonly name: string; readonly kind: DiskEntry['kind'] | 'link' }[]>
  /** With its missing parents; an existing folder is fine. */
  makeFolder(path: string): Promise<void>
  /** A file, or a folder with all it holds; nothing there is fine. */
  remove(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Shares the blocks where the file system can. Fails where `to` exists. */
  copy(from: string, to: string): Promise<void>
  /** Makes the folder's entries durable: what was created, renamed or removed in it. */
  syncFolder(path: string): Promise<void>
  /** With links resolved; null where there is nothing. */
  realPath(path: string): Promise<string | null>
  /** Whether this user may write the file, or create files in the folder. */
  canWrite(path: string): Promise<boolean>
}

export interface DiskFile {
  /** At most `length` bytes from `position`; fewer only at the end. */
  read(position: number, length: number): Promise<Uint8Array>
  /** Writes at the end. Returns how many bytes went in, which may be fewer than given. */
  write(bytes: Uint8Array): Promise<number>
  /** Makes the content durable. */
  sync(): Promise<void>
  truncate(size: number): Promise<void>
  size(): Promise<number>
  /** May be called again. */
  close(): Promise<void>
}

export interface DiskEntry {
  readonly kind: 'file' | 'folder' | 'other'
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modifiedAt: number
  /** Permission bits. */
  readonly mode: number
  /** Another file at the same path has another one, where the file system has them; else 0. */
  readonly inode: number
}

const { O_APPEND, O_CREAT, O_WRONLY, O_DSYNC } = constants
/** A write that is its own fdatasync is one trip to the thread pool instead of two. Elsewhere it would promise less. */
const SYNCED_WRITES = process.platform === 'linux' ? O_APPEND | O_CREAT | O_WRONLY | O_DSYNC : null
const FLAGS = { read: 'r', update: 'r+', create: 'wx', append: 'a', synced: SYNCED_WRITES ?? 'a' } as const

export const nodeDisk: Disk = {
  async open(path, how, mode) {
    const handle = await told(path, 'open', open(path, FLAGS[how], mode))
    // The umask took its part of it. A file system without modes may refuse.
    if (mode !== undefined) await handle.chmod(mode).catch(() => undefined)
    return nodeFile(path, handle, how === 'synced' && SYNCED_WRITES === null)
  },
  async stat(path) {
    const found = await orNull(path, stat(path))
    if (found === null) return null
    const { size, mtimeMs, mode, ino } = found
    return { kind: kindOf(found), size, modifiedAt: mtimeMs, mode: mode & 0o7777, inode: ino }
  },
  async list(folder) {
    const entries = await told(folder, 'read', readdir(folder, { withFileTypes: true }))
    return entries
      .map((entry) => ({ name: entry.name, kind: entry.isSymbolicLink() ? ('link' as const) : kindOf(entry) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  },
  async makeFolder(path) {
    await told(path, 'create', makeFolders(path))
  },
  async remove(path) {
    await told(path, 'remove', rm(path, { recursive: true, force: true, maxRetries: 3 }))
  },
  async rename(from, to) {
    await told(to, 'write', rename(from, to))
  },
  async copy(from, to) {
    await told(to, 'write', copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL))
    // What an installed program brings along is often read-only; a person's copy is theirs.
    await told(
      to,
      'write',
      stat(to).then((copied) => chmod(to, (copied.mode & 0o7777) | 0o200)),
    )
  },
  async syncFolder(path) {
    // Windows cannot open a folder for this, and does not need it: NTFS journals its entries.
    if (process.platform === 'win32') return
    try {
      const folder = await open(path, 'r')
      await folder.sync().finally(() => folder.close())
    } catch (error) {
      // Some network and FUSE file systems refuse it, as do folders one may write but not list: nothing more can be done.
      const { code } = error as NodeJS.ErrnoException
      if (code === undefined || !['EINVAL', 'ENOTSUP', 'EPERM', 'EACCES'].includes(code)) {
        throw diskError(error, path, 'write')
      }
    }
  },
  async realPath(path) {
    const found = await orNull(path, realpath(path))
    if (found !== null) return found
    const dangling = await orNull(path, lstat(path))
    if (dangling !== null) throw diskError({ code: 'ENOENT' }, path, 'open')
    return null
  },
  canWrite: (path) =>
    access(path, constants.W_OK).then(
      () => true,
      () => false,
    ),
}

/** `syncing`: every write is synced here. */
function nodeFile(path: string, handle: FileHandle, syncing: boolean): DiskFile {
  let open = true
  return {
    async read(position, length) {
      const buffer = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const { bytesRead } = await told(path, 'read', handle.read(buffer, filled, length - filled, position + filled))
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return buffer.subarray(0, filled)
    },
    async write(bytes) {
      const { bytesWritten } = await told(path, 'write', handle.write(bytes))
      if (syncing) await told(path, 'write', handle.datasync())
      return bytesWritten
    },
    sync: () => told(path, 'write', handle.datasync()),
    truncate: (size) => told(path, 'write', handle.truncate(size)),
    size: async () => (await told(path, 'read', handle.stat())).size,
    async close() {
      if (!open) return
      open = false
      await told(path, 'write', handle.close())
    },
  }
}

/** Node's own `recursive` says ENOENT of what it does not know, such as a read-only disk. */
async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && parent !== path) {
      await makeFolders(parent)
      // Others may have been faster.
      await mkdir(path).catch((again: unknown) => unlessFolder(path, again))
    } else await unlessFolder(path, error)
  }
}

/** Throws `error` where there is no folder. */
async function unlessFolder(path: string, error: unknown): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found?.isDirectory()) throw error
}

function kindOf(entry: Pick<Stats, 'isFile' | 'isDirectory'>): DiskEntry['kind'] {
  if (entry.isFile()) return 'file'
  return entry.isDirectory() ? 'folder' : 'other'
}

async function told<T>(path: string, doing: Parameters<typeof diskError>[2], work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw diskError(error, path, doing)
  }
}

async function orNull<T>(path: string, work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw diskError(error, path, 'read')
  }
}

/** Reads all of a file; null where there is none. */
export async function readWhole(disk: Disk, path: string, most = Number.POSITIVE_INFINITY): Promise<Uint8Array | null> {
  const entry = await disk.stat(path)
  if (entry === null || entry.kind !== 'file') return null
  const file = await disk.open(path, 'read')
  try {
    return await file.read(0, Math.min(most, await file.size()))
  } finally {
    await file.close()
  }
}

/** Short writes are carried on until all is in. */
export async function writeAll(file: DiskFile, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.length) done += await file.write(bytes.subarray(done))
}
