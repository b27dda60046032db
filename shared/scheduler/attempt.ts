import type { AttemptOutcome } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import { settle, succeed, withdraw } from './core.ts'
import { makeReady, release } from './dispatch.ts'
import { cleared } from './mark.ts'
import { Handler } from './plan.ts'
import { retryDelay } from './retry.ts'
import { type Core, Why, whyCancelled } from './sink.ts'
import { CauseCode, Status, Wish } from './state.ts'
import type { InstanceNumber } from './types.ts'

/**
 * An attempt ended. `until`: when a journal already says when the next one comes; else -1, and the policy does.
 * Ends of what does not run (a second report, a report after `satisfied`) change nothing.
 */
export function finished(
  core: Core,
  node: InstanceNumber,
  outcome: AttemptOutcome,
  retryable: boolean,
  random: number,
  until: number,
): void {
  const { state } = core
  if (state.status[node] !== Status.running) return
  release(core, node)
  const wish = state.wish[node] as number
  if (wish === Wish.clear) {
    cleared(core, node)
    return
  }
  if (wish !== Wish.success) state.wish[node] = Wish.none
  if (wish === Wish.success) succeed(core, node)
  else if (wish === Wish.failed) settle(core, node, Status.failed, Why.marked, -1)
  else if (outcome === 'success') succeed(core, node)
  else if (outcome === 'cancelled') settle(core, node, Status.cancelled, Why.attempt, -1)
  else if (outcome === 'lost') {
    if (wish === Wish.stop) settle(core, node, Status.cancelled, Why.attempt, -1)
    else startAgain(core, node)
  } else failedAttempt(core, node, retryable && wish === Wish.none, random, until)
}

function failedAttempt(core: Core, node: InstanceNumber, retryable: boolean, random: number, until: number): void {
  const { plan, state } = core
  const policy = plan.retries[state.task[node] as number]
  const failures = (state.failures[node] as number) + 1
  state.failures[node] = failures
  if (policy === undefined || !retryable || failures > policy.limit) {
    settle(core, node, Status.failed, Why.attempt, -1)
    return
  }
  state.status[node] = Status.retrying
  state.until[node] = until >= 0 ? until : state.now + retryDelay(policy, failures, random)
  core.sink.retry(node)
}

/** A lost attempt is nobody's failure: the next one needs no delay and does not count against the limit. */
function startAgain(core: Core, node: InstanceNumber): void {
  const { state } = core
  state.causeType[node] = state.interrupted[node] === 1 ? CauseCode.resume : CauseCode.retry
  state.causeBy[node] = node
  makeReady(core, node)
}

/** The retry delay of an instance is over. */
export function timer(core: Core, node: InstanceNumber): void {
  const { state } = core
  // A clearing leaves timers behind.
  if (state.status[node] !== Status.retrying || state.now < (state.until[node] as number)) return
  state.causeType[node] = CauseCode.retry
  state.causeBy[node] = node
  makeReady(core, node)
}

/** Pin, reuse or cache: a success without running. */
export function satisfied(core: Core, node: InstanceNumber): void {
  const status = core.state.status[node]
  if (status === Status.running) release(core, node)
  if (status === Status.running || status === Status.queued) succeed(core, node)
}

/** The run goes on after its engine died: what ran is known to be lost. */
export function resume({ state }: Core): void {
  for (let node = 0; node < state.nodes; node++) {
    if (state.status[node] === Status.running) state.interrupted[node] = 1
  }
}

/**
 * Nothing starts from here on; what runs is asked to stop, the rest is cancelled. `timeout`: the run's own, which is over:
 * then the run has failed, and its handlers of that still have their turn. -1: a person cancels, also such handlers.
 */
export function cancel(core: Core, timeout: Micros): void {
  const { state } = core
  if (state.ended || (state.cancelled && (timeout >= 0 || state.overrun < 0))) return
  state.cancelled = true
  state.overrun = timeout
  for (let node = 0; node < state.nodes; node++) {
    // Handlers that had no turn are skipped, not cancelled: nobody would have run them yet.
    const handler = core.plan.handler[node] ?? Handler.none
    const later = handler !== Handler.none && state.status[node] === Status.pending
    if (!later) withdraw(core, node, whyCancelled(state), -1)
  }
}
