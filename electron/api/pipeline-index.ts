import type { DocumentParser, ParsedText } from '#electron/parser/parser.ts'
import type { WorkspaceStore } from '#electron/store/store.ts'
import { earlierIds } from '#shared/analysis/history.ts'
import type { PipelineFile } from '#shared/contract/data.ts'

/** Earlier ids of tasks, by today's. */
type Aliases = ReadonlyMap<string, readonly string[]>

/** The workspace's pipelines in one line each; files are parsed again only when they were written. */
export class PipelineIndex {
  readonly #store: WorkspaceStore
  readonly #parse: DocumentParser
  readonly #known = new Map<string, { version: string; entry: PipelineFile; aliases: Aliases }>()
  #recent: { readonly text: string; readonly pools: string; readonly parsed: Promise<ParsedText> } | null = null

  constructor(store: WorkspaceStore, parse: DocumentParser) {
    this.#store = store
    this.#parse = parse
  }

  async list(): Promise<readonly PipelineFile[]> {
    const paths = await this.#store.pipelineFiles()
    const { config } = await this.#store.config()
    const entries: PipelineFile[] = []
    for (const path of paths) entries.push(await this.#entry(path, config.pools))
    const present = new Set(paths)
    for (const path of this.#known.keys()) if (!present.has(path)) this.#known.delete(path)
    return entries
  }

  /** The list as if this were the only file. */
  async alone(path: string): Promise<readonly PipelineFile[]> {
    const { config } = await this.#store.config()
    return [await this.#entry(path, config.pools)]
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
    const parsed = this.#parse(text, sharedPools)
    this.#recent = { text, pools, parsed }
    return parsed
  }

  /** Of the file that has this pipeline id now. */
  async aliasesOf(pipeline: string): Promise<Aliases> {
    await this.list()
    for (const { entry, aliases } of this.#known.values()) if (entry.id === pipeline) return aliases
    return new Map()
  }

  async #entry(path: string, sharedPools: ReadonlyMap<string, number>): Promise<PipelineFile> {
    const name = path
      .split('/')
      .at(-1)!
      .replace(/\.dag\.yaml$/, '')
    const unreadable: PipelineFile = { path, id: null, name, tasks: 0, errors: 1 }
    try {
      const { text, version: written } = await this.#store.documents.read(path)
      const version = `${written} ${JSON.stringify([...sharedPools])}`
      const known = this.#known.get(path)
      if (known?.version === version) return known.entry
      const { pipeline, problems } = await this.parsed(text, sharedPools)
      const errors = problems.filter((problem) => problem.severity === 'error').length
      const entry: PipelineFile = pipeline
        ? { path, id: pipeline.id, name: pipeline.name || pipeline.id, tasks: pipeline.tasks.length, errors }
        : { ...unreadable, errors: Math.max(1, errors) }
      this.#known.set(path, { version, entry, aliases: earlierIds(pipeline?.tasks ?? []) })
      return entry
    } catch {
      // Gone, too large or not text: opening it says which.
      return unreadable
    }
  }
}
