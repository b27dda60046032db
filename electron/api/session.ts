import { join } from 'node:path'
import type { Engine, RunHandle } from '#electron/engine/ports.ts'
import type { DocumentParser } from '#electron/parser/parser.ts'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { inTurns } from '#electron/turns/turns.ts'
import type { PipelineFile, RunSummary, WorkspaceInfo } from '#shared/contract/data.ts'
import type { AppErrorData } from '#shared/contract/error.ts'
import type { JournalEvent, RunHeader } from '#shared/journal/event.ts'
import { createRunView, foldSteps } from '#shared/journal/fold.ts'
import { PAGE } from './caller.ts'
import { ChangeHub } from './change-hub.ts'
import { Owner } from './owner.ts'
import { PipelineIndex } from './pipeline-index.ts'
import type { HostPorts } from './ports.ts'
import { RunFeed } from './run-feed.ts'

const JOURNAL = 'journal.ndjson'
/** Between two summaries of one live run. */
const SUMMARY_MILLISECONDS = 500
/** How often a watched workspace is looked at for runs of other processes. */
const FOREIGN_MILLISECONDS = 1500
const FOREIGN_RUNS = 20

/** What was there when it was last looked. */
interface ForeignRuns {
  readonly timer: NodeJS.Timeout
  /** The newest runs' summaries, as text. */
  seen: ReadonlyMap<string, string> | null
  ids: ReadonlySet<string>
}

/** One open workspace of this host. */
export class WorkspaceSession {
  readonly store: WorkspaceStore
  readonly owner: Owner
  readonly changes: ChangeHub
  readonly pipelines: PipelineIndex
  /** For texts that are no file of today: what earlier runs kept. */
  readonly parse: DocumentParser
  readonly #ports: HostPorts
  readonly #feeds = new Map<string, RunFeed>()
  readonly #publishing = new Map<string, NodeJS.Timeout>()
  readonly #ending = new Set<Promise<void>>()
  /** Of runs that are being started or opened again: the last in the row. */
  readonly #opening = new Map<string, Promise<unknown>>()
  #engine: Engine | null = null
  #stopWatching: Promise<() => void> | null = null
  #foreign: ForeignRuns | null = null

