import { durationText } from '#shared/analysis/duration-text.ts'
import type { PipelineAnalysis } from '#shared/analysis/summary.ts'
import type { InstanceState } from '#shared/journal/event.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Group } from '#shared/model/pipeline.ts'
import { type Lens, RUNLESS } from '../../state/view.ts'
import { middleEllipsis } from '../cardText.ts'
import { groupColor } from '../tint.ts'

/** What a group's frame or, collapsed, its card says. */
export interface GroupLook {
  readonly name: string
  readonly tint: string
  /** Tasks in it. */
  readonly count: number
  /** The worst of its tasks'; null in the design lens and without a run. */
  readonly state: InstanceState | null
  /** Of its tasks, added up. */
  readonly work: string
  /** The critical-path lens, and the path leads through it. */
  readonly warm: boolean
}

export interface GroupFacts {
  readonly lens: Lens
  readonly view: RunView | null
  readonly plan: PipelineAnalysis | null
  readonly criticalTasks: ReadonlySet<string>
}

const WORST_FIRST: readonly InstanceState[] = [
  'failed',
  'upstream_failed',
  'running',
  'retrying',
  'cancelled',
  'queued',
  'pending',
  'success',
  'skipped',
]

export function groupLook(group: Group, tasks: readonly string[], facts: GroupFacts): GroupLook {
  const states = new Set(RUNLESS.has(facts.lens) ? [] : tasks.map((id) => facts.view?.tasks.get(id)?.state))
  return {
    name: middleEllipsis(group.name),
    tint: groupColor(group.color, group.id),
    count: tasks.length,
    state: WORST_FIRST.find((state) => states.has(state)) ?? null,
    work: durationText(tasks.reduce((sum, id) => sum + (facts.plan?.tasks[id]?.duration ?? 0), 0)),
    warm: facts.lens === 'critical' && tasks.some((id) => facts.criticalTasks.has(id)),
  }
}
