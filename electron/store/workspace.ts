import { dirname, join, relative, sep } from 'node:path'
import { AppError } from '#shared/contract/error.ts'
import type { Disk } from './disk.ts'
import { STATE_FOLDER } from './state-folder.ts'

/**
 * findWorkspace  which folder a path belongs to
 * walkWorkspace  its folders, pipeline files and planner files
 */
export const CONFIG_FILE = 'dagwright.yaml'
export const PIPELINE_SUFFIX = '.dag.yaml'
export const PLAN_SUFFIX = '.plan.yaml'

const SKIPPED = new Set(['node_modules', STATE_FOLDER])
/** Folders deeper or more than this are not looked into: a home folder opened by mistake must not hang the app. */
const DEEPEST = 12
const MOST_FOLDERS = 5000
const MOST_FILES = 1000

export interface FoundWorkspace {
  /** Real path of its folder. */
  readonly root: string
  /** The pipeline file that was asked for, relative with `/`; null for a folder. */
  readonly file: string | null
}

/**
 * The nearest ancestor of `path` (a folder or a file, absolute) with `dagwright.yaml` or `.dagwright/`; else the folder
 * itself, or the file's own. Rejects with NOT_FOUND.
 */
export async function findWorkspace(disk: Disk, path: string): Promise<FoundWorkspace> {
  const real = await disk.realPath(path)
  const entry = real === null ? null : await disk.stat(real)
  if (real === null || entry === null || entry.kind === 'other') {
    throw new AppError({
      code: 'NOT_FOUND',
      message: `${path} is not there.`,
      where: path,
      next: 'Check the path, or open another folder or pipeline file.',
    })
  }
  const start = entry.kind === 'folder' ? real : dirname(real)
  const root = (await markedAncestor(disk, start)) ?? start
  return { root, file: entry.kind === 'file' ? slashed(relative(root, real)) : null }
}

async function markedAncestor(disk: Disk, start: string): Promise<string | null> {
  for (let folder = start; ; folder = dirname(folder)) {
    if ((await disk.stat(join(folder, CONFIG_FILE)))?.kind === 'file') return folder
    if ((await disk.stat(join(folder, STATE_FOLDER)))?.kind === 'folder') return folder
    if (dirname(folder) === folder) return null
  }
}

export interface WalkedWorkspace {
  /** Absolute, the root first. */
  readonly folders: readonly string[]
  /** Relative paths of the pipeline files with `/`, sorted. */
  readonly pipelineFiles: readonly string[]
  /** The same of the files for the planner. */
  readonly planFiles: readonly string[]
  /** There was more than is looked into. */
  readonly capped: boolean
}

/** Breadth first. Hidden folders, `node_modules` and linked folders are not entered. */
export async function walkWorkspace(disk: Disk, root: string): Promise<WalkedWorkspace> {
  const folders: { path: string; depth: number }[] = [{ path: root, depth: 0 }]
  const pipelineFiles: string[] = []
  const planFiles: string[] = []
  let capped = false
  for (let at = 0; at < folders.length; at++) {
    const { path, depth } = folders[at]!
    for (const entry of await childrenOf(disk, path)) {
      const child = join(path, entry.name)
      if (entry.kind === 'folder' && isEntered(entry.name)) {
        if (depth < DEEPEST && folders.length < MOST_FOLDERS) folders.push({ path: child, depth: depth + 1 })
        else capped = true
      } else {
        const files = filesFor(entry.name)
        if (files === null || !(await isFile(disk, child, entry.kind))) continue
        if (files.length < MOST_FILES) files.push(slashed(relative(root, child)))
        else capped = true
      }
    }
  }
  return {
    folders: folders.map((folder) => folder.path),
    pipelineFiles: pipelineFiles.sort(),
    planFiles: planFiles.sort(),
    capped,
  }

  function filesFor(name: string): string[] | null {
    if (name.endsWith(PIPELINE_SUFFIX)) return pipelineFiles
    return name.endsWith(PLAN_SUFFIX) ? planFiles : null
  }
}

/** A folder that may not be read, or has just gone, is passed over. */
async function childrenOf(disk: Disk, path: string): ReturnType<Disk['list']> {
  return disk.list(path).catch(() => [])
}

function isEntered(name: string): boolean {
  return !SKIPPED.has(name) && !name.startsWith('.')
}

async function isFile(disk: Disk, path: string, kind: string): Promise<boolean> {
  if (kind !== 'link') return kind === 'file'
  return (await disk.stat(path).catch(() => null))?.kind === 'file'
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/')
}
