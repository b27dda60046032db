import type { Cause } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import type { RealizedPath } from './realized-path.ts'

/** From one task of a realized path to the next: what the second one's start waited for last. */
export interface ChainLink {
  readonly from: string
  readonly to: string
  /** `verdict`: the second one did not run; it got its state from what went before. */
  readonly cause: Cause['type'] | 'verdict'
  /** Of the cause `pool`. */
  readonly pool: string | null
  /** For a slot, pool or place, over all times. Outside the sum of the path's segments. */
  readonly waited: Micros
  /** How often the chain goes this way: more than once between instances of mapped tasks. */
  readonly times: number
}

/** The links of a realized path between different tasks, in order of time, each way once. */
export function chainLinks(path: RealizedPath): readonly ChainLink[] {
  const found = new Map<string, { -readonly [Key in keyof ChainLink]: ChainLink[Key] }>()
  path.links.forEach((link, position) => {
    const before = path.links[position - 1]
    if (before === undefined || before.task === link.task) return
    const cause = link.cause?.type ?? 'verdict'
    const pool = link.cause?.type === 'pool' ? link.cause.pool : null
    const key = JSON.stringify([before.task, link.task, cause, pool])
    const own = found.get(key) ?? { from: before.task, to: link.task, cause, pool, waited: 0, times: 0 }
    if (cause === 'slot' || cause === 'pool' || cause === 'maxParallel') own.waited += link.waited
    own.times++
    found.set(key, own)
  })
  return [...found.values()]
}
