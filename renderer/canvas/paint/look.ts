import type { ExpectedDuration } from '#shared/analysis/basis.ts'
import { durationText, exactDurationText } from '#shared/analysis/duration-text.ts'
import type { TaskAnalysis } from '#shared/analysis/summary.ts'
import type { Origin } from '#shared/journal/event.ts'
import type { RunView, TaskView } from '#shared/journal/run-view.ts'
import type { Task, TaskKind } from '#shared/model/pipeline.ts'
import type { Micros } from '#shared/model/time.ts'
import { timeoutText } from '../../runs/attempt-limit.ts'
import { type ShownState, taskShown } from '../../runs/shown-state.ts'
import { originOf } from '../../runs/task-list.ts'
import { type Lens, RUNLESS } from '../../state/view.ts'
import { KIND_STYLES } from '../../ui/kinds.ts'
import { ORIGIN_STYLES } from '../../ui/origins.ts'
import { STATE_STYLES } from '../../ui/states.ts'
import type { CardBadges } from '../badges.ts'
import { durationNow, limitNow, nameOnCard, stateDetail } from '../cardText.ts'
import type { Told } from '../told.ts'

/**
 * What a card says: a lens is this data, and nothing else. The card near by (React) and the one far away (canvas) both
 * show it, so they cannot differ.
 */
export interface CardLook {
  readonly lens: Lens
  readonly kind: TaskKind
  readonly name: string
  /** The name is set smaller. */
  readonly long: boolean
  readonly layer: string
  readonly mapped: boolean
  readonly optional: boolean
  /** Runs from the app take its pinned outputs. */
  readonly pinned: boolean
  readonly problems: number
  readonly worst: string | null
  readonly badges: CardBadges
  /** null: the lens says nothing of states, or there is no run. */
  readonly state: ShownState | null
  /** The second line's words, with their icon where they name a state. */
  readonly words: Words
  /** Now, or in the chosen run; null: not begun, or no run is shown. */
  readonly now: string | null
  /** Typically; null: nothing is known of the task yet. While it runs under a timeout: that, and `between` says so. */
  readonly usual: string | null
  readonly between: ' / ' | ' of '
  /** Of the longest task's duration, 0 to 1; null: no bar. */
  readonly share: number | null
  /** Where on the bar the typical duration lies; null: the bar itself is that, or it is not known. */
  readonly tick: number | null
  /** The critical-path lens, and the task is on the path: emphasised. */
  readonly warm: boolean
  /** The critical-path lens, and the task is not on the path: stepping back. */
  readonly dimmed: boolean
  /** The critical-path lens, and the task has little float: between the two. */
  readonly near: boolean
  /** What the heat and the compare lens colour it by, see Told. */
  readonly ground: string | null
  readonly hatched: boolean
  /** Its numbers grow while it runs. */
  readonly ticking: boolean
}

export type Words =
  | { readonly type: 'plain'; readonly text: string }
  | { readonly type: 'critical'; readonly text: string }
  | {
      readonly type: 'state'
      readonly state: ShownState
      readonly text: string
      readonly detail: string
      readonly origin: Exclude<Origin, 'executed'> | null
    }

export interface CardFacts {
  readonly task: Task
  readonly problems: number
  readonly worst: string | null
  readonly pinned: boolean
  readonly badges: CardBadges
  readonly lens: Lens
  readonly view: RunView | null
  readonly run: TaskView | null
  /** How long an attempt may take in this run: the file may have been edited since it began. */
  readonly timeout: Micros | null
  readonly typical: ExpectedDuration | null
  readonly plan: TaskAnalysis | null
  /** The longest duration of the plan, in microseconds. */
  readonly longest: number
  /** On the critical path. */
  readonly critical: boolean
  /** Has little float. */
  readonly near: boolean
  /** What the present lens says of it; null: what cards say of themselves. */
  readonly told: Told | null
}

