import { create } from 'zustand'
import { durationText } from '#shared/analysis/duration-text.ts'
import { appErrorOf } from '#shared/contract/call-error.ts'
import type { ContractClient } from '#shared/contract/client.ts'
import type { RunSummary } from '#shared/contract/data.ts'
import { AppError, type AppErrorData } from '#shared/contract/error.ts'
import type { RunPlan } from '#shared/contract/run-plan.ts'
import type { JournalEvent, Selection } from '#shared/journal/event.ts'
import { applyEvent, foldRun, loseRunning } from '#shared/journal/fold.ts'
import type { RunView, TaskView } from '#shared/journal/run-view.ts'
import type { Json } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { api } from './client.ts'
import { textOfVersion } from './documents.ts'
import { type Drawing, pauseBeforeDrawing } from './drawPace.ts'
import { attempt, notifyError } from './notices.ts'
import { tellSystem } from './systemNotice.ts'
import { openDialog, setLens, showBottom } from './view.ts'
import { onWorkspaceChange, onWorkspaceReturn, setTrust, workspaceRoot } from './workspace.ts'

/** The runs of the workspace, and the one that paints the canvas. */
interface Runs {
  /** Newest first. */
  readonly summaries: readonly RunSummary[]
  readonly loaded: boolean
  /** The run on the canvas. */
  readonly chosen: string | null
  /** All that is known of it: mutated by the journal's events. null while it loads or where none is chosen. */
  readonly whole: RunView | null
  /** What is shown of it: `whole`, or while it is replayed (see replay.ts) the run as it was. `version` tells of changes. */
  readonly view: RunView | null
  /** The instant of the run that a replay shows; null: there is none, and `view` is `whole`. */
  readonly replayAt: Micros | null
  /** `view.version` as of the last drawing; selectors that read the view depend on it. */
  readonly version: number
  /** The pipeline's text as it was when the chosen run began. */
  readonly spec: string | null
  readonly live: boolean
  /** Events so far, for the analysis of a finished run. */
  readonly events: readonly JournalEvent[]
  /** A start that waits for the person's trust. */
  readonly trustRequest: TrustRequest | null
  /** What the run dialog shall start, beside the parameters it asks for. */
  readonly draft: RunDraft
}

export interface RunDraft {
  readonly selection?: Selection
}

export interface TrustRequest {
  readonly error: AppErrorData
  readonly retry: () => Promise<string | null>
}

export interface StartOptions {
  readonly path: string
  readonly params: Readonly<Record<string, Json>>
  readonly selection?: Selection
  readonly rerunFailedOf?: string
  readonly slots?: number
  readonly logicalDate?: string
  /** Default: pinned tasks take their pins. */
  readonly pins?: boolean
  /** Default: tasks with `cache: true` take earlier results. */
  readonly cache?: boolean
  /** Default: what the pipeline says. */
  readonly failFast?: boolean
}

const NOTHING_SHOWN = { whole: null, view: null, replayAt: null, version: 0, spec: null, live: false, events: [] }

export const useRuns = create<Runs>(() => ({
  summaries: [],
  loaded: false,
  chosen: null,
  ...NOTHING_SHOWN,
  trustRequest: null,
  draft: {},
}))

export async function loadRuns(): Promise<void> {
  const summaries = await attempt('List the runs', () => api().runs.list({ workspace: workspaceRoot() }))
  if (summaries) useRuns.setState({ summaries, loaded: true })
}

