import { create } from 'zustand'
import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import type { Change, Scenario } from '#shared/analysis/scenario.ts'
import type { SimulationAnswer, SimulationQuestion } from '#shared/analysis/simulation-answer.ts'
import type { PlanSource } from '#shared/analysis/simulation-source.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { makeDraws } from '../analysis/draws.ts'
import { loadPlan } from '../analysis/plan-load.ts'
import { askSimulation } from '../analysis/simulation-worker.ts'
import { activeDocument, useDocuments } from './documents.ts'
import { drawInput } from './nextRun.ts'
import { attempt } from './notices.ts'
import { readScenarios, type SavedScenario, writeScenarios } from './savedScenarios.ts'
import { type Lens, setLens, useView } from './view.ts'
import { onWorkspaceChange } from './workspace.ts'

/**
 * The next run of the shown pipeline with something made different. A scenario never changes the document: it is a way of
 * looking, kept beside it. Nothing is simulated until somebody asks for it.
 */
interface WhatIf {
  /** Somebody looks, or a scenario is made. */
  readonly wanted: boolean
  readonly source: PlanSource | null
  /** What a person should know before believing the numbers, as sentences. */
  readonly notes: readonly string[]
  readonly scenario: Scenario
  /** The answer to `scenario`, or, while that is worked out, to the one before it. */
  readonly answer: SimulationAnswer | null
  /** How often slots can be added or given back. */
  readonly interval: Micros
  readonly saved: readonly SavedScenario[]
  /** By `scenarioKey`; those of another pipeline, or another past, are forgotten. */
  readonly draws: ReadonlyMap<string, MonteCarloResult>
  /** Key of the scenario that is being drawn, and how far. */
  readonly drawing: { readonly key: string; readonly drawn: number } | null
}

/** Enough for percentiles that don't move when drawn again by more than what matters here. */
export const SCENARIO_DRAWS = 2000
const FIXES = 12

export const useWhatIf = create<WhatIf>(() => ({
  wanted: false,
  source: null,
  notes: [],
  scenario: [],
  answer: null,
  interval: 60_000_000,
  saved: [],
  draws: new Map(),
  drawing: null,
}))

export function scenarioKey(scenario: Scenario): string {
  return JSON.stringify(scenario)
}

let shown: Pipeline | null = null
let loading = new AbortController()
let stopDraws: () => void = () => undefined
/** The lens to go back to. */
let lensBefore: Lens | null = null

/** Keeps up with the shown pipeline and its past. Returns the way to stop. */
export function followWhatIf(): () => void {
  const look = () => {
    const pipeline = activeDocument()?.pipeline ?? null
    if (pipeline === shown) return
    const other = pipeline?.id !== shown?.id
    shown = pipeline
    if (other) {
      leaveLens()
      useWhatIf.setState({ scenario: [], saved: pipeline === null ? [] : readScenarios(pipeline.id) })
    }
    forget()
  }
  const stops = [
    useDocuments.subscribe(look),
    onWorkspaceChange((change) => {
      if (change.type === 'run' && !change.summary.live && change.summary.pipeline === shown?.id) forget()
    }),
  ]
  look()
  return () => {
    cancelScenarioDraws()
    loading.abort()
    for (const stop of stops) stop()
  }
}

function forget(): void {
  cancelScenarioDraws()
  loading.abort()
  useWhatIf.setState(({ answer, scenario }) => ({
    source: null,
    notes: [],
    answer: scenario.length > 0 ? answer : null,
    draws: new Map(),
  }))
  if (useWhatIf.getState().wanted) void load()
}

/** Reads the past and simulates, unless that was done. */
export function wantWhatIf(): void {
  if (useWhatIf.getState().wanted) return
  useWhatIf.setState({ wanted: true })
  void load()
}

