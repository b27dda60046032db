import { join } from 'node:path'
import type { RunSummary } from '#shared/contract/data.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { applyEvent, createRunView } from '#shared/journal/fold.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { runSummaryOf } from '#shared/journal/summary.ts'
import { type Disk, type DiskEntry, readWhole } from './disk.ts'
import { timesOf } from './history.ts'
import { isDamage, readJournal } from './journal-reader.ts'
import { fileNameOf } from './paths.ts'
import { retainRuns } from './retention.ts'
import {
  createRunFolder,
  JOURNAL,
  journalCorrupt,
  KEEP,
  logPathIn,
  openRunFolder,
  runNotFound,
  SPEC,
} from './run-folder.ts'
import { isRunId, newRunId } from './run-id.ts'
import { openRunIndex, type RunIndex, type RunRecord } from './run-index.ts'
import { readLog } from './run-log.ts'
import type { StateFolder } from './state-folder.ts'
import type { Runs } from './store.ts'

/** The runs of a workspace, and what `history` needs of them. */
export interface RunShelf extends Runs {
  /** Records of ended runs of one pipeline, newest first, at most `limit`. */
  records(pipeline: string, limit: number): Promise<readonly RunRecord[]>
}

interface Found {
  readonly run: string
  readonly directory: string
}

export function runsOf(disk: Disk, state: StateFolder): RunShelf {
  let opening: Promise<RunIndex> | null = null
  const index = () => {
    opening ??= openRunIndex(disk, state.path)
    return opening
  }

  async function locate(run: string): Promise<string> {
    if (isRunId(run)) {
      for (const found of await findRuns(disk, state.runRoots, null)) if (found.run === run) return found.directory
    }
    throw runNotFound(run)
  }

  /** Newest first, those without a readable header left out. */
  async function collect(pipeline: string | null, limit: number): Promise<RunRecord[]> {
    const cache = await index()
    const found = await findRuns(disk, state.runRoots, pipeline)
    if (pipeline === null) cache.keepOnly(new Set(found.map((one) => one.directory)))
    const records: RunRecord[] = []
    for (const { directory } of found) {
      if (records.length >= limit) break
      const record = await recordOf(disk, cache, directory)
      if (record !== null && (pipeline === null || record.summary.pipeline === pipeline)) records.push(record)
    }
    await cache.save()
    return records
  }

  return {
    newId: newRunId,
    async create(header, spec) {
      await state.prepare()
      return createRunFolder(disk, state.runRoots[0]!, header, spec)
    },
    open: async (run) => openRunFolder(disk, await locate(run), run),
    async list({ pipeline, limit, live }) {
      const records = await collect(pipeline ?? null, limit ?? Number.POSITIVE_INFINITY)
      return records.map(({ summary }) => withLife(summary, live.has(summary.run)))
    },
    async summary(run, live) {
      const directory = await locate(run)
      const record = await recordOf(disk, await index(), directory)
      if (record === null) throw journalCorrupt(run, join(directory, JOURNAL), 1)
      return withLife(record.summary, live)
    },
    async read(run) {
      const directory = await locate(run)
      const journal = await readJournal(disk, join(directory, JOURNAL))
      const header = journal?.events[0]
      if (journal === null || header?.type !== 'run') throw journalCorrupt(run, join(directory, JOURNAL), 1)
      const spec = await readWhole(disk, join(directory, SPEC))
      return {
        header,
        events: journal.events,
        spec: Buffer.from(spec ?? []).toString('utf8'),
        damaged: isDamage(journal.damaged) ? journal.damaged : null,
      }
    },
    async log(run, { task, index: instance, attempt }, after, limit, ended) {
      const path = logPathIn(await locate(run), task, instance, attempt)
      return readLog(disk, path, after, limit, ended)
    },
    delete: async (run) => disk.remove(await locate(run)),
    async retain(limits, live) {
      const found = await findRuns(disk, state.runRoots.slice(0, 1), null)
      return retainRuns(disk, found, limits, (one) => isProtected(disk, one, live))
    },
    records: (pipeline, limit) => collect(pipeline, limit),
  }
}

async function isProtected(disk: Disk, found: Found, live: ReadonlySet<string>): Promise<boolean> {
  return live.has(found.run) || (await disk.stat(join(found.directory, KEEP))) !== null
}

/** Newest first: ids begin with their time. */
async function findRuns(disk: Disk, roots: readonly string[], pipeline: string | null): Promise<Found[]> {
  const found = new Map<string, Found>()
  for (const root of roots) {
    const folders = pipeline === null ? await foldersIn(disk, root) : [fileNameOf(pipeline)]
    for (const folder of folders) {
      for (const run of await foldersIn(disk, join(root, folder))) {
        if (isRunId(run) && !found.has(run)) found.set(run, { run, directory: join(root, folder, run) })
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.run < b.run ? 1 : -1))
}

async function foldersIn(disk: Disk, folder: string): Promise<string[]> {
  if ((await disk.stat(folder))?.kind !== 'folder') return []
  return (await disk.list(folder)).filter((entry) => entry.kind === 'folder').map((entry) => entry.name)
}

async function recordOf(disk: Disk, index: RunIndex, directory: string): Promise<RunRecord | null> {
  const path = join(directory, JOURNAL)
  const entry = await disk.stat(path)
  if (entry?.kind !== 'file') return null
  return index.get(directory, entry) ?? (await foldRecord(disk, index, directory, entry))
}

async function foldRecord(disk: Disk, index: RunIndex, directory: string, entry: DiskEntry): Promise<RunRecord | null> {
  const fold: { view: RunView | null } = { view: null }
  const journal = await readJournal(disk, join(directory, JOURNAL), (events) => foldPortion(fold, events))
  if (journal === null || fold.view === null) return null
  const summary = runSummaryOf(fold.view, { live: false, damaged: isDamage(journal.damaged) })
  const record = { summary, times: timesOf(fold.view) }
  index.put(directory, entry, record, fold.view.endedAt !== null)
  return record
}

function foldPortion(fold: { view: RunView | null }, events: readonly JournalEvent[]): void {
  for (const event of events) {
    if (fold.view === null) {
      if (event.type !== 'run') return
      fold.view = createRunView(event)
    }
    applyEvent(fold.view, event)
  }
}

/** The record is of a run at rest; while an engine writes it, it is not interrupted. */
function withLife(summary: RunSummary, live: boolean): RunSummary {
  if (!live) return summary
  const state = summary.state === 'interrupted' ? 'running' : summary.state
  return { ...summary, state, live, endedAt: null }
}
