import type { Micros } from '../model/time.ts'
import { durationText } from './duration-text.ts'
import type { PlannedProfile, RushAnswer } from './planner.ts'
import type { Rush } from './planner-input.ts'

/** A time of a rush: of day where its start is one ("06:25", to the minute), else since its start ("25 m 0 s"). */
export function rushClock({ start }: Pick<Rush, 'start'>, time: Micros): string {
  if (start === null) return durationText(time)
  const [hours = 0, minutes = 0] = start.split(':').map(Number)
  const whole = hours * 60 + minutes + time / 60_000_000
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
  return `${two((whole / 60) % 24)}:${two(whole % 60)}`
}

/** The most workers at once, reserve included. */
export function mostWorkers({ steps }: PlannedProfile): number {
  return steps.reduce((most, { hand, reserve }) => Math.max(most, hand + reserve), 0)
}

/** What the planner found in one sentence: of the workers given, else of the cheapest. */
export function rushVerdict(rush: Rush, { given, planned, hopeless }: RushAnswer): string {
  const shown = given ?? planned
  const count = rush.pipelines.length
  if (shown === null) {
    if (hopeless.length === 0) return `Not in time with any number of workers up to ${rush.most} that was tried.`
    return `Not in time whatever the workers: ${listed(hopeless)} ${hopeless.length === 1 ? 'takes' : 'take'} too long.`
  }
  const workers = countOf(mostWorkers(shown), 'worker')
  const done = shown.done === null ? 'some never end' : `done in ${durationText(shown.done)}`
  const late = shown.pipelines.filter(({ inTime }) => !inTime).length
  const who =
    late === 0 ? (count === 1 ? 'The one pipeline ends' : `All ${count} end`) : `${late} of ${count} do not end`
  return `${who} in time: ${done} with at most ${workers}.`
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 3).join(', ')
  return ids.length <= 3 ? shown : `${shown} and ${ids.length - 3} more`
}
