import { create } from 'zustand'
import { durationText } from '#shared/analysis/duration-text.ts'
import { type MissedGoal, missedGoals } from '#shared/analysis/missed-goals.ts'
import { type SloGoal, sloGoals } from '#shared/analysis/slo-goals.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { runClock } from './clock.ts'
import { activeDocument } from './documents.ts'
import { notify } from './notices.ts'
import { useRuns } from './runs.ts'
import { tellSystem } from './systemNotice.ts'

/** The objectives that the chosen run has missed already. */
interface Objectives {
  readonly missed: readonly MissedGoal[]
}

export const useObjectives = create<Objectives>(() => ({ missed: [] }))

/** How often the objectives of a live run are looked at. */
const LOOK_MS = 1000

/** Watches the chosen run against the objectives of its pipeline. Returns the way to stop. */
export function followObjectives(): () => void {
  /** Keys of the objectives that were told of, of the run they belong to. */
  let told: { readonly run: string; readonly keys: Set<string> } = { run: '', keys: new Set() }
  const look = () => {
    const { chosen, whole: view, live } = useRuns.getState()
    const pipeline = activeDocument()?.pipeline ?? null
    const missed = view === null || pipeline?.id !== view.header.pipeline ? [] : missedIn(pipeline, view)
    if (keysOf(missed) !== keysOf(useObjectives.getState().missed)) useObjectives.setState({ missed })
    if (chosen === null || !live || view === null) return
    if (told.run !== chosen) told = { run: chosen, keys: new Set() }
    for (const goal of missed) {
      if (told.keys.has(goal.key)) continue
      told.keys.add(goal.key)
      tell(view, goal)
    }
  }
  const timer = setInterval(() => {
    if (useRuns.getState().live) look()
  }, LOOK_MS)
  const stop = useRuns.subscribe((now, before) => {
    if (now.chosen !== before.chosen || now.live !== before.live || (now.whole !== null && before.whole === null))
      look()
  })
  return () => {
    clearInterval(timer)
    stop()
  }
}

let goalsOf: { readonly pipeline: Pipeline; readonly run: string; readonly goals: readonly SloGoal[] } | null = null

function missedIn(pipeline: Pipeline, view: RunView): readonly MissedGoal[] {
  const { run, logicalDate, wall } = view.header
  if (goalsOf?.pipeline !== pipeline || goalsOf.run !== run) {
    goalsOf = { pipeline, run, goals: sloGoals(pipeline, Date.parse(logicalDate), Date.parse(wall)) }
  }
  return missedGoals(goalsOf.goals, view, runClock(view))
}

function keysOf(missed: readonly MissedGoal[]): string {
  return missed.map(({ key }) => key).join('\n')
}

/** "load runs longer than promised: within 5 m (p95)". */
export function missedText({ task, kind, promise }: MissedGoal): string {
  const what = kind === 'finishBy' ? 'is later than promised' : 'takes longer than promised'
  return `${task ?? 'The run'} ${what}: ${promise}`
}

function tell(view: RunView, goal: MissedGoal): void {
  const title = `${missedText(goal)}.`
  // The notice stays after the run has ended: it must not speak of now.
  const next = `At ${new Date().toLocaleTimeString()} it was over by ${durationText(goal.over)} and still running.`
  notify({ tone: 'warning', title, where: view.header.name, next })
  tellSystem(view.header.name, title)
}
