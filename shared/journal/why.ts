import { durationText } from '../analysis/duration-text.ts'
import type { Pipeline, Task } from '../model/pipeline.ts'
import type { Micros } from '../model/time.ts'
import {
  type Cause,
  INSTANCE_STATES,
  type InstanceRef,
  type InstanceState,
  instanceLabel,
  type Origin,
} from './event.ts'
import { type AttemptView, attemptStart, type InstanceView, isFinal, type RunView, type TaskView } from './run-view.ts'
import { attemptEnd, told, whyNotRun } from './why-reasons.ts'
import { whyPending, whyQueued } from './why-waits.ts'

/**
 * Why an instance is in its state, read from the journal.
 *
 * whyContext   what the sentences are read from
 * whyOf        one sentence about an instance, or about a mapped task as a whole
 * whyParts     a sentence in pieces, so that the tasks it names can be links
 * retryOf      the attempt that an instance waits for
 */
export interface WhyContext {
  readonly view: RunView
  /** As the run was frozen; empty where that cannot be read. */
  readonly tasks: ReadonlyMap<string, Task>
  readonly onSuccess: readonly string[]
  readonly onFailure: readonly string[]
  /** The run's clock. */
  readonly now: Micros
  /** An engine drives the run. */
  readonly live: boolean
}

/** `pipeline`: the run's frozen spec; null where it cannot be read. */
export function whyContext(
  view: RunView,
  pipeline: Pipeline | null,
  at: { readonly now: Micros; readonly live: boolean },
): WhyContext {
  const tasks = new Map((pipeline?.tasks ?? []).map((task) => [task.id, task]))
  return { view, tasks, onSuccess: pipeline?.onSuccess ?? [], onFailure: pipeline?.onFailure ?? [], ...at }
}

/** What follows the state, as in "skipped: `params.mode == 'slow'` is false". Names and code stand in backticks. */
export function whyOf(context: WhyContext, task: string, index: number | null): string | null {
  const found = context.view.tasks.get(task)
  if (found === undefined) return null
  if (found.mapped && index === null) return whyWhole(context, found)
  const instance = found.instances[index ?? 0]
  return instance?.index === index ? whyInstance(context, found, instance) : null
}

export type WhyPart =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'task'; readonly text: string; readonly task: string; readonly index: number | null }

/** A sentence by its backticks; what names a task of the run, or an instance, says which. */
export function whyParts(view: RunView, sentence: string): readonly WhyPart[] {
  return sentence.split('`').flatMap((text, at): WhyPart[] => {
    if (at % 2 === 0) return text === '' ? [] : [{ type: 'text', text }]
    const ref = instanceNamed(view, text)
    return [ref === null ? { type: 'code', text } : { type: 'task', text, ...ref }]
  })
}

/** `extract` or `stac[3]` as the run has it; null where it has no such task. */
export function instanceNamed(view: RunView, label: string): InstanceRef | null {
  if (view.tasks.has(label)) return { task: label, index: null }
  const match = /^(.+)\[(\d+)\]$/.exec(label)
  if (match === null) return null
  const index = Number(match[2])
  const known = view.tasks.get(match[1]!)?.instances[index]?.index === index
  return known ? { task: match[1]!, index } : null
}

/** The attempt that an instance waits for, and how long still; null unless it is retrying. */
export function retryOf(
  instance: InstanceView,
  now: Micros,
): { readonly attempt: number; readonly left: Micros } | null {
  if (instance.state !== 'retrying' || instance.retryUntil === null) return null
  return { attempt: nextAttempt(instance), left: Math.max(0, instance.retryUntil - now) }
}

function nextAttempt({ attempts }: InstanceView): number {
  return (attempts.at(-1)?.attempt ?? 0) + 1
}

function whyInstance(context: WhyContext, task: TaskView, instance: InstanceView): string {
  switch (instance.state) {
    case 'pending':
      return whyPending(context, task, instance)
    case 'queued':
      return whyQueued(context, task.id, instance)
    case 'running':
      return whyRunning(context, instance)
    case 'retrying':
      return whyRetrying(context, instance)
    case 'success':
      return whySuccess(context, task.id, instance)
    case 'failed':
      return whyFailed(task.id, instance)
    default:
      return whyNotRun(context, { task: task.id, index: instance.index })
  }
}

function whyRunning({ now, live }: WhyContext, instance: InstanceView): string {
  const last = instance.attempts.at(-1)
  if (last === undefined) return 'it is being started'
  const which = last.attempt > 1 ? `attempt ${last.attempt}, ` : ''
  if (!live) return `${which}it ran when its engine ended; resume the run to go on`
  const start = startClause(instance)
  return `${which}for ${durationText(Math.max(0, now - attemptStart(last)))}${start === '' ? '' : `; ${start}`}`
}

function whyRetrying({ now, live }: WhyContext, instance: InstanceView): string {
  const after = `after ${attemptEnd(instance.attempts.at(-1))}`
  const retry = retryOf(instance, now)
  if (!live)
    return `attempt ${nextAttempt(instance)} was due ${after} when the run was interrupted; resume the run to go on`
  if (retry === null || retry.left === 0) return `attempt ${nextAttempt(instance)} is due, ${after}`
  return `attempt ${retry.attempt} in ${retryDelayText(retry.left)}, ${after}`
}

/** In tenths of a second below ten seconds, so that it is seen to move. */
export function retryDelayText(left: Micros): string {
  return durationText(Math.ceil(left / 100_000) * 100_000)
}

