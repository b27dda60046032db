import { create } from 'zustand'
import { DEFAULT_DRAWS, type MonteCarloInput } from '#shared/analysis/monte-carlo.ts'
import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import type { Scenario } from '#shared/analysis/scenario.ts'
import type { PlanSource } from '#shared/analysis/simulation-source.ts'
import type { ChancesToMeet } from '#shared/analysis/slo.ts'
import { chancesToMeet, type SloGoal, sloGoals } from '#shared/analysis/slo-goals.ts'
import { logicalDateOf } from '#shared/expression/schedule.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Problem } from '#shared/model/problem.ts'
import { makeDraws } from '../analysis/draws.ts'
import { loadPlan } from '../analysis/plan-load.ts'
import { activeDocument, useDocuments } from './documents.ts'
import { attempt } from './notices.ts'
import { onWorkspaceChange } from './workspace.ts'

/** What thousands of simulated runs say of the next one of the shown pipeline as it stands. Made when asked for. */
interface NextRun {
  /** True from the question to the last draw. */
  readonly drawing: boolean
  readonly drawn: number
  readonly result: MonteCarloResult | null
  /** Criticality index by task: the share of draws in which it lies on the realized critical path. */
  readonly criticality: ReadonlyMap<string, number> | null
  readonly chances: ChancesToMeet | null
  /** What a person should know before believing the numbers, as sentences. */
  readonly notes: readonly string[]
  /** Why it can't be simulated. */
  readonly problem: Problem | null
}

const NOTHING: NextRun = {
  drawing: false,
  drawn: 0,
  result: null,
  criticality: null,
  chances: null,
  notes: [],
  problem: null,
}

export const useNextRun = create<NextRun>(() => NOTHING)
/** As in the command line, so that both say the same. */
export const NEXT_RUN_SEED = 1
export const NEXT_RUN_DRAWS = DEFAULT_DRAWS

let stop: () => void = () => undefined

/** Ends the draws under way; what was drawn by then stays. */
export function cancelNextRun(): void {
  stop()
  useNextRun.setState({ drawing: false })
}

/**
 * Forgets what was drawn once the pipeline, or what its past says of it, is another; draws under way begin anew. Returns
 * the way to stop.
 */
export function followNextRun(): () => void {
  let shown: Pipeline | null = null
  const forget = () => {
    const { drawing } = useNextRun.getState()
    stop()
    if (useNextRun.getState() !== NOTHING) useNextRun.setState(NOTHING)
    if (drawing) void drawNextRun()
  }
  const look = () => {
    const pipeline = activeDocument()?.pipeline ?? null
    if (pipeline === shown) return
    shown = pipeline
    forget()
  }
  const stops = [
    useDocuments.subscribe(look),
    onWorkspaceChange((change) => {
      if (change.type === 'run' && !change.summary.live && change.summary.pipeline === shown?.id) forget()
    }),
    () => stop(),
  ]
  return () => {
    for (const end of stops) end()
  }
}

/** Draws the next run; heard of through the store, from the first tenth of a second on. */
export async function drawNextRun(): Promise<void> {
  const pipeline = activeDocument()?.pipeline
  if (!pipeline || useNextRun.getState().drawing) return
  const own = new AbortController()
  stop = () => own.abort()
  useNextRun.setState({ ...NOTHING, drawing: true })
  const loaded = await attempt('Read the past runs', () => loadPlan(pipeline, own.signal))
  if (own.signal.aborted) return
  if (!loaded) {
    useNextRun.setState({ drawing: false })
    return
  }
  const { input, goals } = drawInput(loaded.source, [])
  stop = makeDraws(input, NEXT_RUN_DRAWS, {
    drawn: (sum) => {
      const result = sum.result()
      if (result === null) return
      useNextRun.setState({
        drawing: sum.drawn < NEXT_RUN_DRAWS,
        drawn: sum.drawn,
        result,
        criticality: new Map(result.tasks.map(({ task, criticality }) => [task, criticality])),
        chances: chancesToMeet(goals, result),
        notes: loaded.notes,
      })
    },
    refused: (problems) => useNextRun.setState({ ...NOTHING, problem: problems[0] ?? null }),
  })
}

/** The next run with a scenario made, and the objectives it has to keep: it starts at its schedule's last tick. */
export function drawInput(
  source: PlanSource,
  scenario: Scenario,
): { readonly input: MonteCarloInput; readonly goals: readonly SloGoal[] } {
  const { pipeline } = source
  const now = new Date().toISOString()
  const logicalDate = Date.parse(logicalDateOf(pipeline.schedule, now).logicalDate)
  const goals = sloGoals(pipeline, logicalDate, logicalDate)
  return { input: { source, scenario, seed: NEXT_RUN_SEED, goals: goals.map(({ goal }) => goal) }, goals }
}
