import type { Cause } from '../journal/event.ts'
import { attemptStart, type RunView } from '../journal/run-view.ts'
import type { Micros } from '../model/time.ts'

/** What an instance can wait for while it is ready. */
export type WaitedFor = Extract<Cause['type'], 'slot' | 'pool' | 'maxParallel'>

/** How long a task's instances were ready (start - readyAt) and waited for a place of one kind, all attempts together. */
export interface TaskWait {
  readonly task: string
  readonly for: WaitedFor
  /** Of `pool`. */
  readonly pool: string | null
  readonly waited: Micros
}

/**
 * By the binding cause of each start, longest wait first: an attempt that waited for its pool and then for a slot counts as
 * waiting for what came last. The moment between a dependency's end and the start is overhead, and no wait.
 */
export function waitsOf(view: RunView): readonly TaskWait[] {
  const found = new Map<string, { -readonly [Key in keyof TaskWait]: TaskWait[Key] }>()
  for (const id of view.order) {
    for (const { attempts } of view.tasks.get(id)!.instances) {
      for (const attempt of attempts) {
        const { cause } = attempt
        if (cause.type !== 'slot' && cause.type !== 'pool' && cause.type !== 'maxParallel') continue
        const pool = cause.type === 'pool' ? cause.pool : null
        const key = JSON.stringify([id, cause.type, pool])
        const wait = found.get(key) ?? { task: id, for: cause.type, pool, waited: 0 }
        wait.waited += Math.max(0, attemptStart(attempt) - attempt.readyAt)
        found.set(key, wait)
      }
    }
  }
  return [...found.values()].sort((a, b) => b.waited - a.waited)
}
