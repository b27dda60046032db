import { durationText } from '#shared/analysis/duration-text.ts'
import type { ScenarioEffect, TaskEffect } from '#shared/analysis/scenario-effect.ts'
import type { Micros } from '#shared/model/time.ts'
import { STATE_STYLES } from '../ui/states.ts'
import type { LensWords, Told } from './told.ts'

/** Of the makespan before: from where on a delay is large. */
const LARGE = 0.1

/** What a scenario does to the tasks it hits; the others are left out. */
export function effectWords({ tasks, before }: ScenarioEffect): LensWords {
  return new Map(tasks.map((task) => [task.task, told(task, before)]))
}

function told(effect: TaskEffect, makespan: Micros): Told {
  const { state, stateBefore, delay, end, endBefore } = effect
  const title = `${why(effect)}. Would end at ${durationText(end)} instead of ${durationText(endBefore)}`
  if (state !== stateBefore) {
    const worse = state === 'failed' || state === 'upstream_failed'
    const ground = worse ? '--heat-4' : '--heat-2'
    return { text: STATE_STYLES[state].label, title, ground, hatched: false, weight: Infinity }
  }
  if (delay === 0) return { text: 'ends as before', title, ground: '--heat-0', hatched: false, weight: 0 }
  const large = Math.abs(delay) >= LARGE * makespan
  const ground = delay > 0 ? (large ? '--heat-3' : '--heat-2') : large ? '--heat-less-2' : '--heat-less-1'
  const text = `${durationText(Math.abs(delay))} ${delay > 0 ? 'later' : 'sooner'}`
  return { text, title, ground, hatched: false, weight: Math.abs(delay) }
}

function why({ changed, downstream }: TaskEffect): string {
  if (changed) return 'Changed by the scenario'
  return downstream ? 'Depends on what the scenario changes' : 'Hit through slots and pools'
}
