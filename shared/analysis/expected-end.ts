import type { Graph } from '../graph/graph.ts'
import type { RunView } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'
import { percentile } from './percentile.ts'
import { remainingTime } from './remaining-time.ts'

/** When a live run ends, in microseconds since its epoch. `earliest <= likely <= latest`. */
export interface ExpectedEnd {
  readonly earliest: Micros
  readonly likely: Micros
  readonly latest: Micros
}

const [LOW, HIGH] = [0.1, 0.9]

/**
 * From what its tasks took before: if all that is left goes as usual, as its quickest tenth, as its slowest. Wider than
 * what is likely, since not every task is slow at once; a task without a past counts with what is expected of it in all
 * three. Null while a task already runs longer than its slowest tenth: then nobody knows.
 * @param expected of each task, in file order, in microseconds
 * @param past executed durations of each task
 */
export function expectedEnd(
  ids: readonly string[],
  graph: Graph,
  expected: Float64Array,
  past: ReadonlyMap<string, readonly Micros[]>,
  view: RunView,
  now: Micros,
): ExpectedEnd | null {
  const at = (share: number) =>
    Float64Array.from(ids, (id, number) => {
      const durations = past.get(id) ?? []
      return percentile(durations, share) ?? expected[number]!
    })
  const [quick, usual, slow] = [at(LOW), expected, at(HIGH)].map((durations) =>
    remainingTime(ids, graph, durations, view, now, view.header.slots),
  ) as [Remaining, Remaining, Remaining]
  if (slow.overdue.length > 0) return null
  const likely = now + usual.remaining
  return {
    earliest: Math.min(likely, now + quick.remaining),
    likely,
    latest: Math.max(likely, now + slow.remaining),
  }
}

type Remaining = ReturnType<typeof remainingTime>
