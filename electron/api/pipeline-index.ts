import type { ParsedText } from '#electron/parser/parser.ts'
import type { ListedPipeline } from '#electron/store/pipeline-listing.ts'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { earlierIds } from '#shared/analysis/history.ts'
import type { PipelineFile } from '#shared/contract/data.ts'
import type { HostPorts } from './ports.ts'

/** Earlier ids of tasks, by today's. */
type Aliases = ReadonlyMap<string, readonly string[]>

/** The workspace's pipelines in one line each; files are read again only when they were written. */
export class PipelineIndex {
  readonly #store: WorkspaceStore
  readonly #ports: Pick<HostPorts, 'parse' | 'now' | 'info'>
  #recent: { readonly text: string; readonly pools: string; readonly parsed: Promise<ParsedText> } | null = null

  constructor(store: WorkspaceStore, ports: Pick<HostPorts, 'parse' | 'now' | 'info'>) {
    this.#store = store
    this.#ports = ports
  }

  async list(): Promise<readonly PipelineFile[]> {
    return (await this.#listed()).map(({ entry }) => entry)
  }

  /** The list as if this were the only file. */
  async alone(path: string): Promise<readonly PipelineFile[]> {
    const { config } = await this.#store.config()
    return [(await this.#one(path, config.pools)).entry]
  }

  /** The new list where `path` is (or was) a pipeline; null where nothing about the list can have changed. */
  async refresh(path: string): Promise<readonly PipelineFile[] | null> {
    if (!path.endsWith('.dag.yaml')) return null
    return this.list().catch(() => null)
  }

  /** Reads and checks a text. The last one is remembered: a file is listed, then checked, then run. */
  parsed(text: string, sharedPools: ReadonlyMap<string, number>): Promise<ParsedText> {
    const pools = JSON.stringify([...sharedPools])
    if (this.#recent?.text === text && this.#recent.pools === pools) return this.#recent.parsed
    const parsed = this.#ports.parse(text, sharedPools)
    this.#recent = { text, pools, parsed }
    return parsed
  }

  /** Of the file that has this pipeline id now. */
  async aliasesOf(pipeline: string): Promise<Aliases> {
    return (await this.#listed()).find(({ entry }) => entry.id === pipeline)?.aliases ?? new Map()
  }

  async #listed(): Promise<readonly ListedPipeline[]> {
    const paths = await this.#store.pipelineFiles()
    const { config } = await this.#store.config()
    const listed: ListedPipeline[] = []
    for (const path of paths) listed.push(await this.#one(path, config.pools))
    await this.#store.listing.save(new Set(paths))
    return listed
  }

  async #one(path: string, sharedPools: ReadonlyMap<string, number>): Promise<ListedPipeline> {
    const name = path
      .split('/')
      .at(-1)!
      .replace(/\.dag\.yaml$/, '')
    const unreadable: PipelineFile = { path, id: null, name, tasks: 0, errors: 1 }
    const { info, now } = this.#ports
    // What counts as an error depends on the pools of the workspace, and on who looks.
    const readBy = `${info.version} ${JSON.stringify([...sharedPools])}`
    const { listing, documents } = this.#store
    try {
      const known = await listing.get(path, readBy)
      if (known) return known
      const began = now()
      const { pipeline, problems } = await this.parsed((await documents.read(path)).text, sharedPools)
      const errors = problems.filter((problem) => problem.severity === 'error').length
      const entry: PipelineFile = pipeline
        ? { path, id: pipeline.id, name: pipeline.name || pipeline.id, tasks: pipeline.tasks.length, errors }
        : { ...unreadable, errors: Math.max(1, errors) }
      const listed = { entry, aliases: earlierIds(pipeline?.tasks ?? []) }
      await listing.put(path, readBy, listed, began)
      return listed
    } catch {
      // Gone, too large or not text: opening it says which.
      return { entry: unreadable, aliases: new Map() }
    }
  }
}
