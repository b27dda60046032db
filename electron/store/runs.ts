import { join } from 'node:path'
import { z } from 'zod'
import { inTurns } from '#electron/turns/turns.ts'
import { type RunFacts, runFactsSteps } from '#shared/analysis/run-facts.ts'
import { dataPreview, type RunSummary } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import type { JournalEvent } from '#shared/journal/event.ts'
import { applyEvent, createRunView } from '#shared/journal/fold.ts'
import { resultPathOf } from '#shared/journal/result-path.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import { runSummaryOf } from '#shared/journal/summary.ts'
import { type Disk, readWhole } from './disk.ts'
import { isDamage, readHeader, readJournal } from './journal-reader.ts'
import { jsonFile } from './json-file.ts'
import { fileNameOf } from './paths.ts'
import { retainRuns } from './retention.ts'
import { readFacts, removeFacts, writeFacts } from './run-facts.ts'
import {
  createRunFolder,
  GIVEN,
  JOURNAL,
  journalCorrupt,
  KEEP,
  logPathIn,
  openRunFolder,
  runNotFound,
  runRemoved,
  SPEC,
} from './run-folder.ts'
import { isRunId, newRunId } from './run-id.ts'
import { openRunIndex, type RunIndex } from './run-index.ts'
import { logReader } from './run-log.ts'
import type { StateFolder } from './state-folder.ts'
import type { GivenSuccess, RunRecord, Runs } from './store.ts'
import { refusedRun, unreadableRun } from './unreadable-run.ts'

/** The runs of a workspace, and what `history` needs of them. */
export interface RunShelf extends Runs {
  /** See WorkspaceStore. */
  records(pipeline: string | null, limit: number): Promise<readonly RunRecord[]>
}

/** Runs that made room for others, newest first, so that asking for one is answered with the reason. */
const REMOVED = 'removed.json'
const MOST_REMOVED = 2000

interface Found {
  readonly run: string
  readonly directory: string
}

export function runsOf(disk: Disk, state: StateFolder): RunShelf {
  const readLog = logReader(disk)
  let opening: Promise<RunIndex> | null = null
  const index = () => {
    opening ??= openRunIndex(disk, state.path)
    return opening
  }

  const removed = jsonFile(
    disk,
    join(state.path, REMOVED),
    (value) => z.array(z.string()).safeParse(value).data ?? null,
    [],
  )

  async function locate(run: string): Promise<string> {
    if (isRunId(run)) {
      for (const found of await findRuns(disk, state.runRoots, null)) if (found.run === run) return found.directory
    }
    throw (await removed.read()).includes(run) ? runRemoved(run) : runNotFound(run)
  }

  /** Newest first, those without a readable header as damaged. */
  async function collect(
    pipeline: string | null,
    limit: number,
    known: ReadonlyMap<string, RunSummary> = new Map(),
  ): Promise<{ directory: string; summary: RunSummary }[]> {
    const cache = await index()
    const found = await findRuns(disk, state.runRoots, pipeline)
    if (pipeline === null) cache.keepOnly(new Set(found.map((one) => one.directory)))
    const collected: { directory: string; summary: RunSummary }[] = []
    for (const { directory, run } of found) {
      if (collected.length >= limit) break
      const summary = known.get(run) ?? (await listed(cache, directory, run))
      if (summary === null || (pipeline !== null && summary.pipeline !== pipeline)) continue
      collected.push({ directory, summary })
    }
    await cache.save()
    return collected
  }

  /** A run that cannot be read hides no other. */
  async function listed(cache: RunIndex, directory: string, run: string): Promise<RunSummary | null> {
    try {
      return (await summaryOf(disk, cache, directory)) ?? (await unreadableRun(disk, directory, run))
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return refusedRun(directory, run)
    }
  }

  async function discard(found: Found): Promise<void> {
    await disk.remove(found.directory)
    await removeFacts(disk, state.path, found.run)
  }

  return {
    newId: newRunId,
    async create(header, spec, given = []) {
      await state.prepare()
      return createRunFolder(disk, state.runRoots[0]!, header, spec, given)
    },
    given: async (run) => readGiven(disk, await locate(run)),
    open: async (run) => openRunFolder(disk, await locate(run), run),
    ids: async () => (await findRuns(disk, state.runRoots, null)).map(({ run }) => run),
    async list({ pipeline, limit, live, known }) {
      const collected = await collect(pipeline ?? null, limit ?? Number.POSITIVE_INFINITY, known)
      return collected.map(({ summary }) => withLife(summary, live.has(summary.run)))
    },
    async summary(run, live) {
      const directory = await locate(run)
      const summary = await summaryOf(disk, await index(), directory)
      if (summary === null) throw journalCorrupt(run, join(directory, JOURNAL), 1)
      return withLife(summary, live)
    },
    async read(run) {
      const directory = await locate(run)
      const journal = await readJournal(disk, join(directory, JOURNAL))
      const header = journal?.events[0]
      if (journal === null || header?.type !== 'run') throw journalCorrupt(run, join(directory, JOURNAL), 1)
      return { header, events: journal.events, damaged: isDamage(journal.damaged) ? journal.damaged : null }
    },
    async frozen(run) {
      const directory = await locate(run)
      const header = await readHeader(disk, join(directory, JOURNAL))
      if (header === null) throw journalCorrupt(run, join(directory, JOURNAL), 1)
      const spec = await readWhole(disk, join(directory, SPEC))
      return { header, spec: Buffer.from(spec ?? []).toString('utf8') }
    },
    async log(run, { task, index: instance, attempt }, after, limit, ended) {
      const path = logPathIn(await locate(run), task, instance, attempt)
      return readLog(path, after, limit, ended)
    },
    async result(run, { task, index: instance, attempt }) {
      const path = resultPathOf(logPathIn(await locate(run), task, instance, attempt))
      const bytes = await readWhole(disk, path)
      if (bytes === null) return null
      try {
        return dataPreview.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
      } catch {
        return null
      }
    },
    delete: async (run) => discard({ run, directory: await locate(run) }),
    async retain(limits, live) {
      const found = await findRuns(disk, state.runRoots.slice(0, 1), null)
      const gone = await retainRuns(disk, found, limits, (one) => isProtected(disk, one, live), discard)
      if (gone.length > 0)
        await removed.change((known) => [...gone, ...known].slice(0, MOST_REMOVED)).catch(() => undefined)
      return gone
    },
    async records(pipeline, limit) {
      const records: RunRecord[] = []
      for (const { directory, summary } of await collect(pipeline, limit)) {
        const facts = await factsIn(disk, state, directory, summary)
        if (facts !== null) records.push({ summary, facts, journal: join(directory, JOURNAL) })
      }
      return records
    },
  }
}

