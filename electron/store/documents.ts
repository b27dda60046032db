import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { DocumentContent } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { writeAtomic, writeJson } from './atomic-write.ts'
import { type Disk, readWhole } from './disk.ts'
import { readJson } from './json-file.ts'
import { fileNameOf, resolveInWorkspace } from './paths.ts'
import type { StateFolder } from './state-folder.ts'
import type { Documents } from './store.ts'

/** The text files that people edit, and the copies of what they have not saved. */

/** Bytes. */
const LARGEST = 5 * 1024 * 1024

const recoveryCopy = z.object({
  path: z.string(),
  text: z.string(),
  savedAt: z.string(),
  baseVersion: z.string().nullable(),
})

/** SHA-256 in hex: the version of a document's bytes. */
export function versionOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** `now` tells the wall clock. */
export function documentsOf(disk: Disk, root: string, state: StateFolder, now: () => Date): Documents {
  const turns = new Map<string, Promise<unknown>>()

  /** Writes to one file follow one another, so that each sees the version the one before left. */
  function inTurn<T>(path: string, work: () => Promise<T>): Promise<T> {
    const turn = (turns.get(path) ?? Promise.resolve()).then(work, work)
    turns.set(path, turn)
    const done = () => {
      if (turns.get(path) === turn) turns.delete(path)
    }
    turn.then(done, done)
    return turn
  }

  const copyPath = (path: string) => join(state.path, 'recovery', `${fileNameOf(path)}.json`)

  return {
    async read(path) {
      const absolute = await resolveInWorkspace(disk, root, path)
      const entry = await disk.stat(absolute)
      if (entry === null) throw notFound(path)
      if (entry.kind !== 'file') throw notText(path, 'it is a folder or a device')
      const bytes = await readCapped(disk, absolute, path)
      if (bytes === null) throw notFound(path)
      const text = textOf(bytes, path)
      return {
        path,
        text,
        version: versionOf(bytes),
        modifiedAt: new Date(entry.modifiedAt).toISOString(),
        readOnly: !(await disk.canWrite(absolute)),
        recovery: await newerCopy(disk, copyPath(path), text, entry.modifiedAt),
      }
    },
    write(path, text, baseVersion, force = false) {
      return inTurn(path, async () => {
        const absolute = await resolveInWorkspace(disk, root, path)
        const bytes = bytesOf(text, path)
        if (!force) await requireUnchanged(disk, absolute, path, baseVersion)
        if (state.readOnly && !(await disk.canWrite(absolute))) throw readOnly(path, root)
        await writeAtomic(disk, absolute, bytes)
        await disk.remove(copyPath(path)).catch(() => undefined)
        return { version: versionOf(bytes) }
      })
    },
    saveRecovery(path, text, baseVersion) {
      return inTurn(path, async () => {
        await resolveInWorkspace(disk, root, path)
        const savedAt = now().toISOString()
        await state.prepare()
        await writeJson(disk, copyPath(path), { path, text, savedAt, baseVersion })
        return { savedAt }
      })
    },
    discardRecovery: (path) => inTurn(path, () => disk.remove(copyPath(path))),
  }
}

async function requireUnchanged(disk: Disk, absolute: string, path: string, baseVersion: string | null): Promise<void> {
  const onDisk = await readCapped(disk, absolute, path)
  if (onDisk === null) {
    if (baseVersion === null) return
    throw new AppError({
      code: 'FILE_GONE',
      message: `${path} was deleted or moved while it was open.`,
      where: path,
      next: 'Save it again under this name, or elsewhere.',
    })
  }
  const version = versionOf(onDisk)
  if (version === baseVersion) return
  throw new AppError({
    code: 'FILE_CHANGED_ON_DISK',
    message: baseVersion === null ? `${path} exists already.` : `${path} was changed on disk since it was opened.`,
    where: path,
    next: 'Compare the two, then keep yours or take the one on disk.',
    details: { text: textOf(onDisk, path), version },
  })
}

async function readCapped(disk: Disk, absolute: string, path: string): Promise<Uint8Array | null> {
  const bytes = await readWhole(disk, absolute, LARGEST + 1)
  if (bytes !== null && bytes.length > LARGEST) throw tooLarge(path)
  return bytes
}

/** Keeps a BOM: what is not edited is written back as it was. */
function textOf(bytes: Uint8Array, path: string): string {
  if (bytes.includes(0)) throw notText(path, 'it holds binary data')
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw notText(path, 'it is not UTF-8')
  }
}

function bytesOf(text: string, path: string): Uint8Array {
  if (!text.isWellFormed() || text.includes('\0')) throw notText(path, 'it holds characters that no text file can')
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > LARGEST) throw tooLarge(path)
  return bytes
}

async function newerCopy(
  disk: Disk,
  path: string,
  text: string,
  modifiedAt: number,
): Promise<DocumentContent['recovery']> {
  const copy = recoveryCopy.safeParse(await readJson(disk, path)).data
  if (copy === undefined || copy.text === text || Date.parse(copy.savedAt) < modifiedAt) return null
  return { text: copy.text, savedAt: copy.savedAt, baseVersion: copy.baseVersion }
}

function notFound(path: string): AppError {
  return new AppError({
    code: 'NOT_FOUND',
    message: `${path} is not there.`,
    where: path,
    next: 'It may have been moved or deleted. Choose another file.',
  })
}

function tooLarge(path: string): AppError {
  return new AppError({
    code: 'FILE_TOO_LARGE',
    message: `${path} is larger than 5 MB, the most a pipeline file may have.`,
    where: path,
    next: 'Check that it is a pipeline file; data belongs into files of its own.',
  })
}

function notText(path: string, why: string): AppError {
  return new AppError({
    code: 'FILE_NOT_TEXT',
    message: `${path} cannot be opened as text: ${why}.`,
    where: path,
    next: 'Choose a text file in UTF-8.',
  })
}

function readOnly(path: string, root: string): AppError {
  return new AppError({
    code: 'READ_ONLY',
    message: `${path} cannot be saved: the workspace ${root} is read-only.`,
    where: path,
    next: 'Save it in another folder.',
  })
}
