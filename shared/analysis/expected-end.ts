import type { Graph } from '../graph/graph.ts'
import { topologicalOrder } from '../graph/order.ts'
import { isFinal, type RunView, type TaskView } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'
import { type DurationDistribution, Samplers } from './duration-distribution.ts'
import { percentile } from './percentile.ts'
import { chance, drawSeed } from './random.ts'
import { leastRemaining, openTime } from './remaining-time.ts'

/** When a live run ends, in microseconds since its epoch. `earliest <= likely <= latest`. */
export interface ExpectedEnd {
  readonly earliest: Micros
  readonly likely: Micros
  readonly latest: Micros
}

const [LOW, MIDDLE, HIGH] = [0.1, 0.5, 0.9]
const MOST_DRAWS = 200
const LEAST_DRAWS = 20
/** Tasks times draws: in large runs chance evens out, and fewer draws say the same. */
const TASKS_DRAWN = 50_000

/**
 * From draws of what is left: every task takes one of its past durations, a running one a duration longer than it runs
 * already; one without a past takes what is expected of it. Of their ends the tenth, the middle and the ninetieth
 * percentile. Null while a task runs longer than it ever did: then nobody knows.
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
  const order = topologicalOrder(graph)
  if (order === null) throw new RangeError('A graph with a cycle cannot run')
  const tasks = ids.map((id) => view.tasks.get(id))
  const odds = tasks.map((task, number) => {
    return task && !isFinal(task.state) ? oddsOf(task, expected[number]!, past.get(ids[number]!) ?? [], now) : null
  })
  if (odds.includes('overdue')) return null
  const samplers = new Samplers(odds.map((own) => (own === null || own === 'overdue' ? NOTHING : own)))
  const count = Math.min(MOST_DRAWS, Math.max(LEAST_DRAWS, Math.round(TASKS_DRAWN / Math.max(1, ids.length))))
  const rest = new Float64Array(ids.length)
  const ends = Array.from({ length: count }, (_, draw) => {
    const seed = drawSeed(1, draw)
    for (const [number, task] of tasks.entries()) {
      if (!task || odds[number] === null) continue
      const taken = samplers.at(number, samplers.varies(number) ? chance(seed, number, 0, 1, 0) : 0)
      rest[number] = Math.max(0, openTime(task, taken, now))
    }
    return now + leastRemaining(graph, order, rest, view.header.slots)
  })
  const at = (share: number) => Math.round(percentile(ends, share) ?? now)
  return { earliest: at(LOW), likely: at(MIDDLE), latest: at(HIGH) }
}

const NOTHING: DurationDistribution = { type: 'fixed', value: 0 }

/** What a task that is not done may take in all. */
function oddsOf(
  task: TaskView,
  expected: Micros,
  past: readonly Micros[],
  now: Micros,
): DurationDistribution | 'overdue' {
  const known: readonly Micros[] = past.length === 0 ? [expected] : past
  const possible = known.filter((duration) => openTime(task, duration, now) >= 0)
  return possible.length === 0 ? 'overdue' : { type: 'history', values: possible }
}