const givenShape = z.array(
  z.object({
    label: z.string(),
    origin: z.enum(['reused', 'pinned']),
    outputs: z.custom<GivenSuccess['outputs']>(),
    source: z.custom<NonNullable<GivenSuccess['source']>>().optional(),
  }),
)

async function readGiven(disk: Disk, directory: string): Promise<readonly GivenSuccess[]> {
  const bytes = await readWhole(disk, join(directory, GIVEN))
  if (bytes === null) return []
  try {
    return givenShape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return []
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

async function summaryOf(disk: Disk, index: RunIndex, directory: string): Promise<RunSummary | null> {
  const path = join(directory, JOURNAL)
  const entry = await disk.stat(path)
  if (entry?.kind !== 'file') return null
  const known = index.get(directory, entry)
  if (known !== null) return known
  const { view, damaged } = await foldJournal(disk, path)
  if (view === null) return null
  const summary = runSummaryOf(view, { live: false, damaged })
  index.put(directory, entry, summary, view.endedAt !== null)
  return summary
}

/** null where the journal went in the meantime. */
async function factsIn(
  disk: Disk,
  state: StateFolder,
  directory: string,
  summary: RunSummary,
): Promise<RunFacts | null> {
  const path = join(directory, JOURNAL)
  const entry = await disk.stat(path)
  if (entry === null) return null
  const known = await readFacts(disk, state.path, summary.run, entry)
  if (known !== null) return known
  const { view } = await foldJournal(disk, path)
  if (view === null) return null
  const facts = await inTurns(runFactsSteps(view, summary.state))
  if (view.endedAt !== null) await writeFacts(disk, state.path, entry, facts)
  return facts
}

async function foldJournal(disk: Disk, path: string): Promise<{ view: RunView | null; damaged: boolean }> {
  const fold: { view: RunView | null } = { view: null }
  const journal = await readJournal(disk, path, (events) => foldPortion(fold, events))
  return { view: fold.view, damaged: journal !== null && isDamage(journal.damaged) }
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