function whySuccess({ view }: WhyContext, id: string, instance: InstanceView): string {
  const { origin, attempts } = instance
  if (origin !== null && origin !== 'executed') return whyNotExecuted(view, origin, instance, id)
  const last = attempts.at(-1)
  if (last?.finishedAt == null) return 'the journal does not say when it ran'
  const again = last.attempt > 1 ? ` at attempt ${last.attempt}` : ''
  const start = startClause(instance)
  const warning = instance.reason === null ? '' : `; ${told(instance.reason, instanceLabel(id, instance.index))}`
  return `took ${durationText(last.finishedAt - attemptStart(last))}${again}${start === '' ? '' : `; ${start}`}${warning}`
}

/** Digits of a key that tell it from the others of a pipeline. */
const KEY_SHOWN = 8

function whyNotExecuted(
  { header }: RunView,
  origin: Exclude<Origin, 'executed'>,
  { reason, source }: InstanceView,
  id: string,
): string {
  const run = source?.run ?? null
  switch (origin) {
    case 'reused':
      return `reused from ${run === null && header.parent === null ? 'an earlier run' : `run ${run ?? header.parent}`}`
    case 'pinned':
      return `its outputs come from its pin${run === null ? '' : `, taken from run ${run}`}`
    case 'cached': {
      const key = source?.key === undefined ? '' : ` (key ${source.key.slice(0, KEY_SHOWN)})`
      const whose = run === null ? 'an earlier success' : `its success in run ${run}`
      return `from the cache: its code, parameters and inputs are those of ${whose}${key}`
    }
    case 'marked':
      return reason === null ? 'a person marked it' : told(reason, id)
  }
}

function whyFailed(id: string, instance: InstanceView): string {
  const last = instance.attempts.at(-1)
  const reason = instance.reason ?? last?.reason ?? null
  const label = instanceLabel(id, instance.index)
  const what = reason === null ? attemptEnd(last) : told(reason, label)
  return (last?.attempt ?? 1) > 1 ? `${what}, at attempt ${last!.attempt}` : what
}

function whyWhole(context: WhyContext, task: TaskView): string {
  const total = task.instances.length
  const own = { task: task.id, index: null }
  if (total === 0 || task.counts.skipped + task.counts.upstream_failed === total) {
    const reason = task.settled?.reason ?? task.instances[0]?.reason ?? null
    if (task.settled?.reason) return whyNotRun(context, own)
    return reason === null ? 'it has no instances yet' : told(reason, task.id)
  }
  const counts = INSTANCE_STATES.filter((state) => task.counts[state] > 0)
  const [only] = counts
  if (counts.length === 1 && only !== undefined) {
    const [first] = task.instances
    const of = total === 1 ? 'its one instance' : `all ${total} instances`
    const why = isFinal(only) && only !== 'failed' ? '' : `: ${whyInstance(context, task, first!)}`
    return `${of} ${STATE_WORDS[only]}${why}`
  }
  const shares = counts.map((state) => `${task.counts[state]} ${STATE_WORDS[state]}`).join(', ')
  const failed = task.instances.find(({ state }) => state === 'failed')
  const first =
    failed === undefined ? '' : `; \`${instanceLabel(task.id, failed.index)}\` ${whyFailed(task.id, failed)}`
  return `of ${total} instances ${shares}${first}`
}

/** As after "3". */
const STATE_WORDS: Readonly<Record<InstanceState, string>> = {
  pending: 'pending',
  queued: 'queued',
  running: 'running',
  retrying: 'retrying',
  success: 'succeeded',
  failed: 'failed',
  skipped: 'skipped',
  upstream_failed: 'could not run',
  cancelled: 'cancelled',
}

/** What it waited for before the attempt that waited longest for a place; else what let the first one begin. */
function startClause({ attempts }: InstanceView): string {
  const held = attempts.filter(({ cause }) => placeText(cause) !== null)
  const longest = held.toSorted((a, b) => waited(b) - waited(a))[0]
  if (longest === undefined || waited(longest) === 0) return beginText(attempts[0]?.cause ?? { type: 'begin' })
  return `waited ${durationText(waited(longest))} for ${placeText(longest.cause)}`
}

/** null: it had a place as soon as it could begin. */
function placeText(cause: Cause): string | null {
  switch (cause.type) {
    case 'pool':
      return `pool \`${cause.pool}\`, ${heldBy(cause)}`
    case 'slot':
      return `a slot, ${heldBy(cause)}`
    case 'maxParallel':
      return `its place beside \`${instanceLabel(cause.task, cause.index)}\` (maxParallel)`
    default:
      return null
  }
}

/** Whoever freed the place of one that did not wait for it is the upstream that let it begin. */
function beginText(cause: Cause): string {
  switch (cause.type) {
    case 'begin':
      return 'it began with the run'
    case 'resume':
      return 'it began when the run was resumed'
    case 'marked':
      return 'it began when a person had cleared it'
    case 'retry':
      return 'it began when its attempt before was lost'
    default:
      return cause.task === null
        ? 'it began when another run made room'
        : `it began when \`${instanceLabel(cause.task, cause.index)}\` had ended`
  }
}

function waited(attempt: AttemptView): Micros {
  return Math.max(0, attempt.startingAt - attempt.readyAt)
}

function heldBy({ task, index }: { readonly task: string | null; readonly index: number | null }): string {
  return task === null ? 'held by another run' : `held by \`${instanceLabel(task, index)}\``
}
