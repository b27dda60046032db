import { z } from 'zod'
import type { PipelineHistory, TaskSummary } from '../analysis/history.ts'
import type { WrittenDurations } from '../analysis/past-durations.ts'
import type { RunChanges } from '../analysis/run-changes.ts'
import type { ImportedRun } from '../formats/format.ts'
import { LAYOUT_ENGINES } from '../graph/layout-engine.ts'
import type { InstanceState, JournalEvent, RunHeader, RunState, Selection } from '../journal/event.ts'
import type { Json } from '../model/pipeline.ts'
import type { Problem } from '../model/problem.ts'

const iso = z.string()
const micros = z.number()

export const appInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'web', 'cli', 'test']),
  platform: z.string(),
  cpus: z.number(),
  node: z.string(),
  capabilities: z.object({
    nativeDialogs: z.boolean(),
    menu: z.boolean(),
    openFiles: z.boolean(),
    notifications: z.boolean(),
  }),
})
export type AppInfo = z.infer<typeof appInfo>

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  layoutDirection: z.enum(['LR', 'TB']),
  layoutEngine: z.enum(LAYOUT_ENGINES),
  edgeStyle: z.enum(['curved', 'straight']),
  snapToGrid: z.boolean(),
  reducedMotion: z.enum(['system', 'on']),
  /** Tell through the system of ended runs and missed objectives while the window is not looked at. */
  notifications: z.boolean(),
})
export type Settings = z.infer<typeof settings>
export const defaultSettings: Settings = {
  theme: 'system',
  layoutDirection: 'LR',
  layoutEngine: 'dagwright',
  edgeStyle: 'curved',
  snapToGrid: true,
  reducedMotion: 'system',
  notifications: true,
}

export const folderListing = z.object({
  path: z.string(),
  parent: z.string().nullable(),
  entries: z.array(
    z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'workspace', 'pipeline', 'plan']) }),
  ),
})
export type FolderListing = z.infer<typeof folderListing>

export const doctorItem = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(['ok', 'warning', 'missing']),
  detail: z.string(),
  next: z.string().nullable(),
})
export type DoctorItem = z.infer<typeof doctorItem>

export const pipelineFile = z.object({
  path: z.string(),
  /** null where the file cannot be read as a pipeline. */
  id: z.string().nullable(),
  name: z.string(),
  tasks: z.number(),
  errors: z.number(),
})
export type PipelineFile = z.infer<typeof pipelineFile>

export const workspaceInfo = z.object({
  root: z.string(),
  name: z.string(),
  trusted: z.boolean(),
  readOnly: z.boolean(),
  /** True where another process holds the engine and this host is its client. */
  shared: z.boolean(),
  pools: z.record(z.string(), z.number()),
  /** Name to type. */
  connections: z.record(z.string(), z.string()),
  /** What one slot costs for an hour, where dagwright.yaml says so. */
  slotPrice: z.object({ perHour: z.number(), currency: z.string() }).nullable(),
  problems: z.array(z.custom<Problem>()),
  pipelines: z.array(pipelineFile),
  /** Paths of the files for the planner (`*.plan.yaml`), sorted. */
  plans: z.array(z.string()),
})
export type WorkspaceInfo = z.infer<typeof workspaceInfo>

export const recentWorkspace = z.object({ path: z.string(), name: z.string(), openedAt: iso, exists: z.boolean() })
export type RecentWorkspace = z.infer<typeof recentWorkspace>

export const documentContent = z.object({
  path: z.string(),
  text: z.string(),
  /** SHA-256 of the bytes on disk, in hex. */
  version: z.string(),
  modifiedAt: iso,
  readOnly: z.boolean(),
  /** Unsaved work of an earlier session, newer than the file. */
  recovery: z.object({ text: z.string(), savedAt: iso, baseVersion: z.string().nullable() }).nullable(),
})
export type DocumentContent = z.infer<typeof documentContent>

export const selection = z.object({
  from: z.array(z.string()).optional(),
  upTo: z.array(z.string()).optional(),
  only: z.array(z.string()).optional(),
}) satisfies z.ZodType<Selection>

export const runSummary = z.object({
  run: z.string(),
  pipeline: z.string(),
  name: z.string(),
  file: z.string(),
  state: z.custom<RunState>((value) => typeof value === 'string'),
  startedAt: iso,
  /** null while it runs. */
  endedAt: iso.nullable(),
  makespan: micros.nullable(),
  /** Tasks (not instances) by state. */
  counts: z.record(z.string(), z.number()) as z.ZodType<Partial<Record<InstanceState, number>>>,
  trigger: z.enum(['app', 'cli', 'test']),
  parent: z.string().nullable(),
  partial: z.boolean(),
  /** Where it ran, e.g. "Linux, 2 CPUs". */
  machine: z.string(),
  live: z.boolean(),
  /** The journal could not be read to its end; what could is shown. */
  damaged: z.boolean(),
})
export type RunSummary = z.infer<typeof runSummary>

