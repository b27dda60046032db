import { durationText } from '#shared/analysis/duration-text.ts'
import type { PipelineAnalysis } from '#shared/analysis/summary.ts'
import type { InstanceState } from '#shared/journal/event.ts'
import type { RunView } from '#shared/journal/run-view.ts'
import type { Group } from '#shared/model/pipeline.ts'
import { type Lens, RUNLESS } from '../../state/view.ts'
import { middleEllipsis } from '../cardText.ts'
import { groupTold } from '../groupTold.ts'
import { groupColor } from '../tint.ts'
import type { LensWords, Told } from '../told.ts'

/** What a group's frame or, collapsed, its card says. */
export interface GroupLook {
  readonly name: string
  readonly tint: string
  /** Tasks in it. */
  readonly count: number
  readonly lens: Lens
  /** The worst of its tasks'; null in the design lens and without a run. */
  readonly state: InstanceState | null
  /** What the present lens says of its tasks together; null: what groups say of themselves. */
  readonly told: Told | null
  readonly ground: string | null
  readonly hatched: boolean
  /** Of its tasks, added up. */
  readonly work: string
  /** The critical-path lens, and the path leads through it, or nearly, or not at all. */
  readonly warm: boolean
  readonly near: boolean
  readonly dimmed: boolean
}

export interface GroupFacts {
  readonly lens: Lens
  readonly view: RunView | null
  readonly plan: PipelineAnalysis | null
  readonly criticalTasks: ReadonlySet<string>
  readonly nearTasks: ReadonlySet<string>
  readonly words: LensWords | null
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
  const { lens, view, plan, words } = facts
  const warm = lens === 'critical' && tasks.some((id) => facts.criticalTasks.has(id))
  const near = lens === 'critical' && !warm && tasks.some((id) => facts.nearTasks.has(id))
  const told = groupTold(lens, words, tasks) ?? (lens === 'critical' ? criticalTold(tasks, facts) : null)
  return {
    name: middleEllipsis(group.name),
    tint: groupColor(group.color, group.id),
    count: tasks.length,
    lens,
    state: RUNLESS.has(lens) ? null : worstState(view, tasks),
    told,
    ground: told?.ground ?? null,
    hatched: told?.hatched ?? false,
    work: workText(plan, tasks),
    warm,
    near,
    dimmed: lens === 'critical' && !warm && !near,
  }
}

/** How many of its tasks are on the critical path, or what the least float of them is. */
function criticalTold(tasks: readonly string[], { plan, criticalTasks, nearTasks }: GroupFacts): Told | null {
  if (plan === null) return null
  const critical = tasks.filter((id) => criticalTasks.has(id)).length
  const near = tasks.filter((id) => nearTasks.has(id)).length
  const least = tasks.reduce((float, id) => Math.min(float, plan.tasks[id]?.totalFloat ?? Infinity), Infinity)
  if (least === Infinity) return null
  const text = critical > 0 ? `${critical} of ${tasks.length} critical` : `+${durationText(least)} float at least`
  const title = near > 0 ? `${text}, ${near} nearly` : null
  return { text, title, ground: null, hatched: false, weight: critical }
}

export function worstState(view: RunView | null, tasks: readonly string[]): InstanceState | null {
  const states = new Set(tasks.map((id) => view?.tasks.get(id)?.state))
  return WORST_FIRST.find((state) => states.has(state)) ?? null
}

/** What the tasks take, added up. */
export function workText(plan: PipelineAnalysis | null, tasks: readonly string[]): string {
  return durationText(tasks.reduce((sum, id) => sum + (plan?.tasks[id]?.duration ?? 0), 0))
}

export function countText(tasks: number): string {
  return `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`
}
