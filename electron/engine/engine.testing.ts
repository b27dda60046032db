import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readStat } from '#electron/spawner/processes.ts'
import type { DataPreview } from '#shared/contract/data.ts'
import { AppError } from '#shared/contract/error.ts'
import { instanceLabel, type JournalEvent, type Mark, type RunHeader, type Selection } from '#shared/journal/event.ts'
import { hasErrors, parseDocument } from '#shared/model/document.ts'
import type { Json, Pipeline, WorkspaceConfig } from '#shared/model/pipeline.ts'
import { createEngine } from './engine.ts'
import type { Engine, RunRequest, RunStorage } from './ports.ts'

const ELECTRON = join(import.meta.dirname, '..')

/** A workspace folder with an engine on it, for tests with real processes. */
export interface Bench {
  readonly root: string
  readonly engine: Engine
  /** Runs a pipeline (YAML) to its end. */
  run(yaml: string, options?: RunOptions): Promise<FinishedRun>
  /** Starts one and does not wait. */
  start(yaml: string, options?: RunOptions): StartedRun
  startPipeline(pipeline: Pipeline, options?: RunOptions): StartedRun
  write(path: string, text: string): void
  /** Ends the engine and removes the folder. */
  dispose(): Promise<void>
}

export interface RunOptions {
  readonly params?: Readonly<Record<string, Json>>
  readonly slots?: number
  readonly pools?: Readonly<Record<string, number>>
  readonly config?: Partial<WorkspaceConfig>
  readonly secrets?: Readonly<Record<string, string>>
  readonly satisfied?: RunRequest['satisfied']
  readonly contentOf?: RunRequest['contentOf']
  readonly cache?: RunRequest['cache']
  readonly past?: readonly JournalEvent[]
  readonly selection?: Selection
  readonly marks?: RunRequest['marks']
  readonly basis?: Readonly<Record<string, number>>
  /** Fails the append of the batch that holds this event. */
  readonly failAppendAt?: (event: JournalEvent) => boolean
  readonly onEvents?: RunRequest['onEvents']
  /** Continue in the folder of an earlier run. */
  readonly id?: string
}

export interface StartedRun {
  /** Once the run has begun, as of its handle. */
  cancel(kill: boolean): Promise<void>
  mark(mark: Mark): Promise<boolean>
  /** Durable so far. */
  readonly events: readonly JournalEvent[]
  /** Waits until such an event is durable. */
  until(matches: (event: JournalEvent) => boolean): Promise<JournalEvent>
  finished(): Promise<FinishedRun>
}

export interface FinishedRun {
  readonly state: string
  readonly error: { readonly code: string; readonly message: string } | null
  readonly events: readonly JournalEvent[]
  /** Final state of every instance, by label. */
  readonly states: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, Readonly<Record<string, Json>> | null>>
  /** Reason of the last attempt's end, or of the settling, by label. */
  reason(label: string): string
  /** The log of an attempt (the first unless told), as its lines' text; notes in brackets. */
  log(label: string, attempt?: number): string
  /** First rows of the last query of a sql task's first attempt; null where it had none. */
  result(label: string): DataPreview | null
  readonly directory: string
}