/** Begins to hear of runs that start and end, whoever started them. Returns the way to stop. */
export function followRuns(): () => void {
  const stops = [
    onWorkspaceChange((change) => {
      if (change.type === 'run') takeSummary(change.summary)
      if (change.type === 'runDeleted') dropRun(change.run)
    }),
    onWorkspaceReturn(() => void loadRuns()),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

function takeSummary(summary: RunSummary): void {
  const { chosen, view, live } = useRuns.getState()
  // Somebody marked a task of it: it goes on.
  if (summary.live && summary.run === chosen && view !== null && !live) void followAgain(summary.run)
  useRuns.setState(({ summaries }) => ({ summaries: withSummary(summaries, summary) }))
}

/** Replaces the summary of the same run, else puts it where it belongs by its start. */
export function withSummary(summaries: readonly RunSummary[], summary: RunSummary): readonly RunSummary[] {
  const others = summaries.filter((other) => other.run !== summary.run)
  const at = others.findIndex((other) => other.startedAt <= summary.startedAt)
  return at < 0 ? [...others, summary] : [...others.slice(0, at), summary, ...others.slice(at)]
}

function dropRun(run: string): void {
  if (useRuns.getState().chosen === run) void chooseRun(null)
  useRuns.setState(({ summaries }) => ({ summaries: summaries.filter((summary) => summary.run !== run) }))
}

let following: AbortController | null = null

/**
 * Paints the canvas with a run; null: with none. Follows it while it is live. `begun`: just now, by this person. It is
 * there in a moment, so what was shown stays until then, and its states are what is looked at.
 */
export async function chooseRun(run: string | null, begun = false): Promise<void> {
  following?.abort()
  const own = new AbortController()
  following = own
  if (!begun) useRuns.setState({ chosen: run, ...NOTHING_SHOWN })
  if (run === null) return
  const workspace = workspaceRoot()
  const read = await attempt('Read the run', () => readRun(workspace, run, own.signal))
  if (own.signal.aborted) return
  if (!read) {
    useRuns.setState({ chosen: run, ...NOTHING_SHOWN })
    return
  }
  showRun(run, read)
  if (begun) setLens('state')
  if (read.summary.live) await follow(workspace, run, own.signal)
}

/** The chosen run has been opened again: what is drawn stays, and what happens is added to it. */
async function followAgain(run: string): Promise<void> {
  following?.abort()
  const own = new AbortController()
  following = own
  useRuns.setState({ live: true })
  await follow(workspaceRoot(), run, own.signal)
}

/** With the text it began with. Mostly that is a file that is open, and need not come again. */
async function readRun(workspace: string, run: string, signal: AbortSignal) {
  const detail = await api().runs.get({ workspace, run }, { signal })
  const header = detail.events[0]
  const known = header?.type === 'run' ? textOfVersion(header.specHash) : null
  return { ...detail, spec: known ?? (await api().runs.frozen({ workspace, run }, { signal })).spec }
}

function showRun(run: string, { summary, events, spec }: Awaited<ReturnType<typeof readRun>>): void {
  const view = foldRun(events)
  if (view !== null && summary.state === 'interrupted') loseRunning(view)
  const shown = { whole: view, view, version: view?.version ?? 0, spec, live: summary.live, events }
  useRuns.setState({ ...NOTHING_SHOWN, chosen: run, ...shown })
}

async function follow(workspace: string, run: string, signal: AbortSignal): Promise<void> {
  const { whole: view } = useRuns.getState()
  if (!view) return
  const fresh: JournalEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let last: Drawing = { at: Number.NEGATIVE_INFINITY, took: 0 }
  let over = false
  /** What has come since, taken in. */
  const drawn = (): Pick<Runs, 'version' | 'events'> => {
    const added = fresh.splice(0)
    for (const event of added) applyEvent(view, event)
    const { events, view: shown, version } = useRuns.getState()
    return { version: shown === view ? view.version : version, events: [...events, ...added] }
  }
  const draw = () => {
    timer = undefined
    if (signal.aborted) return
    const at = performance.now()
    last = { at, took: 0 }
    useRuns.setState(drawn())
    // By then React has drawn, too.
    setTimeout(() => {
      last = { at, took: performance.now() - at }
    })
  }
  try {
    const batches = await api().runs.watch({ workspace, run, after: view.lastEvent }, { signal })
    for await (const batch of batches) {
      fresh.push(...batch.events)
      timer ??= setTimeout(draw, pauseBeforeDrawing(last, performance.now()))
      if (batch.failure) notifyError(new AppError(batch.failure), 'Follow the run')
      over = !batch.live
      if (over) break
    }
  } catch (error) {
    if (!signal.aborted) notifyError(error, 'Follow the run')
  }
  clearTimeout(timer)
  if (signal.aborted) return
  useRuns.setState({ live: false, ...drawn() })
  if (over && view.endedAt === null) {
    loseRunning(view)
    useRuns.setState(drawn())
  }
  tellOfEnd(view)
}

/** A run that ends while the window is not looked at is told of by the system, where the host can. */
function tellOfEnd(view: RunView): void {
  const took = view.lastSettledAt === null ? '' : ` after ${durationText(view.lastSettledAt)}`
  const body = `It ended ${ENDINGS[view.state] ?? 'early'}${took}.`
  tellSystem(view.header.name, body)
}

const ENDINGS: Readonly<Record<string, string>> = {
  success: 'well',
  partial: 'with failures that were allowed',
  failed: 'in failure',
  cancelled: 'because it was cancelled',
}

/** Asks for parameters, then starts the shown pipeline; with a selection only that part of it. */
export function openRunDialog(draft: RunDraft = {}): void {
  useRuns.setState({ draft })
  openDialog('run')
}

/**
 * Starts a run of a saved file and chooses it. Resolves to its id, or null where it did not start: the person was told,
 * or is asked for trust and the start goes on from there.
 */
export async function startRun(options: StartOptions): Promise<string | null> {
  try {
    const { run } = await api().runs.start(inputOf(options))
    showBottom('timeline')
    void chooseRun(run, true)
    return run
  } catch (error) {
    tellOrAsk(error, 'Start the run', () => startRun(options))
    return null
  }
}

/** What needs trust is asked for, and done once there is; any other failure is told. */
function tellOrAsk(error: unknown, doing: string, retry: () => Promise<string | null>): void {
  const data = appErrorOf(error)
  if (data?.code === 'NOT_TRUSTED') useRuns.setState({ trustRequest: { error: data, retry } })
  else notifyError(error, doing)
}

/** What such a run would do; starts nothing. Rejects as the call does. */
export function planRun(options: StartOptions, signal: AbortSignal): Promise<RunPlan> {
  return api().runs.plan(inputOf(options), { signal })
}

function inputOf(options: StartOptions): Parameters<ContractClient['runs']['start']>[0] {
  return {
    workspace: workspaceRoot(),
    path: options.path,
    params: { ...options.params },
    trigger: 'app',
    pins: options.pins ?? true,
    cache: options.cache ?? true,
    ...(options.selection ? { selection: mutableSelection(options.selection) } : {}),
    ...(options.rerunFailedOf ? { rerunFailedOf: options.rerunFailedOf } : {}),
    ...(options.slots ? { slots: options.slots } : {}),
    ...(options.failFast === undefined ? {} : { failFast: options.failFast }),
    ...(options.logicalDate ? { logicalDate: options.logicalDate } : {}),
  }
}

function mutableSelection(selection: Selection): { from?: string[]; upTo?: string[]; only?: string[] } {
  return {
    ...(selection.from ? { from: [...selection.from] } : {}),
    ...(selection.upTo ? { upTo: [...selection.upTo] } : {}),
    ...(selection.only ? { only: [...selection.only] } : {}),
  }
}

/** The person's answer to a trust request; with trust the start goes on. */
export async function answerTrust(trusted: boolean): Promise<void> {
  const { trustRequest } = useRuns.getState()
  useRuns.setState({ trustRequest: null })
  if (!trustRequest || !trusted) return
  if (await setTrust(true)) await trustRequest.retry()
}

export async function cancelRun(run: string, kill: boolean): Promise<void> {
  await attempt('Cancel the run', () => api().runs.cancel({ workspace: workspaceRoot(), run, kill }))
}

export async function resumeRun(run: string): Promise<string | null> {
  try {
    await api().runs.resume({ workspace: workspaceRoot(), run })
    void chooseRun(run)
    return run
  } catch (error) {
    tellOrAsk(error, 'Resume the run', () => resumeRun(run))
    return null
  }
}

export async function deleteRun(run: string): Promise<void> {
  await attempt('Delete the run', () => api().runs.delete({ workspace: workspaceRoot(), run }))
}

/** What a person says about an instance; `index` null: a task with all its instances. */
export interface MarkedInstance {
  readonly task: string
  readonly index: number | null
}

/** Gives an instance of the chosen run another state. An ended run goes on with it. */
export function markInstance(instance: MarkedInstance, as: 'success' | 'failed'): Promise<void> {
  return change(`Mark the task`, (where) => api().runs.mark({ ...where, ...instance, as }))
}

/** Lets an instance of the chosen run run again, with what depends on it or alone. */
export function clearInstance(instance: MarkedInstance, downstream: boolean): Promise<void> {
  return change('Clear the task', (where) => api().runs.clear({ ...where, ...instance, downstream }))
}

async function change(
  what: string,
  call: (where: { readonly workspace: string; readonly run: string }) => Promise<unknown>,
): Promise<void> {
  const { chosen: run } = useRuns.getState()
  if (run === null) return
  try {
    await call({ workspace: workspaceRoot(), run })
    const { chosen, live, view } = useRuns.getState()
    if (chosen === run && view !== null && !live) await followAgain(run)
  } catch (error) {
    tellOrAsk(error, what, () => change(what, call).then(() => run))
  }
}

/** A new run of the same file with the same parameters and selection, or of its failed tasks only. */
export async function runAgain(run: string, which: 'all' | 'failed'): Promise<string | null> {
  const { chosen, view } = useRuns.getState()
  const header =
    chosen === run && view
      ? view.header
      : (await attempt('Read the run', () => api().runs.frozen({ workspace: workspaceRoot(), run })))?.header
  if (!header) return null
  return startRun({
    path: header.file,
    params: header.params,
    ...(header.selection ? { selection: header.selection } : {}),
    ...(which === 'failed' ? { rerunFailedOf: run } : {}),
  })
}

/** The chosen run's view of one task; draws again only when that task changed. */
export function useTaskRun(task: string): TaskView | null {
  const version = useRuns((state) => state.view?.tasks.get(task)?.version ?? -1)
  const view = useRuns.getState().view
  return version < 0 || !view ? null : (view.tasks.get(task) ?? null)
}

/** The chosen run; draws again with every change of it. Prefer `useTaskRun`. */
export function useRunView(): RunView | null {
  useRuns((state) => state.version)
  return useRuns((state) => state.view)
}

/** What is shown of the chosen run goes on: it is live, or is replayed. */
export function useIsUnderWay(): boolean {
  return useRuns((state) => state.live || state.replayAt !== null)
}

export function useChosenSummary(): RunSummary | null {
  return useRuns((state) => state.summaries.find((summary) => summary.run === state.chosen) ?? null)
}
