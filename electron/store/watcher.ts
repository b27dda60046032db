import { type FSWatcher, watch } from 'node:fs'
import { basename, join, relative, sep } from 'node:path'
import { type Disk, readWhole } from './disk.ts'
import { versionOf } from './documents.ts'
import type { FileChange } from './store.ts'
import { CONFIG_FILE, PIPELINE_SUFFIX, PLAN_SUFFIX, walkWorkspace } from './workspace.ts'

/**
 * Notices changes of pipeline files and `dagwright.yaml` by anyone. Where the system watches a tree natively (macOS,
 * Windows) one watcher does; elsewhere each folder gets one, so that node_modules and hidden folders cost nothing. Where
 * watching fails (too many watches, a network drive) it looks every few seconds.
 */
export interface WatchTimes {
  /** Milliseconds of quiet before it looks: editors save in several steps. */
  readonly quiet: number
  /** Milliseconds between looks where nothing can be watched. */
  readonly poll: number
}

const TIMES: WatchTimes = { quiet: 80, poll: 2000 }
const HAS_TREES = process.platform === 'darwin' || process.platform === 'win32'
/** Bytes; a larger file is refused as a document anyhow, and told apart by its beginning. */
const HASHED = 5 * 1024 * 1024

interface Seen {
  readonly version: string
  readonly size: number
  readonly modifiedAt: number
  /** It was read long enough after it was written for a later save to show in its time. */
  readonly settled: boolean
}

/** Two saves this close may have the same time (FAT, network drives: 2 s). */
const SETTLED_MILLISECONDS = 2000

/** Resolves when changes are noticed from now on. `watchFolder` is the system's; tests pass one that refuses. */
export async function watchWorkspace(
  disk: Disk,
  root: string,
  onChange: (change: FileChange) => void,
  times: WatchTimes = TIMES,
  watchFolder: typeof watch = watch,
): Promise<() => void> {
  const seen = new Map<string, Seen>()
  const watchers = new Map<string, FSWatcher>()
  /** Files whose content is looked at whatever their size and time say. */
  const touched = new Set<string>()
  let stopped = false
  let timer: NodeJS.Timeout | null = null
  let polling: NodeJS.Timeout | null = null
  let looking: Promise<void> = Promise.resolve()

  function look(report: boolean): Promise<void> {
    looking = looking.then(() => lookOnce(report)).catch(() => undefined)
    return looking
  }

  async function lookOnce(report: boolean): Promise<void> {
    if (stopped) return
    const hashed = new Set(touched)
    touched.clear()
    const { folders, pipelineFiles, planFiles } = await walkWorkspace(disk, root)
    // What came into a folder before its watcher did is found by looking once more.
    if (attend(HAS_TREES ? [root] : folders)) soon()
    const present = new Set<string>()
    for (const path of [CONFIG_FILE, ...pipelineFiles, ...planFiles]) {
      const before = seen.get(path)
      const now = await seenNow(disk, join(root, path), hashed.has(path) ? undefined : before)
      if (now === null) continue
      present.add(path)
      seen.set(path, now)
      if (report && !stopped && now.version !== before?.version) onChange({ path, version: now.version })
    }
    for (const path of [...seen.keys()]) {
      if (present.has(path)) continue
      seen.delete(path)
      if (report && !stopped) onChange({ path, version: null })
    }
  }

  function attend(folders: readonly string[]): boolean {
    const wanted = new Set(folders)
    let added = false
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue
      watchers.delete(folder)
      watcher.close()
    }
    for (const folder of wanted) {
      if (polling !== null || watchers.has(folder)) continue
      try {
        const watcher = watchFolder(folder, { recursive: HAS_TREES, persistent: false }, (event, name) =>
          noticed(folder, event, name),
        )
        watcher.on('error', () => fail(folder))
        watchers.set(folder, watcher)
        added = true
      } catch {
        startPolling()
      }
    }
    return added
  }

  function noticed(folder: string, event: string, name: string | null): void {
    const path = name === null ? null : slashed(relative(root, join(folder, name)))
    if (path !== null && isWatched(path)) touched.add(path)
    // A plain 'change' is about a file's content; only 'rename' can be about a folder.
    else if (event === 'change' || (path !== null && /(^|\/)(\.|node_modules(\/|$))/.test(path))) return
    soon()
  }

  function soon(): void {
    if (stopped) return
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(() => look(true), times.quiet)
  }

  /** A folder that is gone takes its watcher with it; anything else is a system that cannot watch. */
  function fail(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
    if (folder === root) startPolling()
    soon()
  }

  function startPolling(): void {
    polling ??= setInterval(() => look(true), times.poll).unref()
  }

  await look(false)
  return () => {
    stopped = true
    if (timer !== null) clearTimeout(timer)
    if (polling !== null) clearInterval(polling)
    for (const watcher of watchers.values()) watcher.close()
    watchers.clear()
  }
}

async function seenNow(disk: Disk, path: string, before: Seen | undefined): Promise<Seen | null> {
  const entry = await disk.stat(path).catch(() => null)
  if (entry?.kind !== 'file') return null
  const { size, modifiedAt } = entry
  if (before?.settled && before.size === size && before.modifiedAt === modifiedAt) return before
  const settled = modifiedAt + SETTLED_MILLISECONDS < Date.now()
  const bytes = await readWhole(disk, path, HASHED).catch(() => null)
  return bytes === null ? null : { version: versionOf(bytes), size, modifiedAt, settled }
}

function isWatched(path: string): boolean {
  const name = basename(path)
  return path === CONFIG_FILE || name.endsWith(PIPELINE_SUFFIX) || name.endsWith(PLAN_SUFFIX)
}

function slashed(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/')
}
