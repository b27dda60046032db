import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import type { RunComparison } from '../analysis/compare-runs.ts'
import type { TaskHistory } from '../analysis/history.ts'
import type { SloReport } from '../analysis/slo.ts'
import type { JournalEvent } from '../journal/event.ts'
import type { Json } from '../model/pipeline.ts'
import {
  appInfo,
  artifact,
  dataPreview,
  doctorItem,
  documentContent,
  folderListing,
  frozenRun,
  history,
  importedRun,
  logChunk,
  pin,
  pinValue,
  pipelineFile,
  pipelineHistory,
  queryResult,
  recentWorkspace,
  renderedCode,
  runChanges,
  runDetail,
  runSummary,
  selection,
  settings,
  shellCommand,
  workspaceChange,
  workspaceInfo,
} from './data.ts'
import { appErrorData } from './error.ts'
import type { RunPlan } from './run-plan.ts'
import { SAMPLE_NAMES } from './samples.ts'

/**
 * The whole API. Every host (desktop ipc, loopback web, local socket, in-process) serves exactly this; one test suite
 * runs against all of them. Paths are relative to the workspace's root, with `/`; `workspace` is the absolute root that
 * `workspace.open` returned. Times are whole microseconds unless a field says otherwise; instants are ISO 8601 in UTC.
 */
const procedure = oc.errors({ APP: { status: 400, data: appErrorData } })

const inWorkspace = z.object({ workspace: z.string() })
const ofFile = inWorkspace.extend({ path: z.string() })
const ofRun = inWorkspace.extend({ run: z.string() })
const instance = { task: z.string(), index: z.number().int().nullable() }
const ofPipeline = inWorkspace.extend({ pipeline: z.string() })
const ofHistory = inWorkspace.extend({ pipeline: z.string(), limit: z.number().int().positive().max(10_000) })
const nothing = z.object({})
/** Not `z.record`, which loses a parameter called `__proto__`. */
const values = z.custom<Readonly<Record<string, Json>>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

const newRun = ofFile.extend({
  params: values,
  logicalDate: z.string().optional(),
  selection: selection.optional(),
  rerunFailedOf: z.string().optional(),
  /** Tasks with a pin take its outputs instead of running. Default: they run. */
  pins: z.boolean().optional(),
  /** Tasks with `cache: true` take an earlier result of the same work. Default: they do. */
  cache: z.boolean().optional(),
  slots: z.number().int().positive().optional(),
  /** The first failure of a required task ends the run. Default: what the pipeline says. */
  failFast: z.boolean().optional(),
  trigger: z.enum(['app', 'cli', 'test']).optional(),
})

