import { create } from 'zustand'
import {
  type DurationBasis,
  type DurationHistory,
  type ExpectedDuration,
  expectedDurations,
} from '#shared/analysis/basis.ts'
import { type ChainLink, chainLinks } from '#shared/analysis/chain-links.ts'
import { NEAR_CRITICAL_SHARE, nearCriticalTasks } from '#shared/analysis/near-critical.ts'
import { readDurations } from '#shared/analysis/past-durations.ts'
import { type RealizedPath, realizedPath } from '#shared/analysis/realized-path.ts'
import {
  criticalLinks,
  handlersOf,
  type PipelineAnalysis,
  pipelineAnalysis,
  type TaskAnalysis,
} from '#shared/analysis/summary.ts'
import type { ImportedRun } from '#shared/formats/format.ts'
import { findCycle } from '#shared/graph/cycle.ts'
import { taskGraph } from '#shared/graph/task-graph.ts'
import { type RunView, taskDuration } from '#shared/journal/run-view.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { api } from './client.ts'
import { useDocuments } from './documents.ts'
import { attempt } from './notices.ts'
import { useRuns } from './runs.ts'
import { edgeId } from './selection.ts'
import { onWorkspaceChange, workspaceRoot } from './workspace.ts'

/**
 * What the past says about the shown pipeline. Durations come from the chosen run where it has ended (`basis: 'run'`),
 * else from history and estimates; the plan is the critical path method over them, with unlimited slots.
 */
interface Analysis {
  /** What the person wants durations taken from; 'run' means history while no finished run is chosen. */
  readonly choice: BasisChoice
  /** How many past runs count, where several do. */
  readonly basisRuns: number
  /** Of the shown pipeline; null until it came. */
  readonly history: { readonly durations: DurationHistory; readonly imported: ImportedRun | null } | null
  readonly basis: 'run' | 'history'
  /** What each task typically takes, from history, estimate or a guess: not from the chosen run. */
  readonly typical: ReadonlyMap<string, ExpectedDuration>
  /** null while there is no pipeline, or it has a cycle. */
  readonly plan: PipelineAnalysis | null
  /** Longest duration of the plan: the full width of the cards' bars. */
  readonly longest: Micros
  readonly criticalTasks: ReadonlySet<string>
  /** Of the makespan, 0 to 1: with so little float a task counts as nearly critical. */
  readonly nearShare: number
  readonly nearTasks: ReadonlySet<string>
  /** Edges (see `edgeId`) between neighbours on a critical path. */
  readonly criticalEdges: ReadonlySet<string>
  /** Those of the plan: of several paths that are equally long, all. */
  readonly planEdges: ReadonlySet<string>
  /** Of the chosen run, once it has ended. */
  readonly realized: RealizedPath | null
  /** What a person wants to see: the plan's critical path, or what led to the end of the chosen run, where there is one. */
  readonly pathChoice: PathChoice
  /** The links of `realized` where that is what is shown: then the critical tasks and edges are its own. */
  readonly chain: readonly ChainLink[] | null
}

export type PathChoice = 'plan' | 'realized'

export type BasisChoice = 'run' | DurationBasis['type']

const NOTHING: Omit<Analysis, 'choice' | 'basisRuns' | 'nearShare' | 'pathChoice'> = {
  history: null,
  basis: 'history',
  typical: new Map(),
  plan: null,
  longest: 0,
  criticalTasks: new Set(),
  nearTasks: new Set(),
  criticalEdges: new Set(),
  planEdges: new Set(),
  realized: null,
  chain: null,
}

export const useAnalysis = create<Analysis>(() => ({
  ...NOTHING,
  choice: 'run',
  basisRuns: 20,
  nearShare: NEAR_CRITICAL_SHARE,
  pathChoice: 'plan',
}))

/** Keeps the analysis up to date with the shown pipeline, its history and the chosen run. Returns the way to stop. */
export function followAnalysis(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(analyse, 60)
  }
  let shown: Pipeline | null = null
  let id: string | null = null
  const takeDocuments = () => {
    const { open, active } = useDocuments.getState()
    const pipeline = open.find((document) => document.path === active)?.pipeline ?? null
    if (pipeline === shown) return
    shown = pipeline
    if ((pipeline?.id ?? null) !== id) {
      id = pipeline?.id ?? null
      useAnalysis.setState(NOTHING)
      if (id !== null) void loadHistory(id).then(later)
    }
    later()
  }
  let ended: string | null = null
  const takeRuns = () => {
    const { chosen, whole } = useRuns.getState()
    const now = whole && whole.endedAt !== null ? chosen : null
    if (now === ended) return
    ended = now
    later()
  }
  const stops = [
    useDocuments.subscribe(takeDocuments),
    useRuns.subscribe(takeRuns),
    onWorkspaceChange((change) => {
      if (change.type === 'run' && !change.summary.live && change.summary.pipeline === id) {
        void loadHistory(change.summary.pipeline).then(later)
      }
    }),
  ]
  takeDocuments()
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}

