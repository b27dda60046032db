import { durationText } from '../analysis/duration-text.ts'
import type { Micros } from '../model/time.ts'
import { instanceLabel } from './event.ts'
import { type InstanceView, isFinal, type RunView, type TaskView } from './run-view.ts'
import type { WhyContext } from './why.ts'

/** An instance that nothing has let begin: what it waits for. */
export function whyPending(context: WhyContext, { id }: TaskView, instance: InstanceView): string {
  const { view, live } = context
  const last = instance.attempts.at(-1)
  const lost = last?.state === 'lost' ? `attempt ${last.attempt} was lost with its engine` : null
  if (view.endedAt !== null) return 'it has no part in this run'
  if (!live) return `${lost ?? 'the run was interrupted before it could start'}; resume the run to go on`
  if (lost !== null) return `${lost}, and it starts again`
  if (view.cancelling) return 'the run is being cancelled'
  const open = openUpstreams(context, id, instance.index)
  if (open.length > 0) return `waits for ${listed(open)}`
  if (context.onFailure.includes(id) || context.onSuccess.includes(id)) return whyHandlerWaits(context, id)
  if (!context.tasks.has(id)) return 'it has not been decided yet; the frozen pipeline does not tell what it needs'
  return 'what it needs has ended; its conditions or its list are being evaluated'
}

function whyHandlerWaits({ onSuccess, onFailure }: WhyContext, id: string): string {
  const always = onSuccess.includes(id) && onFailure.includes(id)
  const when = always ? '' : onFailure.includes(id) ? ', if the run fails' : ', if the run succeeds'
  return `it runs once everything else has ended${when}`
}

/** Upstreams that have no end yet, as labels. What follows another task instance by instance waits for its own one. */
function openUpstreams({ view, tasks }: WhyContext, id: string, index: number | null): readonly string[] {
  const task = tasks.get(id)
  const followed = task?.forEach?.type === 'each' ? task.forEach.task : null
  return (task?.needs ?? []).flatMap((need) => {
    const upstream = view.tasks.get(need.task)
    if (upstream === undefined) return []
    const own = index !== null && need.task === followed ? upstream.instances[index] : undefined
    if (isFinal((own ?? upstream).state)) return []
    return [instanceLabel(need.task, own?.index ?? null)]
  })
}

/** An instance that could begin: what holds its place. */
export function whyQueued(context: WhyContext, id: string, instance: InstanceView): string {
  if (!context.live) return 'it waited for its turn when the run was interrupted; resume the run to go on'
  return `${durationText(queuedSince(instance, context.now))} so far, ${heldBack(context, id)}`
}

/** Since it was last able to start: first readied, cleared, or done with its retry delay. */
export function queuedSince(instance: InstanceView, now: Micros): Micros {
  const { readyAt, retryUntil, attempts } = instance
  return Math.max(0, now - Math.max(readyAt ?? now, attempts.at(-1)?.finishedAt ?? 0, retryUntil ?? 0))
}

function heldBack(context: WhyContext, id: string): string {
  const { view, tasks } = context
  const own = tasks.get(id)
  if (own?.pool) {
    const { name, slots } = own.pool
    const size = view.header.pools[name] ?? Number.POSITIVE_INFINITY
    const users = [...tasks.values()].filter(({ pool }) => pool?.name === name)
    const used = users.reduce((sum, user) => sum + runningOf(view, user.id) * (user.pool?.slots ?? 0), 0)
    const holders = running(
      view,
      users.map((user) => user.id),
    )
    if (used + slots > size && holders.length > 0) return `pool \`${name}\` is held by ${listed(holders)}`
  }
  const most = own?.maxParallel ?? null
  if (most !== null && runningOf(view, id) >= most) {
    return `as \`maxParallel\` lets ${most} of its instances run at a time`
  }
  const all = running(view, view.order)
  if (all.length >= view.header.slots) {
    return view.header.slots === 1
      ? `the only slot is held by ${listed(all)}`
      : `all ${view.header.slots} slots are busy`
  }
  return 'next in line: its slot is held by another run of the workspace, or is just being given to it'
}

function runningOf(view: RunView, id: string): number {
  return view.tasks.get(id)?.counts.running ?? 0
}

function running(view: RunView, ids: readonly string[]): readonly string[] {
  return ids.flatMap((id) => {
    const own = view.tasks.get(id)
    if (own === undefined || own.counts.running === 0) return []
    const instances = own.instances.filter(({ state }) => state === 'running')
    return instances.map(({ index }) => instanceLabel(id, index))
  })
}

/** Labels that a sentence names; of more it says how many. */
const MOST_NAMED = 3

function listed(labels: readonly string[]): string {
  const named = labels.slice(0, MOST_NAMED).map((label) => `\`${label}\``)
  const more = labels.length - named.length
  if (more > 0) return `${named.join(', ')} and ${more} more`
  return named.length < 2 ? (named[0] ?? '') : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`
}
