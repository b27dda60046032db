import type { RunSummary } from '../contract/data.ts'
import type { Micros } from '../model/time.ts'
import type { InstanceState, RunState } from './event.ts'
import { INSTANCE_STATES } from './event.ts'
import type { RunView } from './run-view.ts'

/**
 * A run in one line, and its times on the wall clock.
 *
 * runStateOf    the run's state, which only whoever knows the live engines can tell
 * runSummaryOf  RunSummary of the contract
 * wallTime      an instant of the run as ISO 8601
 * clockAt       the other way round
 */

/** A journal without an end is a running one while an engine writes it, else an interrupted one. */
export function runStateOf(view: RunView, live: boolean): RunState {
  if (view.endedAt !== null || live) return view.state
  return 'interrupted'
}

export function runSummaryOf(view: RunView, facts: { readonly live: boolean; readonly damaged: boolean }): RunSummary {
  const { header } = view
  const state = runStateOf(view, facts.live)
  const over = !facts.live
  return {
    run: header.run,
    pipeline: header.pipeline,
    name: header.name,
    file: header.file,
    state,
    startedAt: wallTime(view, 0),
    endedAt: over ? wallTime(view, view.endedAt ?? view.t) : null,
    makespan: view.endedAt === null ? null : (view.lastSettledAt ?? view.endedAt),
    counts: countsOf(view),
    trigger: header.trigger,
    parent: header.parent,
    partial: header.selection !== null,
    machine: header.machine.label,
    live: facts.live,
    damaged: facts.damaged,
  }
}

/** Tasks that an ended run left untouched were not selected, and have no state. */
function countsOf(view: RunView): Partial<Record<InstanceState, number>> {
  const counts: Partial<Record<InstanceState, number>> = {}
  for (const state of INSTANCE_STATES) {
    const untouched = state === 'pending' && view.endedAt !== null
    if (view.counts[state] > 0 && !untouched) counts[state] = view.counts[state]
  }
  return counts
}

/** ISO 8601 in UTC of an instant of the run, from the last time its clock was tied to the wall clock. */
export function wallTime(view: RunView, t: Micros): string {
  const anchor = view.anchors.findLast((candidate) => candidate.t <= t) ?? { t: 0, wall: view.header.wall }
  const start = Date.parse(anchor.wall)
  if (Number.isNaN(start)) return anchor.wall
  return new Date(start + (t - anchor.t) / 1000).toISOString()
}

/** The run's clock at a time of the wall clock (milliseconds since 1970), never before its last event. */
export function clockAt(view: RunView, wall: number): Micros {
  const anchor = view.anchors.at(-1) ?? { t: 0, wall: view.header.wall }
  const since = (wall - Date.parse(anchor.wall)) * 1000
  return Number.isNaN(since) ? view.t : Math.max(view.t, anchor.t + since)
}