export function bench(graceMilliseconds = 500, spawnerEntry = join(ELECTRON, 'spawner/main.ts')): Bench {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dagwright-engine-')))
  const engine = createEngine({
    spawnerEntry,
    sqlEntry: join(ELECTRON, 'sql/main.ts'),
    execPath: process.execPath,
    hostEnvironment: process.env,
    environment: process.env,
    stateFolder: join(root, '.dagwright'),
    graceMilliseconds,
  })
  let runs = 0
  const startPipeline = (pipeline: Pipeline, options: RunOptions = {}): StartedRun => {
    runs += 1
    return startRun(engine, root, options.id ?? `run-${runs}`, pipeline, options)
  }
  const start = (yaml: string, options?: RunOptions) => startPipeline(pipelineIn(yaml), options)
  return {
    root,
    engine,
    start,
    startPipeline,
    run: (yaml, options) => start(yaml, options).finished(),
    write(path, text) {
      writeFileSync(join(root, path), text)
    },
    async dispose() {
      await engine.dispose()
      rmSync(root, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

export function pipelineIn(yaml: string): Pipeline {
  const document = parseDocument(`dagwright: 1\nid: p\n${yaml}`)
  if (document.pipeline === null || hasErrors(document)) throw new Error(JSON.stringify(document.problems, null, 1))
  return document.pipeline
}

function startRun(engine: Engine, root: string, id: string, pipeline: Pipeline, options: RunOptions): StartedRun {
  const storage = memoryStorage(join(root, '.dagwright/runs/p', id), options.failAppendAt ?? (() => false))
  const events: JournalEvent[] = [...(options.past ?? [])]
  const watchers = new Set<() => void>()
  const starting = engine.start({
    header: headerFor(id, pipeline, options),
    pipeline,
    storage,
    workspaceRoot: root,
    file: join(root, 'p.dag.yaml'),
    config: {
      pools: new Map(),
      slots: null,
      interpreters: { python: null, node: null },
      connections: new Map(),
      retention: { runs: 50, bytes: 1e9 },
      slotPrice: null,
      ...options.config,
    },
    secret: (name) => options.secrets?.[name],
    satisfied: options.satisfied ?? new Map(),
    contentOf: options.contentOf ?? (async () => null),
    cache: options.cache ?? null,
    past: options.past ?? [],
    marks: options.marks ?? [],
    onEvents(batch) {
      events.push(...batch)
      options.onEvents?.(batch)
      for (const watcher of watchers) watcher()
    },
  })
  return {
    cancel: async (kill) => (await starting).cancel(kill),
    mark: async (mark) => (await starting).mark(mark),
    events,
    until: (matches) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find(matches)
          if (found === undefined) return
          watchers.delete(look)
          resolve(found)
        }
        watchers.add(look)
        look()
      }),
    async finished() {
      const ended = await (await starting).done
      return summary(events, storage.directory, ended.state, 'error' in ended ? ended.error : null)
    },
  }
}

function headerFor(run: string, pipeline: Pipeline, options: RunOptions): RunHeader {
  const defaults = [...pipeline.params].map(([name, parameter]) => [name, parameter.default ?? null] as const)
  return {
    type: 'run',
    format: 1,
    run,
    pipeline: pipeline.id,
    name: pipeline.name,
    file: 'p.dag.yaml',
    specHash: '',
    params: { ...Object.fromEntries(defaults), ...options.params },
    logicalDate: '2026-11-21T00:00:00.000Z',
    dataInterval: { start: '2026-11-20T00:00:00.000Z', end: '2026-11-21T00:00:00.000Z' },
    wall: new Date().toISOString(),
    machine: { platform: process.platform, cpus: 2, node: process.version, label: 'test' },
    dagwright: '0',
    slots: options.slots ?? 4,
    pools: { ...Object.fromEntries(pipeline.pools), ...options.pools },
    basis: options.basis ?? {},
    selection: options.selection ?? null,
    parent: null,
    trigger: 'test',
  }
}

/** The in-memory twin of the store's run folder: only logs and scratch folders are real. */
function memoryStorage(directory: string, failsAt: (event: JournalEvent) => boolean): RunStorage {
  mkdirSync(join(directory, 'logs'), { recursive: true })
  const name = (task: string, index: number | null, attempt: number) =>
    `${encodeURIComponent(instanceLabel(task, index))}.${attempt}`
  return {
    directory,
    async append(events) {
      await new Promise((resolve) => setImmediate(resolve))
      if (events.some(failsAt)) throw new AppError({ code: 'DISK_FULL', message: 'The disk is full.' })
    },
    logPath: (task, index, attempt) => join(directory, 'logs', `${name(task, index, attempt)}.log`),
    scratchPath: (task, index, attempt) => join(directory, 'tmp', name(task, index, attempt)),
    close: async () => undefined,
  }
}

function summary(
  events: readonly JournalEvent[],
  directory: string,
  state: string,
  error: FinishedRun['error'],
): FinishedRun {
  const states: Record<string, string> = {}
  const outputs: Record<string, Readonly<Record<string, Json>> | null> = {}
  const reasons: Record<string, string> = {}
  for (const event of events) {
    if (event.type === 'reset') delete states[instanceLabel(event.task, event.index)]
    if (event.type !== 'finished' && event.type !== 'settled') continue
    const label = instanceLabel(event.task, event.index)
    if (event.reason !== null) reasons[label] = event.reason.message
    if (event.type === 'settled') states[label] = event.state
    if (event.outputs !== undefined) outputs[label] = event.outputs
  }
  return {
    state,
    error,
    events,
    states,
    outputs,
    directory,
    reason: (label) => reasons[label] ?? '',
    result: (label) => readResult(join(directory, 'logs', `${encodeURIComponent(label)}.1.result.json`)),
    log: (label, attempt = 1) => readLogText(join(directory, 'logs', `${encodeURIComponent(label)}.${attempt}.log`)),
  }
}

function readResult(path: string): DataPreview | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DataPreview) : null
}

function readLogText(path: string): string {
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((record) => {
      const [, tag, text] = /^\d+ ([oOeEn]) (.*)$/s.exec(record) ?? ['', '?', record]
      return tag === 'n' ? `[${text}]` : text
    })
    .join('\n')
}

/** Processes whose environment holds `mark`, other than this one; Linux only. */
export function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark) && readStat(pid)?.state !== 'Z'
      } catch {
        return false
      }
    })
}