/** Of a pipeline without history, or before it is known. */
export const NO_DURATIONS: DurationHistory = new Map()
const HISTORY_RUNS = 50

async function loadHistory(pipeline: string): Promise<void> {
  const history = await attempt('Read the history', () =>
    api().history.get({ workspace: workspaceRoot(), pipeline, limit: HISTORY_RUNS }),
  )
  if (history) useAnalysis.setState({ history: { ...history, durations: readDurations(history.durations) } })
}

/** `runs`: how many past runs count, where several do. */
export function chooseBasis(choice: BasisChoice, runs: number): void {
  useAnalysis.setState({ choice, basisRuns: runs })
  analyse()
}

/** `share`: of the makespan, 0 to 1. */
export function chooseNearShare(share: number): void {
  useAnalysis.setState((state) => ({ nearShare: share, ...pathShown({ ...state, nearShare: share }) }))
}

export function choosePath(pathChoice: PathChoice): void {
  useAnalysis.setState((state) => ({ pathChoice, ...pathShown({ ...state, pathChoice }) }))
}

/** What the critical-path lens draws. */
function pathShown({
  plan,
  planEdges,
  realized,
  nearShare,
  pathChoice,
}: Pick<Analysis, 'plan' | 'planEdges' | 'realized' | 'nearShare' | 'pathChoice'>) {
  if (pathChoice === 'realized' && realized !== null) {
    const chain = chainLinks(realized)
    return {
      chain,
      criticalTasks: new Set(realized.links.map(({ task }) => task)),
      criticalEdges: new Set(
        chain.filter(({ cause }) => cause === 'dependency').map(({ from, to }) => edgeId(from, to)),
      ),
      nearTasks: new Set<string>(),
    }
  }
  return {
    chain: null,
    criticalTasks: new Set(Object.keys(plan?.tasks ?? {}).filter((id) => plan?.tasks[id]?.critical)),
    criticalEdges: planEdges,
    nearTasks: nearTasks(plan, nearShare),
  }
}

function nearTasks(plan: PipelineAnalysis | null, share: number): ReadonlySet<string> {
  return new Set(plan === null || share === 0 ? [] : nearCriticalTasks(plan, share))
}

function basisOf(choice: BasisChoice, runs: number): DurationBasis {
  switch (choice) {
    case 'estimate':
    case 'imported':
    case 'last':
      return { type: choice }
    case 'p95':
      return { type: 'p95', runs }
    default:
      return { type: 'median', runs }
  }
}

function analyse(): void {
  const { open, active } = useDocuments.getState()
  const pipeline = open.find((document) => document.path === active)?.pipeline
  if (!pipeline) return
  const { whole: view, events } = useRuns.getState()
  const { choice, basisRuns, history } = useAnalysis.getState()
  const finished = view && view.endedAt !== null && view.header.pipeline === pipeline.id ? view : null
  const ended = choice === 'run' ? finished : null
  const typical = expectedDurations(
    pipeline.tasks,
    history?.durations ?? NO_DURATIONS,
    basisOf(choice, basisRuns),
    new Map(history?.imported?.tasks),
  )
  const durations = ended ? withRun(typical, ended) : typical
  const cyclic = findCycle(taskGraph(pipeline.tasks).graph) !== null
  const plan = cyclic ? null : pipelineAnalysis(pipeline.tasks, durations, handlersOf(pipeline))
  const links = plan === null ? [] : criticalLinks(pipeline.tasks, plan)
  const planEdges = new Set(links.map(([upstream, task]) => edgeId(upstream, task)))
  const realized = finished ? realizedPath(finished, events) : null
  useAnalysis.setState((state) => ({
    basis: ended ? 'run' : 'history',
    typical,
    plan,
    planEdges,
    longest: Math.max(0, ...[...durations.values()].map((duration) => duration.value)),
    realized,
    ...pathShown({ ...state, plan, planEdges, realized }),
  }))
}

/** What the run's own tasks took; tasks it did not execute keep what is typical. */
function withRun(typical: ReadonlyMap<string, ExpectedDuration>, view: RunView): ReadonlyMap<string, ExpectedDuration> {
  const durations = new Map(typical)
  for (const id of typical.keys()) {
    const task = view.tasks.get(id)
    const value = task ? taskDuration(task) : null
    if (value !== null) durations.set(id, { value, source: 'history' })
  }
  return durations
}

export function useTypicalDuration(task: string): ExpectedDuration | null {
  return useAnalysis((state) => state.typical.get(task) ?? null)
}

/** Start, float and drag of one task in the plan. */
export function useTaskPlan(task: string): TaskAnalysis | null {
  return useAnalysis((state) => state.plan?.tasks[task] ?? null)
}

export function useIsCritical(task: string): boolean {
  return useAnalysis((state) => state.criticalTasks.has(task))
}