export const runDetail = z.object({
  summary: runSummary,
  /** The header first. One by one they would be looked at for nothing. */
  events: z.custom<JournalEvent[]>(),
})

/** What a run was begun with. */
export const frozenRun = z.object({
  header: z.custom<RunHeader>(),
  /** The pipeline file's text; empty where the copy is gone. */
  spec: z.string(),
})
export type FrozenRun = z.infer<typeof frozenRun>

const outputs = z.custom<Readonly<Record<string, Json>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Outputs are a JSON object: names and their values.',
)

export const pin = z.object({
  task: z.string(),
  /** Of the task; where `instances` is null, of every instance of a mapped one. */
  outputs,
  /** Of a mapped task, by index; instances beyond these run. */
  instances: z.array(outputs).nullable(),
  /** The run they were taken from; null: written by hand. */
  run: z.string().nullable(),
  setAt: iso,
})
export type Pin = z.infer<typeof pin>

export const pinValue = z.discriminatedUnion('type', [
  z.object({ type: z.literal('given'), outputs }),
  /** What the task's success in this run handed on. */
  z.object({ type: z.literal('run'), run: z.string() }),
])

export const runChanges = z.object({
  /** The last whole success of the pipeline before the run; null: there is none, so nothing is compared. */
  since: runSummary.nullable(),
  changes: z.custom<RunChanges>().nullable(),
})

export const renderedCode = z.object({
  /** shell, powershell, cmd, python, javascript, sql, text; what the editor colours by. */
  language: z.string(),
  /** With the values of its expressions; secrets by their names. */
  code: z.string(),
  /** Variables that carry values into a shell's code. */
  env: z.record(z.string(), z.string()),
})

export const workspaceChange = z.discriminatedUnion('type', [
  z.object({ type: z.literal('file'), path: z.string(), version: z.string().nullable() }),
  z.object({ type: z.literal('pipelines'), pipelines: z.array(pipelineFile) }),
  z.object({ type: z.literal('plans'), plans: z.array(z.string()) }),
  z.object({ type: z.literal('run'), summary: runSummary }),
  z.object({ type: z.literal('runDeleted'), run: z.string() }),
  z.object({ type: z.literal('pins'), pipeline: z.string() }),
  z.object({ type: z.literal('workspace'), workspace: workspaceInfo }),
])
export type WorkspaceChange = z.infer<typeof workspaceChange>

export const logChunk = z.object({
  /** Complete lines; each says its stream and when it came (microseconds since the run's epoch). */
  lines: z.array(z.object({ t: micros, stream: z.enum(['out', 'err', 'note']), text: z.string() })),
  /** Where the next chunk begins, in bytes of the log file. */
  next: z.number(),
  /** Bytes dropped from the middle by the cap so far. */
  omitted: z.number(),
  /** Nothing more comes: the attempt has ended, or without `follow` this is all there is now. */
  end: z.boolean(),
})
export type LogChunk = z.infer<typeof logChunk>

/** See ImportedRun in shared/formats/format.ts. */
export const importedRun = z.object({
  source: z.string(),
  pipeline: z.string(),
  recordedAt: z.string().nullable(),
  makespan: micros.nullable(),
  tasks: z.array(z.tuple([z.string(), micros]).readonly()).readonly(),
}) satisfies z.ZodType<ImportedRun>

export const history = z.object({
  /** What another system recorded of this pipeline, where it was imported: a basis for the plan, and nothing else. */
  imported: importedRun.nullable(),
  /** Newest first, from first start to final end; see past-durations.ts. */
  durations: z.custom<WrittenDurations>(),
})

export const pipelineHistory = z.object({
  pipeline: z.custom<PipelineHistory>(),
  /** In the order in which the newest run has them, then those only older runs have. */
  tasks: z.array(z.custom<TaskSummary>()),
})

export const queryResult = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.custom<Json>())),
  /** There are more rows than were asked for. */
  truncated: z.boolean(),
})
export type QueryResult = z.infer<typeof queryResult>

export const artifact = z.object({
  path: z.string(),
  task: z.string(),
  size: z.number(),
  modifiedAt: iso,
  kind: z.enum(['html', 'table', 'database', 'image', 'text', 'other']),
})
export type Artifact = z.infer<typeof artifact>

export const dataPreview = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(z.custom<Json>())),
  /** null where counting would be expensive. */
  total: z.number().nullable(),
  tables: z.array(z.string()),
})
export type DataPreview = z.infer<typeof dataPreview>

export const shellCommand = z.discriminatedUnion('type', [
  /** A menu entry or accelerator: an id of the renderer's command registry. */
  z.object({ type: z.literal('command'), id: z.string() }),
  z.object({ type: z.literal('open'), path: z.string() }),
  /** The window wants to close: answer with shell.close. */
  z.object({ type: z.literal('close'), liveRuns: z.number() }),
])
export type ShellCommand = z.infer<typeof shellCommand>
