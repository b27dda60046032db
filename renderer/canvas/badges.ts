import { create } from 'zustand'
import type { MissedGoal } from '#shared/analysis/missed-goals.ts'
import type { SloReport } from '#shared/analysis/slo.ts'
import type { Pipeline } from '#shared/model/pipeline.ts'
import { activeDocument, useDocuments } from '../state/documents.ts'
import { missedText, useObjectives } from '../state/objectives.ts'
import { objectiveText, SLO_LABELS, useSloReport } from '../state/sloReport.ts'

/** What a card says beside its name of runs as a whole. */
export interface CardBadges {
  /** It runs after all others, when the run so ends; null: in its place in the graph. */
  readonly handler: 'succeeds' | 'fails' | 'ends' | null
  /** An objective of the task that is not kept. */
  readonly objective: { readonly label: string; readonly title: string; readonly token: string } | null
}

export const NO_BADGES: CardBadges = { handler: null, objective: null }

/** By task; those with none are left out. */
export type BadgesByTask = ReadonlyMap<string, CardBadges>

export const useBadges = create<{ readonly byTask: BadgesByTask }>(() => ({ byTask: new Map() }))

/** Keeps the badges up to date with the shown pipeline, its chosen run and its past. Returns the way to stop. */
export function followBadges(): () => void {
  let seen: readonly unknown[] = []
  const look = () => {
    const handlers = handlersOf(activeDocument()?.pipeline ?? null)
    const { missed } = useObjectives.getState()
    const { report } = useSloReport.getState()
    const now = [missed, report, ...[...handlers].flat()]
    if (now.length === seen.length && now.every((value, index) => value === seen[index])) return
    seen = now
    useBadges.setState({ byTask: badgesOf(handlers, missed, report) })
  }
  const stops = [useDocuments.subscribe(look), useObjectives.subscribe(look), useSloReport.subscribe(look)]
  look()
  return () => {
    for (const stop of stops) stop()
  }
}

type Handlers = ReadonlyMap<string, NonNullable<CardBadges['handler']>>

function handlersOf(pipeline: Pick<Pipeline, 'onSuccess' | 'onFailure'> | null): Handlers {
  const { onSuccess, onFailure } = pipeline ?? { onSuccess: [], onFailure: [] }
  return new Map([
    ...onSuccess.map((task) => [task, 'succeeds'] as const),
    ...onFailure.map((task) => [task, onSuccess.includes(task) ? 'ends' : 'fails'] as const),
  ])
}

/** What the chosen run misses comes before what past ones did. */
function badgesOf(handlers: Handlers, missed: readonly MissedGoal[], report: SloReport | null): BadgesByTask {
  const objectives = new Map<string, CardBadges['objective']>()
  for (const one of report?.objectives ?? []) {
    if (one.task === null || (one.status !== 'missed' && one.status !== 'at_risk')) continue
    const label = `Objective ${SLO_LABELS[one.status].toLowerCase()}`
    const token = one.status === 'missed' ? '--danger' : '--warning'
    if (!objectives.has(one.task)) objectives.set(one.task, { label, title: `${label}. ${objectiveText(one)}`, token })
  }
  for (const goal of missed) {
    if (goal.task === null) continue
    objectives.set(goal.task, { label: 'Objective missed', title: missedText(goal), token: '--state-retrying' })
  }
  const tasks = new Set([...handlers.keys(), ...objectives.keys()])
  return new Map(
    [...tasks].map((task) => [task, { handler: handlers.get(task) ?? null, objective: objectives.get(task) ?? null }]),
  )
}