export const contract = {
  app: {
    info: procedure.input(nothing).output(appInfo),
    /** Folders and pipeline files in a folder of this machine, for hosts without native dialogs. */
    browse: procedure.input(z.object({ path: z.string().nullable() })).output(folderListing),
    settings: procedure.input(nothing).output(settings),
    changeSettings: procedure.input(settings.partial()).output(settings),
    doctor: procedure.input(z.object({ workspace: z.string().nullable() })).output(z.array(doctorItem)),
  },

  workspace: {
    /** What the host was started with: `npm start -- path`, a double-clicked file. */
    initial: procedure.input(nothing).output(z.object({ path: z.string(), file: z.string().nullable() }).nullable()),
    /** A folder or a pipeline file; anything inside a workspace opens the workspace. Never runs anything. */
    open: procedure
      // `alone`: of a file's workspace list that file only, as every one that is listed is read.
      .input(z.object({ path: z.string(), alone: z.boolean().optional() }))
      .output(z.object({ workspace: workspaceInfo, file: z.string().nullable() })),
    /** Copies a sample workspace into `folder` (or the user's documents) and returns its path. */
    createSample: procedure
      .input(z.object({ folder: z.string().nullable(), name: z.enum(SAMPLE_NAMES).default('flights') }))
      .output(z.object({ path: z.string() })),
    get: procedure.input(inWorkspace).output(workspaceInfo),
    recent: procedure.input(nothing).output(z.array(recentWorkspace)),
    setTrust: procedure.input(inWorkspace.extend({ trusted: z.boolean() })).output(workspaceInfo),
    pipelines: procedure.input(inWorkspace).output(z.array(pipelineFile)),
    /** Files changed on disk, pipelines added or gone, runs begun or ended; until the caller aborts. */
    changes: procedure.input(inWorkspace).output(eventIterator(workspaceChange)),
  },

  documents: {
    read: procedure.input(ofFile).output(documentContent),
    /** `baseVersion`: the version the text was made from; null for a new file. Fails with FILE_CHANGED_ON_DISK. */
    write: procedure
      .input(ofFile.extend({ text: z.string(), baseVersion: z.string().nullable(), force: z.boolean().optional() }))
      .output(z.object({ version: z.string() })),
    saveRecovery: procedure
      .input(ofFile.extend({ text: z.string(), baseVersion: z.string().nullable() }))
      .output(z.object({ savedAt: z.string() })),
    discardRecovery: procedure.input(ofFile).output(nothing),
  },

  runs: {
    start: procedure.input(newRun).output(z.object({ run: z.string() })),
    /** What `start` with the same input would do. Starts nothing, writes nothing, needs no trust. */
    plan: procedure.input(newRun).output(z.custom<RunPlan>()),
    /** First asks the tasks to end; `kill` ends them at once. */
    cancel: procedure.input(ofRun.extend({ kill: z.boolean() })).output(nothing),
    /** Continues an interrupted run under the same id. */
    resume: procedure.input(ofRun).output(z.object({ run: z.string() })),
    /**
     * A person says how an instance (`index` null: a task, with all its instances) ended. A run that has ended goes on
     * with it, under the same id. NOT_FOUND, or BAD_INPUT where nothing would change.
     */
    mark: procedure.input(ofRun.extend({ ...instance, as: z.enum(['success', 'failed']) })).output(nothing),
    /** Lets an instance run again; `downstream`: with all that depends on it. Else as `mark`. */
    clear: procedure.input(ofRun.extend({ ...instance, downstream: z.boolean().default(true) })).output(nothing),
    /** Newest first. `pipeline`: its id. */
    list: procedure
      .input(inWorkspace.extend({ pipeline: z.string().optional(), limit: z.number().int().positive().optional() }))
      .output(z.array(runSummary)),
    get: procedure.input(ofRun).output(runDetail),
    /** Without its events: of a large run a file of megabytes is not read for its parameters. */
    frozen: procedure.input(ofRun).output(frozenRun),
    /**
     * Journal events with a number greater than `after`, in batches of at most 2,000, then live until the run ends: the
     * last batch says `live: false`, and why where the engine had to give up (`failure`; the journal may be what could not
     * be written, so it does not say). Hosts end the stream early to bound what is in flight; clients made through
     * `watchingLink` (all of ours) take it up again by themselves.
     */
    watch: procedure.input(ofRun.extend({ after: z.number().int() })).output(
      eventIterator(
        z.object({
          events: z.array(z.custom<JournalEvent>()),
          live: z.boolean(),
          failure: appErrorData.optional(),
        }),
      ),
    ),
    /** The log of one attempt from byte `after`; with `follow` until the attempt ends. Taken up again as `watch` is. */
    log: procedure
      .input(
        ofRun.extend({
          ...instance,
          attempt: z.number().int().positive(),
          after: z.number().int(),
          follow: z.boolean(),
        }),
      )
      .output(eventIterator(logChunk)),
    delete: procedure.input(ofRun).output(nothing),
    /** Code, parameters, inputs and programs against those of the last whole success before this run. */
    changes: procedure.input(ofRun).output(runChanges),
    /** The code of an instance as it ran: the frozen spec's, with the values its expressions had. */
    code: procedure.input(ofRun.extend(instance)).output(renderedCode),
  },

  /** Outputs that stand for a task's own, by pipeline id. They are kept with the workspace's state, not in its files. */
  pins: {
    list: procedure.input(ofPipeline).output(z.array(pin)),
    /** BAD_INPUT for outputs over 1 MiB, NOT_FOUND where the run has no success of the task. */
    set: procedure.input(ofPipeline.extend({ task: z.string(), value: pinValue })).output(pin),
    remove: procedure.input(ofPipeline.extend({ task: z.string() })).output(nothing),
  },

  history: {
    /** What the tasks took in the last `limit` runs of a pipeline, where they were executed and succeeded. */
    get: procedure
      .input(inWorkspace.extend({ pipeline: z.string(), limit: z.number().int().positive() }))
      .output(history),
    /** A pipeline over its last `limit` runs, with a summary of every task. */
    pipeline: procedure.input(ofHistory).output(pipelineHistory),
    /** One task over the last `limit` runs of its pipeline. */
    task: procedure.input(ofHistory.extend({ task: z.string() })).output(z.custom<TaskHistory>()),
    /**
     * How far the objectives of the pipeline in this file are kept, as it stands on disk; null where it has none.
     * `chances`: what a simulation says of the next run, see `sloKey`.
     */
    slo: procedure
      .input(ofFile.extend({ chances: z.array(z.tuple([z.string(), z.number()])).optional() }))
      .output(z.custom<SloReport>().nullable()),
    /** Two runs, task by task, and where the difference of their makespans comes from. */
    compare: procedure
      .input(inWorkspace.extend({ earlier: z.string(), later: z.string() }))
      .output(z.custom<RunComparison>()),
    /**
     * One reading SQL statement over the journals of the last `runs` runs: tables runs, tasks, attempts, events (columns:
     * `JOURNAL_TABLES`). Nothing outside of them can be read, and nothing written. Aborting the call ends the query.
     */
    query: procedure
      .input(
        inWorkspace.extend({
          sql: z.string().max(100_000),
          limit: z.number().int().positive().max(100_000),
          runs: z.number().int().positive().max(10_000).optional(),
        }),
      )
      .output(queryResult),
    /** Keeps durations that another system recorded, in place of earlier ones of that pipeline. */
    putImported: procedure.input(inWorkspace.extend({ imported: importedRun })).output(nothing),
  },

  artifacts: {
    /** Files that a run's tasks declare in `writes` and that exist now. */
    list: procedure.input(ofFile).output(z.array(artifact)),
    /** Desktop: opens it in the system's program. Web: `url` opens it in a sandboxed page. */
    open: procedure.input(ofFile).output(z.object({ url: z.string().nullable() })),
    /** First rows of a Parquet, CSV or JSON file, or of a table of a DuckDB file. */
    preview: procedure
      .input(ofFile.extend({ table: z.string().nullable(), limit: z.number().int().positive().max(1000) }))
      .output(dataPreview),
    /** First rows of the last query of a sql task's attempt, or a check's violations; null where it had none. */
    result: procedure
      .input(ofRun.extend({ ...instance, attempt: z.number().int().positive() }))
      .output(dataPreview.nullable()),
  },

  exports: {
    /** Writes generated files into a folder of the workspace; refuses to overwrite unless told. */
    write: procedure
      .input(
        inWorkspace.extend({
          folder: z.string(),
          files: z.array(z.object({ path: z.string(), content: z.string(), encoding: z.enum(['utf8', 'base64']) })),
          overwrite: z.boolean(),
        }),
      )
      .output(z.object({ written: z.array(z.string()) })),
  },

  /** The window around the app. Hosts without one answer UNSUPPORTED_HERE; `app.info` says which they have. */
  shell: {
    /** Menu and system commands for the renderer, until it aborts. */
    commands: procedure.input(nothing).output(eventIterator(shellCommand)),
    /** What the window's title, unsaved mark and quit question need to know. */
    setState: procedure
      .input(
        z.object({ title: z.string(), edited: z.boolean(), path: z.string().nullable(), liveRuns: z.number().int() }),
      )
      .output(nothing),
    pickWorkspace: procedure.input(nothing).output(z.object({ path: z.string().nullable() })),
    pickSaveFile: procedure
      .input(z.object({ suggested: z.string(), content: z.string(), encoding: z.enum(['utf8', 'base64']) }))
      .output(z.object({ path: z.string().nullable() })),
    openExternal: procedure.input(z.object({ url: z.string() })).output(nothing),
    notify: procedure.input(z.object({ title: z.string(), body: z.string() })).output(nothing),
    /**
     * The renderer's answer to a `close` command: it has saved or the person discarded. `hide`: it does not proceed yet,
     * but goes on without its window.
     */
    close: procedure.input(z.object({ proceed: z.boolean(), hide: z.boolean().optional() })).output(nothing),
  },
}
export type Contract = typeof contract
