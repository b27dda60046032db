import type { PlannedProfile, RushAnswer } from '#shared/analysis/planner.ts'
import type { PlannedTask } from '#shared/analysis/planner-simulation.ts'
import type { Micros } from '#shared/model/time.ts'

/** How workers may be provided. */
export type Way = 'given' | 'planned' | 'fixed'

export const WAY_NAMES: Readonly<Record<Way, string>> = {
  given: 'Today',
  planned: 'Cheapest over time',
  fixed: 'Fixed all the window',
}

export interface ShownWay {
  readonly way: Way
  readonly profile: PlannedProfile
}

/** Those there are, in the order in which they are listed. */
export function waysOf(answer: RushAnswer): readonly ShownWay[] {
  return (['given', 'planned', 'fixed'] as const).flatMap((way) => {
    const profile = answer[way]
    return profile === null ? [] : [{ way, profile }]
  })
}

export interface StepPoint {
  readonly x: Micros
  readonly y: number
}

/** Workers over time as corners of a step line, until the last interval that is paid for ends. */
export function workerSteps({ steps }: PlannedProfile, interval: Micros): readonly StepPoint[] {
  return steps.flatMap(({ at, hand, reserve }, number) => {
    const y = hand + reserve
    return [
      { x: at, y },
      { x: steps[number + 1]?.at ?? at + interval, y },
    ]
  })
}

/** How many tasks run at once, from each change on; the first at 0. Tasks without length count for nothing. */
export function busyLevels(tasks: readonly PlannedTask[]): readonly StepPoint[] {
  const changes = new Map<Micros, number>()
  for (const { start, end } of tasks) {
    if (end <= start) continue
    changes.set(start, (changes.get(start) ?? 0) + 1)
    changes.set(end, (changes.get(end) ?? 0) - 1)
  }
  const levels: StepPoint[] = [{ x: 0, y: 0 }]
  for (const x of [...changes.keys()].sort((a, b) => a - b)) {
    const y = levels.at(-1)!.y + changes.get(x)!
    if (x === 0) levels[0] = { x, y }
    else levels.push({ x, y })
  }
  return levels
}

/** The most that run at once from `from` until before `to`. */
export function busiest(levels: readonly StepPoint[], from: Micros, to: Micros): number {
  return levels.reduce((most, { x, y }, number) => {
    const next = levels[number + 1]?.x ?? Number.POSITIVE_INFINITY
    return x < to && next > from ? Math.max(most, y) : most
  }, 0)
}

/** Each worker's tasks: the free worker with the lowest number takes the next task. As many rows as ever run at once. */
export function workerRows(tasks: readonly PlannedTask[]): readonly (readonly PlannedTask[])[] {
  const rows: PlannedTask[][] = []
  for (const task of [...tasks].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const free = rows.find((row) => row.at(-1)!.end <= task.start)
    if (free) free.push(task)
    else rows.push([task])
  }
  return rows
}