export function cardLook(facts: CardFacts): CardLook {
  const { task, lens, view, run, typical, longest, critical } = facts
  const state = RUNLESS.has(lens) || run === null ? null : taskShown(run)
  const now = !RUNLESS.has(lens) && view && run ? durationNow(view, run) : null
  const limit = state === 'running' && view && run ? limitNow(view, run, facts.timeout) : null
  const usual = typical && typical.source !== 'default' ? typical.value : null
  const { handler, objective } = facts.badges
  const signs = [task.forEach !== null, facts.problems > 0, facts.pinned, handler !== null, objective !== null]
  const name = nameOnCard(task.name, signs.filter(Boolean).length)
  const words = wordsOf(facts)
  const took = now === null ? null : durationText(now)
  const bar = longest > 0 ? (now ?? usual ?? 0) : null
  return {
    lens,
    kind: task.kind,
    name: name.text,
    long: name.long,
    layer: task.layer,
    mapped: task.forEach !== null,
    optional: !task.required,
    pinned: facts.pinned,
    problems: facts.problems,
    worst: facts.worst,
    badges: facts.badges,
    state,
    words,
    now: limit ? durationText(limit.elapsed) : took,
    between: limit ? ' of ' : ' / ',
    usual: limit ? timeoutText(limit.timeout) : usualText(words, took, typical, usual),
    share: bar === null ? null : Math.min(1, bar / longest),
    tick: bar !== null && now !== null && usual ? Math.min(1, usual / longest) : null,
    warm: lens === 'critical' && critical,
    near: lens === 'critical' && facts.near,
    dimmed: lens === 'critical' && !critical && !facts.near,
    ground: facts.told?.ground ?? null,
    hatched: facts.told?.hatched ?? false,
    ticking: state === 'running' || state === 'retrying',
  }
}

/** Letters that fit on a card's second line, beside the icon of the state. */
const SECOND_LINE = 27

/**
 * The typical duration, '–' where there is none yet; null beside a count (of instances, of attempts) for which the line
 * would then have no room: the bar's tick and the tooltip still tell it.
 */
function usualText(
  words: Words,
  took: string | null,
  typical: CardFacts['typical'],
  usual: Micros | null,
): string | null {
  if (took === null && typical === null) return null
  const text = usual === null ? '–' : durationText(usual)
  if (words.type !== 'state' || words.detail === '' || took === null) return text
  const origin = words.origin === null ? '' : ORIGIN_STYLES[words.origin].label
  const letters = [words.text, words.detail, origin, took, ' / ', text].join('').length
  return letters > SECOND_LINE ? null : text
}

function wordsOf({ task, lens, view, run, plan, told }: CardFacts): Words {
  if (told !== null) return { type: 'plain', text: told.text }
  if (lens === 'critical' || lens === 'heat') return floatWords(plan)
  if (RUNLESS.has(lens) || !run || !view) {
    return { type: 'plain', text: [KIND_STYLES[task.kind].label, task.layer].filter(Boolean).join(' · ') }
  }
  const state = taskShown(run)
  const origin = state === 'success' ? originOf(run) : null
  return {
    type: 'state',
    state,
    text: STATE_STYLES[state].label,
    detail: stateDetail(view, run),
    origin: origin === 'executed' ? null : origin,
  }
}

/** How long the task can slip without moving the end of the plan. */
export function floatWords(plan: TaskAnalysis | null): Words {
  if (!plan) return { type: 'plain', text: 'No plan' }
  if (plan.critical) return { type: 'critical', text: 'critical' }
  const { totalFloat, freeFloat } = plan
  // Both fit beside a duration only without the noun.
  const text = freeFloat === totalFloat ? 'float' : `· ${durationText(freeFloat)} free`
  return { type: 'plain', text: `+${durationText(totalFloat)} ${text}` }
}

/** Total and free float, exactly. */
export function floatTitle({ totalFloat, freeFloat }: TaskAnalysis): string {
  return [
    `Total float ${exactDurationText(totalFloat)}: how long it can slip before the run ends later`,
    `Free float ${exactDurationText(freeFloat)}: before any other task starts later`,
  ].join('\n')
}
