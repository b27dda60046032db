import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { Disk } from './disk.ts'

/**
 * fileNameOf          a file name for any id
 * resolveInWorkspace  an absolute path, never outside
 * isInside            of two absolute paths
 */

const LONGEST_NAME = 80
const PLAIN = /^[a-z0-9_][a-z0-9_.-]*$/
/** Names that Windows keeps for devices, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i

/**
 * Different ids get different names, also where the file system ignores case. Plain lower-case ids stay as they are;
 * any other keeps its readable part and gets `~` and a hash, which no plain id can contain.
 */
export function fileNameOf(id: string): string {
  if (id.length <= LONGEST_NAME && PLAIN.test(id) && !id.endsWith('.') && !RESERVED.test(id)) return id
  const readable = id
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .slice(0, 40)
    .replace(/^-/, '_')
  return `${RESERVED.test(readable) ? '_' : ''}${readable}~${createHash('sha256').update(id).digest('hex').slice(0, 12)}`
}

/**
 * Absolute path of `relative` (with `/`) under `root`; it need not exist. Rejects with OUTSIDE_WORKSPACE for absolute
 * paths, `..` and links that lead out. `root` must be a real path. Links inside the workspace are left unresolved.
 */
export async function resolveInWorkspace(disk: Disk, root: string, relative: string): Promise<string> {
  if (relative === '' || relative.includes('\0')) throw badPath(relative)
  if (isAbsolute(relative) || /^([A-Za-z]:|[\\/])/.test(relative)) throw outside(relative, root)
  const separators = process.platform === 'win32' ? /[\\/]/ : /\//
  if (relative.split(separators).includes('..')) throw outside(relative, root)
  const path = resolve(root, relative)
  if (!isInside(root, path)) throw outside(relative, root)
  let existing = path
  while (existing !== root) {
    const real = await disk.realPath(existing)
    if (real !== null) {
      if (!isInside(root, real)) throw outside(relative, root)
      return path
    }
    existing = dirname(existing)
  }
  return path
}

/** Whether `path` is `root` or lies under it. Both absolute and normalised. */
export function isInside(root: string, path: string): boolean {
  return root === path || path.startsWith(root.endsWith(sep) ? root : join(root, sep))
}

function outside(path: string, root: string): AppError {
  return new AppError({
    code: 'OUTSIDE_WORKSPACE',
    message: `${path} lies outside the workspace ${root}.`,
    where: path,
    next: 'Use a path inside the workspace, relative to its folder.',
  })
}

function badPath(path: string): AppError {
  return new AppError({ code: 'BAD_INPUT', message: `${JSON.stringify(path)} is not a path.`, where: path })
}
