import { type InstanceRef, type InstanceState, instanceLabel, type Reason } from './event.ts'
import type { AttemptView, RunView } from './run-view.ts'
import type { WhyContext } from './why.ts'

/** How an attempt ended, as in "after exit code 1". */
export function attemptEnd(attempt: AttemptView | undefined): string {
  if (attempt === undefined) return 'an end that the journal does not tell of'
  if (attempt.state === 'timed_out') return 'its timeout'
  if (attempt.state === 'lost') return 'it was lost with its engine'
  if (attempt.signal !== null) return attempt.signal
  if (attempt.exitCode !== null && attempt.exitCode !== 0) return `exit code ${attempt.exitCode}`
  return attempt.reason === null
    ? `attempt ${attempt.attempt} ended as ${attempt.state}`
    : `“${attempt.reason.message}”`
}

/** Skipped, upstream failed, cancelled: the reason, and what began it where that lies further up. */
export function whyNotRun({ view, tasks }: WhyContext, own: InstanceRef): string {
  const ended = endOf(view, own)
  const reason = ended?.reason ?? null
  if (ended === null || reason === null) return 'the journal does not say why'
  const rule = tasks.get(own.task)?.triggerRule ?? 'all_success'
  const { state } = ended
  const root = rootOf(view, own, state)
  const text = told(reason, instanceLabel(own.task, own.index))
  if (root === null) return text
  const cause = told(root.reason, '')
  if (state === 'upstream_failed' && root.direct) {
    const named = instanceLabel(root.ref.task, root.ref.index)
    const subject = cause.includes(`\`${named}\``) ? cause : `\`${named}\`: ${cause}`
    return rule === 'all_success' ? subject : `${subject}; its rule is ${rule}`
  }
  return cause === text ? text : `${text} (${cause})`
}

interface Root {
  readonly ref: InstanceRef
  readonly reason: Reason
  /** It is what the instance's own reason names. */
  readonly direct: boolean
}

/** Where a chain of "because of" begins: the last of those it leads to that has a reason. */
function rootOf(view: RunView, own: InstanceRef, state: InstanceState): Root | null {
  if (state === 'cancelled') return null
  const seen = new Set([instanceLabel(own.task, own.index)])
  let root: Root | null = null
  let by = endOf(view, own)?.reason?.by
  for (let steps = 0; by !== undefined; steps++) {
    const label = instanceLabel(by.task, by.index)
    const reason = endOf(view, by)?.reason ?? null
    if (seen.has(label) || reason === null) break
    seen.add(label)
    root = { ref: by, reason, direct: steps === 0 || isWithin(root, by) }
    by = reason.by
  }
  return root
}

/** From a mapped task to the instance that decided it is no step up. */
function isWithin(root: Root | null, { task }: InstanceRef): boolean {
  return root?.direct === true && root.ref.task === task
}

function endOf(view: RunView, { task, index }: InstanceRef): { state: InstanceState; reason: Reason | null } | null {
  const found = view.tasks.get(task)
  if (found === undefined) return null
  if (found.mapped && index === null) return { state: found.state, reason: found.settled?.reason ?? null }
  const instance = found.instances[index ?? 0]
  if (instance === undefined) return null
  return { state: instance.state, reason: instance.reason ?? instance.attempts.at(-1)?.reason ?? null }
}

/** A reason without the name of whom it is about, which stands beside it. */
export function told({ message }: Reason, label: string): string {
  const named = [`\`${label}\` `, `${label} `].find((start) => label !== '' && message.startsWith(start)) ?? ''
  const text = message.slice(named.length)
  return /^[A-Z][a-z]/.test(text) || /^A /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
