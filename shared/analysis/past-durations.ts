import type { Steps } from '../model/steps.ts'
import type { Micros } from '../model/time.ts'
import type { DurationHistory } from './basis.ts'
import { todaysId } from './history.ts'
import { isExecutedSuccess, type RunFacts } from './run-facts.ts'

/**
 * What the tasks of a pipeline took in its last runs.
 *
 * pastDurations   from the facts of the runs
 * writeDurations  as one text a task: a host writes a long list of numbers in one go, and answers nobody meanwhile
 * readDurations   back
 */

/** Of executed successes, by today's ids, in the order of the runs; a step a run. `aliases`: see `earlierIds`. */
export function* pastDurations(
  runs: readonly RunFacts[],
  aliases: ReadonlyMap<string, readonly string[]>,
): Steps<DurationHistory> {
  const durations = new Map<string, Micros[]>()
  const idOf = todaysId(aliases)
  for (const run of runs) {
    yield
    for (const facts of run.tasks) {
      if (!isExecutedSuccess(facts) || facts.duration === null) continue
      const id = idOf(facts.task)
      const known = durations.get(id)
      if (known) known.push(facts.duration)
      else durations.set(id, [facts.duration])
    }
  }
  return durations
}

/** A task's id, and whole microseconds with spaces between them. */
export type WrittenDurations = readonly (readonly [task: string, durations: string])[]

/** Well below a millisecond's. */
const TASKS_A_STEP = 100

export function* writeDurations(durations: DurationHistory): Steps<WrittenDurations> {
  const written: [string, string][] = []
  for (const [task, values] of durations) {
    if (written.length % TASKS_A_STEP === 0) yield
    written.push([task, values.join(' ')])
  }
  return written
}

export function readDurations(written: WrittenDurations): DurationHistory {
  return new Map(written.map(([task, text]) => [task, text.split(' ').map(Number)]))
}
