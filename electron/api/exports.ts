import { randomUUID } from 'node:crypto'
import { lstat, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, posix } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { Implementer } from './implementer.ts'
import type { Sessions } from './sessions.ts'

export function exportProcedures(api: Implementer, sessions: Sessions) {
  return {
    write: api.exports.write.handler(async ({ input }) => {
      const { store } = await sessions.get(input.workspace)
      if (store.readOnly) {
        throw new AppError({
          code: 'READ_ONLY',
          message: 'The workspace can’t be written.',
          where: store.root,
          next: 'Save the files somewhere else.',
        })
      }
      const targets = await Promise.all(
        input.files.map(async (file) => {
          const relative = insideFolder(input.folder, file.path)
          return { ...file, relative, path: await store.resolve(relative) }
        }),
      )
      if (!input.overwrite) await refuseExisting(targets)
      for (const target of targets) {
        await mkdir(dirname(target.path), { recursive: true })
        await replaceFile(target.path, Buffer.from(target.content, target.encoding))
      }
      return { written: targets.map((target) => target.relative) }
    }),
  }
}

/** A file name made by an exporter must stay inside the folder the person chose. */
function insideFolder(folder: string, path: string): string {
  const normal = posix.normalize(path)
  if (posix.isAbsolute(normal) || normal === '.' || normal.split('/')[0] === '..' || path.includes('\\')) {
    throw new AppError({ code: 'OUTSIDE_WORKSPACE', message: `${path} leads out of the folder.`, where: path })
  }
  return posix.normalize(posix.join(folder === '' ? '.' : folder, normal))
}

async function refuseExisting(targets: readonly { path: string; relative: string }[]): Promise<void> {
  const existing: string[] = []
  for (const target of targets) {
    const found = await lstat(target.path).catch(() => null)
    if (found) existing.push(target.relative)
  }
  if (existing.length === 0) return
  throw new AppError({
    code: 'BAD_INPUT',
    message: existing.length === 1 ? `${existing[0]} is already there.` : `${existing.length} files are already there.`,
    where: existing[0],
    next: 'Choose another folder, or overwrite.',
    details: { existing },
  })
}

/** The old content stands until the new one is whole on disk. */
async function replaceFile(path: string, content: Buffer): Promise<void> {
  const next = `${path}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await writeFile(next, content, { flag: 'wx' })
    const file = await open(next, 'r+')
    await file.sync().finally(() => file.close())
    await rename(next, path)
  } catch (error) {
    await rm(next, { force: true })
    throw error
  }
}
