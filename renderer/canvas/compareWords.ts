import type { RunComparison, TaskDifference } from '#shared/analysis/compare-runs.ts'
import { durationText } from '#shared/analysis/duration-text.ts'
import type { InstanceState } from '#shared/journal/event.ts'
import type { Micros } from '#shared/model/time.ts'
import { STATE_STYLES } from '../ui/states.ts'
import type { LensWords, Told } from './told.ts'

/** Of the earlier makespan: from where on a difference is seen, and from where on it is large. */
export const COMPARE_SHARES: readonly [seen: number, large: number] = [0.01, 0.1]

/** By today's task ids; those of neither run are left out. */
export function compareWords({ tasks, makespan }: RunComparison): LensWords {
  const whole = Math.max(1, makespan.earlier ?? 0, makespan.later ?? 0)
  return new Map(tasks.map((task) => [task.task, told(task, whole)]))
}

function told(task: TaskDifference, whole: Micros): Told {
  const { states, duration } = task
  const changed = states.earlier !== states.later
  const title = `${stateText(states.earlier)}${timeText(duration.earlier)} → ${stateText(states.later)}${timeText(duration.later)}`
  if (changed) {
    const worse = states.later === 'failed' || states.later === 'upstream_failed'
    const better = states.later === 'success' && states.earlier !== null
    const text = `${shortState(states.earlier)} → ${shortState(states.later)}`
    const ground = worse ? '--heat-4' : better ? '--heat-less-2' : '--heat-2'
    return { text, title, ground, hatched: false, weight: Infinity }
  }
  const { delta } = duration
  if (delta === null) {
    return { text: `${shortState(states.later)} in both`, title, ground: null, hatched: true, weight: -1 }
  }
  return { text: deltaWords(delta), title, ground: groundOf(delta, whole), hatched: false, weight: Math.abs(delta) }
}

function deltaWords(delta: Micros): string {
  return delta === 0 ? 'no difference' : `${durationText(Math.abs(delta))} ${delta > 0 ? 'slower' : 'faster'}`
}

function groundOf(delta: Micros, whole: Micros): string {
  const share = Math.abs(delta) / whole
  const [seen, large] = COMPARE_SHARES
  if (share < seen) return '--heat-0'
  if (delta > 0) return share < large ? '--heat-2' : '--heat-3'
  return share < large ? '--heat-less-1' : '--heat-less-2'
}

export function stateText(state: InstanceState | null): string {
  return state === null ? 'Not in the run' : STATE_STYLES[state].label
}

function shortState(state: InstanceState | null): string {
  return state === null ? 'not there' : STATE_STYLES[state].label.toLowerCase()
}

function timeText(time: Micros | null): string {
  return time === null ? '' : ` ${durationText(time)}`
}