  constructor(store: WorkspaceStore, ports: HostPorts) {
    this.store = store
    this.#ports = ports
    this.owner = new Owner(store, ports.ownership)
    this.pipelines = new PipelineIndex(store, ports)
    this.parse = ports.parse
    this.changes = new ChangeHub((watched) => (watched ? this.#watch() : this.#unwatch()))
  }

  /** Only after `owner.claim` made this process the owner: see HostPorts.createEngine. */
  get engine(): Engine {
    this.#engine ??= this.#ports.createEngine(this.store.stateFolder)
    return this.#engine
  }

  get live(): ReadonlySet<string> {
    return new Set(this.#feeds.keys())
  }

  feed(run: string): RunFeed | undefined {
    return this.#feeds.get(run)
  }

  handle(run: string): RunHandle | undefined {
    return this.#engine?.live.get(run)
  }

  /** As `handle`; where the run is being started or opened in this moment, once it is. */
  async openedHandle(run: string): Promise<RunHandle | undefined> {
    await this.#opening.get(run)
    return this.handle(run)
  }

  /** `only`: the one pipeline file to list; null: all. */
  async info(only: string | null = null): Promise<WorkspaceInfo> {
    const [{ config, problems }, trusted, pipelines, plans] = await Promise.all([
      this.store.config(),
      this.#ports.trust.isTrusted(this.store.root),
      only === null ? this.pipelines.list() : this.pipelines.alone(only),
      only === null ? this.store.planFiles() : [],
    ])
    return {
      root: this.store.root,
      name: this.store.name,
      trusted,
      readOnly: this.store.readOnly,
      shared: this.owner.shared,
      pools: Object.fromEntries(config.pools),
      connections: Object.fromEntries([...config.connections].map(([name, { type }]) => [name, type])),
      slotPrice: config.slotPrice,
      problems: [...problems],
      pipelines: [...pipelines],
      plans: [...plans],
    }
  }

  /** Must be called before the engine starts the run: its first events come at once. */
  async openFeed(
    header: RunHeader,
    taskIds: readonly string[],
    directory: string,
    past: readonly JournalEvent[],
  ): Promise<void> {
    const view = (await inTurns(foldSteps(past, taskIds))) ?? createRunView(header, taskIds)
    const feed = new RunFeed(view, join(directory, JOURNAL), past)
    this.#feeds.set(header.run, feed)
  }

  publish(run: string, events: readonly JournalEvent[]): void {
    this.#feeds.get(run)?.publish(events)
    if (this.#publishing.has(run)) return
    this.#publishing.set(
      run,
      setTimeout(() => {
        this.#publishing.delete(run)
        const feed = this.#feeds.get(run)
        if (feed) this.changes.publish({ type: 'run', summary: feed.summary() })
      }, SUMMARY_MILLISECONDS),
    )
  }

  /** The run's journal is complete, or its engine has given up. */
  closeFeed(run: string, failure: AppErrorData | null): void {
    const feed = this.#feeds.get(run)
    if (!feed) return
    clearTimeout(this.#publishing.get(run))
    this.#publishing.delete(run)
    this.#feeds.delete(run)
    feed.end(failure)
    this.changes.publish({ type: 'run', summary: feed.summary() })
  }

  /** Opens a run when nobody else does: two engines must not go on with one journal. */
  async opening<T>(run: string, open: () => Promise<T>): Promise<T> {
    const own = (this.#opening.get(run) ?? Promise.resolve()).then(open)
    const over = own.catch(() => undefined)
    this.#opening.set(run, over)
    try {
      return await own
    } finally {
      if (this.#opening.get(run) === over) this.#opening.delete(run)
    }
  }

  /** Work that has to be over before the process may go. */
  track(work: Promise<void>): void {
    this.#ending.add(work)
    void work.finally(() => this.#ending.delete(work))
  }

  /** Ends all runs of this process and gives the workspace back. */
  async dispose(): Promise<void> {
    const closed = this.owner.close()
    this.#unwatch()
    await closed
    await this.#engine?.dispose()
    await Promise.allSettled(this.#ending)
    for (const timer of this.#publishing.values()) clearTimeout(timer)
    await this.owner.dispose()
  }

  #watch(): void {
    this.#stopWatching = this.store
      .watch((change) => {
        this.changes.publish({ type: 'file', ...change })
        void this.pipelines.refresh(change.path).then((list) => this.#publishPipelines(list))
        if (change.path.endsWith('.plan.yaml')) void this.#publishPlans()
      })
      // A folder that can't be watched is still usable: the screen then shows what it last read.
      .catch(() => () => undefined)
    const timer = setInterval(() => void this.#lookForForeignRuns(), FOREIGN_MILLISECONDS)
    timer.unref()
    this.#foreign = { timer, seen: null, ids: new Set() }
    void this.#lookForForeignRuns()
  }

  #publishPipelines(list: readonly PipelineFile[] | null): void {
    if (list) this.changes.publish({ type: 'pipelines', pipelines: [...list] })
  }

  async #publishPlans(): Promise<void> {
    const plans = await this.store.planFiles().catch(() => null)
    if (plans) this.changes.publish({ type: 'plans', plans: [...plans] })
  }

  #unwatch(): void {
    void this.#stopWatching?.then((stop) => stop())
    this.#stopWatching = null
    clearInterval(this.#foreign?.timer)
    this.#foreign = null
  }

  /** What other processes do is not pushed to this one: the newest summaries, and which runs there are, are compared. */
  async #lookForForeignRuns(): Promise<void> {
    const state = this.#foreign
    if (!state) return
    const summaries = await this.newestRuns(FOREIGN_RUNS).catch(() => [])
    const ids = new Set(await this.store.runs.ids().catch(() => state.ids))
    if (this.#foreign !== state) return
    for (const run of state.ids) if (!ids.has(run)) this.changes.publish({ type: 'runDeleted', run })
    state.ids = ids
    const seen = new Map(summaries.map((summary) => [summary.run, JSON.stringify(summary)]))
    for (const summary of summaries) {
      const changed = state.seen !== null && state.seen.get(summary.run) !== seen.get(summary.run)
      if (changed && !this.#feeds.has(summary.run)) this.changes.publish({ type: 'run', summary })
    }
    state.seen = seen
  }

  /** Runs as this process sees them. */
  listRuns(query: { readonly pipeline?: string; readonly limit?: number }): Promise<readonly RunSummary[]> {
    const known = new Map([...this.#feeds].map(([run, feed]) => [run, feed.summary()]))
    return this.store.runs.list({ ...query, live: this.live, known })
  }

  newestRuns(limit: number): Promise<readonly RunSummary[]> {
    return this.owner.read<readonly RunSummary[]>(
      PAGE,
      (owner) => owner.runs.list({ workspace: this.store.root, limit }),
      () => this.listRuns({ limit }),
    )
  }
}