async function load(): Promise<void> {
  const pipeline = shown
  if (pipeline === null) return
  loading.abort()
  const own = new AbortController()
  loading = own
  const loaded = await attempt('Read the past runs', () => loadPlan(pipeline, own.signal))
  if (own.signal.aborted || !loaded) return
  useWhatIf.setState(loaded)
  simulate()
}

function simulate(): void {
  const { source, scenario, interval } = useWhatIf.getState()
  if (source === null) return
  const question: SimulationQuestion = {
    source,
    scenario,
    fixes: FIXES,
    fixDraws: 0,
    curve: { most: null, interval },
  }
  askSimulation(question, (answer) => {
    if (useWhatIf.getState().source === source) useWhatIf.setState({ answer })
  })
}

/** Supposes something, instead of what was supposed before. Empty: back to the pipeline as it is. */
export function suppose(scenario: Scenario): void {
  const before = useWhatIf.getState().scenario
  useWhatIf.setState({ scenario, wanted: true })
  if (scenario.length > 0 && before.length === 0) enterLens()
  if (scenario.length === 0) leaveLens()
  if (useWhatIf.getState().source === null) void load()
  else simulate()
}

/** Adds a change; it takes the place of one of the same kind on the same thing. */
export function supposeAlso(change: Change): void {
  suppose([...withoutLike(useWhatIf.getState().scenario, change), change])
}

export function supposeNot(change: Change): void {
  suppose(useWhatIf.getState().scenario.filter((one) => one !== change))
}

export function withoutLike(scenario: Scenario, change: Change): Scenario {
  const slot = placeOf(change)
  return scenario.filter((one) => placeOf(one) !== slot)
}

function placeOf(change: Change): string {
  if ('pool' in change) return JSON.stringify(['pool', change.pool])
  if ('slots' in change) return '["slots"]'
  // A task that is gone, fails or takes another time does one of the three.
  const kind = 'split' in change ? 'split' : 'late' in change ? 'late' : 'time'
  return JSON.stringify([kind, change.task])
}

function enterLens(): void {
  const { lens } = useView.getState()
  if (lens !== 'whatif') lensBefore = lens
  setLens('whatif')
}

function leaveLens(): void {
  if (useView.getState().lens === 'whatif') setLens(lensBefore ?? 'critical')
  lensBefore = null
}

export function payForEvery(interval: Micros): void {
  useWhatIf.setState({ interval })
  simulate()
}

export function changeSaved(change: (saved: readonly SavedScenario[]) => readonly SavedScenario[]): void {
  const saved = change(useWhatIf.getState().saved)
  useWhatIf.setState({ saved })
  if (shown !== null) writeScenarios(shown.id, saved)
}

/** Draws these scenarios one after the other, those that are drawn already left out. */
export function drawScenarios(scenarios: readonly Scenario[]): void {
  const { source, draws, drawing } = useWhatIf.getState()
  const [next, ...rest] = scenarios.filter((scenario) => !draws.has(scenarioKey(scenario)))
  if (source === null || next === undefined || drawing !== null) return
  const key = scenarioKey(next)
  useWhatIf.setState({ drawing: { key, drawn: 0 } })
  const { input } = drawInput(source, next)
  stopDraws = makeDraws(input, SCENARIO_DRAWS, {
    drawn: (sum) => {
      const result = sum.result()
      if (result === null || sum.drawn < SCENARIO_DRAWS) {
        useWhatIf.setState({ drawing: { key, drawn: sum.drawn } })
        return
      }
      useWhatIf.setState((state) => ({ drawing: null, draws: new Map(state.draws).set(key, result) }))
      drawScenarios(rest)
    },
    refused: () => {
      // A scenario of tasks that are no more: its row says so.
      useWhatIf.setState({ drawing: null })
      drawScenarios(rest)
    },
  })
}

export function cancelScenarioDraws(): void {
  stopDraws()
  stopDraws = () => undefined
  if (useWhatIf.getState().drawing !== null) useWhatIf.setState({ drawing: null })
}
