import { endOf, type JournalEvent, type RunEnded, type RunHeader } from '#shared/journal/event.ts'
import type { Json } from '#shared/model/pipeline.ts'
import type { Steps } from '#shared/model/steps.ts'
import type { Micros } from '#shared/model/time.ts'
import type { Plan } from '#shared/scheduler/plan.ts'
import { type Restored, restoreSteps } from '#shared/scheduler/replay.ts'
import type { RunScope } from './run-scope.ts'

export interface ResumePoint {
  /** When the run goes on: time on the wall counts, so the interruption is part of the makespan. */
  readonly t: Micros
  readonly nextNumber: number
  readonly restored: Restored
  /** How it ended, where it did and was not opened again: there is nothing to resume. */
  readonly ended: RunEnded | null
  /** Its last end, if it was opened again after it. */
  readonly lastEnd: RunEnded | null
  /** Brings a fresh scope to where the run was. `items`: what a mapped task repeats over, evaluated again. */
  replay(scope: RunScope, items: (task: number) => readonly Json[]): Steps<void>
}

/** About a millisecond's, unless lists are evaluated again. */
const EVENTS_A_STEP = 500

/** Where an interrupted run goes on; null for a new one. */
export function* resumePoint(plan: Plan, past: readonly JournalEvent[], header: RunHeader): Steps<ResumePoint | null> {
  const last = past.at(-1)
  if (last === undefined) return null
  const restored = yield* restoreSteps(plan, past)
  const onTheWall = (Date.now() - Date.parse(header.wall)) * 1000
  return {
    t: Math.max(last.t, Number.isFinite(onTheWall) ? Math.round(onTheWall) : 0),
    nextNumber: last.n + 1,
    restored,
    ended: endOf(past),
    lastEnd: past.findLast((event) => event.type === 'ended') ?? null,
    replay: (scope, items) => replayInto(plan, past, scope, items),
  }
}

/** Brings a fresh scope to where the journal's events lead. */
export function* replayInto(
  plan: Plan,
  past: readonly JournalEvent[],
  scope: RunScope,
  items: (task: number) => readonly Json[],
): Steps<void> {
  for (const [at, event] of past.entries()) {
    if (at % EVENTS_A_STEP === 0) yield
    replayEvent(plan, event, scope, items)
  }
}

function replayEvent(plan: Plan, event: JournalEvent, scope: RunScope, items: (task: number) => readonly Json[]): void {
  switch (event.type) {
    case 'expanded':
      if (event.error === undefined) scope.expanded(event.task, event.items ?? items(plan.numberOf.get(event.task)!))
      return
    case 'finished':
      if (event.outcome === 'success') scope.succeeded(event.task, event.index, event.outputs ?? {})
      return
    case 'satisfied':
      scope.succeeded(event.task, event.index, event.outputs)
      return
    case 'reset':
      scope.reset(event.task, event.index)
      return
    case 'settled':
      if (event.outputs !== undefined) scope.succeeded(event.task, event.index, event.outputs)
      if (event.index === null) scope.settled(event.task, event.state)
      return
    default:
      return
  }
}
