import { lstat } from 'node:fs/promises'
import { posix } from 'node:path'
import { writeAtomic } from '#electron/store/atomic-write.ts'
import { nodeDisk } from '#electron/store/disk.ts'
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
        await writeAtomic(nodeDisk, target.path, Buffer.from(target.content, target.encoding))
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
