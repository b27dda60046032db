import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Steps } from '#shared/model/steps.ts'

/**
 * How a process goes on answering others while it has much to do.
 *
 * inTurns   takes the steps of some work, a few in each turn of the event loop
 * turns     for work that is async itself: await its answer wherever there may be a break
 */

/**
 * Milliseconds of work in one turn. A step more may follow, so that none may take longer than as much again. Where
 * others want the processor, a millisecond of work may cost several of waiting for it.
 */
const TURN_MILLISECONDS = 2

export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  const rest = turns()
  for (;;) {
    await rest()
    const { done, value } = steps.next()
    if (done) return value
  }
}

/**
 * The function returned resolves at once, or in the loop's next turn where this one has been long enough. So does its
 * first call, as nobody knows what the turn has done before.
 */
export function turns(): () => Promise<void> {
  let began = Number.NEGATIVE_INFINITY
  return async () => {
    if (performance.now() - began < TURN_MILLISECONDS) return
    await nextTurn()
    began = performance.now()
  }
}
