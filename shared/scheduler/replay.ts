import { instanceLabel, type JournalBody, type JournalEvent } from '../journal/event.ts'
import { type Steps, takeAll } from '../model/steps.ts'
import { start } from './dispatch.ts'
import { bodyOf, JournalReader } from './journal.ts'
import type { Plan } from './plan.ts'
import { createCore } from './sink.ts'
import { createState, type SchedulerState, Status } from './state.ts'
import { advance, CommandSink, reasonIn } from './step.ts'
import type { Command, InstanceNumber } from './types.ts'

/** About a millisecond's. */
const EVENTS_A_STEP = 200

export interface Restored {
  /** Held until the event `resumed`. */
  readonly state: SchedulerState
  /** Attempts that were in flight: after `resumed`, report each as finished with outcome `lost`. */
  readonly running: readonly { readonly instance: InstanceNumber; readonly attempt: number }[]
  /** Retry delays that were running: send each its `timer` when `until` has come (again). */
  readonly timers: readonly { readonly instance: InstanceNumber; readonly attempt: number; readonly until: number }[]
  /** Commands whose trace the journal lacks (asked and not answered, decided and not written): carry them out first. */
  readonly pending: readonly Command[]
}

/**
 * Rebuilds the scheduler from a run's journal. What started is taken from the journal, not decided again, so a journal
 * written under other capacities or by an earlier version still restores. Resume by: carry out `pending`, write and
 * step `resumed`, finish `running` as lost, restart `timers`.
 */
export function restore(plan: Plan, events: readonly JournalEvent[]): Restored {
  return takeAll(restoreSteps(plan, events))
}

/** The same in steps. */
export function* restoreSteps(plan: Plan, events: readonly JournalEvent[]): Steps<Restored> {
  const state = createState(plan)
  const reader = new JournalReader(plan, events)
  const open = new Map<string, Command>()
  const sink = new CommandSink(plan, state, (command) => open.set(commandKey(command), command), null)
  const core = createCore(plan, state, sink)
  state.held = true
  for (const [at, journalled] of events.entries()) {
    if (at % EVENTS_A_STEP === 0) yield
    for (const { event, until } of reader.read(state, at)) {
      sink.given = reasonIn(event)
      advance(core, event, until)
    }
    if (journalled.type === 'starting') {
      const instance = reader.instance(state, journalled)
      if (state.status[instance] === Status.queued) {
        state.now = Math.max(state.now, journalled.t)
        start(core, instance)
      }
    }
    open.delete(traceKey(reader, state, journalled))
  }
  const pending = [...open.values()].filter(({ type }) => type !== 'start' && type !== 'stop')
  // A question asked twice, as a mark may make it, is pending once.
  state.questions = pending.filter(({ type }) => type === 'ask' || type === 'expand').length
  return { state, pending, ...inFlight(state, pending) }
}

function inFlight(state: SchedulerState, pending: readonly Command[]): Pick<Restored, 'running' | 'timers'> {
  const running: Restored['running'][number][] = []
  const timers: Restored['timers'][number][] = []
  const unwritten = new Set(pending.map((command) => (command.type === 'retry' ? command.instance : -1)))
  for (let instance = 0; instance < state.nodes; instance++) {
    const attempt = state.attempt[instance] as number
    if (state.status[instance] === Status.running) running.push({ instance, attempt })
    if (state.status[instance] === Status.retrying && !unwritten.has(instance)) {
      timers.push({ instance, attempt: attempt + 1, until: state.until[instance] as number })
    }
  }
  return { running, timers }
}

function commandKey(command: Command): string {
  switch (command.type) {
    case 'ask':
      return `ask ${command.question} ${command.task} ${command.index} ${command.upstream}`
    case 'expand':
      return `expand ${command.task}`
    case 'reset':
      return `reset ${command.instance < 0 ? command.task : command.instance}`
    case 'settle':
      return `settle ${command.instance < 0 ? command.task : command.instance}`
    case 'end':
      return 'end'
    default:
      return `${command.type} ${command.instance}`
  }
}

/** The key of the command that this journal event answers or records. */
function traceKey(reader: JournalReader, state: SchedulerState, event: JournalEvent): string {
  switch (event.type) {
    case 'answered': {
      const task = reader.instance(state, { task: event.task, index: null })
      const upstream = event.upstream === undefined ? -1 : reader.instance(state, { task: event.upstream, index: null })
      return `ask ${event.question} ${task} ${event.index ?? -1} ${upstream}`
    }
    case 'expanded':
      return `expand ${reader.instance(state, { task: event.task, index: null })}`
    case 'settled':
      return `settle ${reader.instance(state, event)}`
    case 'reset':
      return `reset ${reader.instance(state, event)}`
    case 'retrying':
      return `retry ${reader.instance(state, event)}`
    case 'ended':
      return 'end'
    default:
      return ''
  }
}

/** Where a replay first differs from the journal. */
export interface ReplayMismatch {
  /** Number of the journal's event. */
  readonly n: number
  readonly journal: JournalBody
  /** What the scheduler decided at that point; null: nothing. */
  readonly replay: JournalBody | null
}

/**
 * Feeds a journal's events into the scheduler and compares its commands with those the journal recorded: "exact" in
 * DESIGN section 5. Null: the same commands in the same order. `plan` must be compiled from the frozen spec with the
 * header's slots, pools, basis and selection.
 */
export function verifyReplay(plan: Plan, events: readonly JournalEvent[]): ReplayMismatch | null {
  const state = createState(plan)
  const reader = new JournalReader(plan, events)
  const unwritten = neverStarted(events)
  const expected: ExpectedBody[] = []
  const lives = new Lives()
  let taken = 0
  const sink = new CommandSink(
    plan,
    state,
    (command) => {
      const body = bodyOf(plan, state, command)
      if (body !== null) expected.push({ body, key: lives.keyOf(body) })
    },
    null,
  )
  const core = createCore(plan, state, sink)
  for (let at = 0; at < events.length; at++) {
    const journalled = events[at] as JournalEvent
    for (const { event, until } of reader.read(state, at)) {
      sink.given = reasonIn(event)
      advance(core, event, until)
    }
    if (!RECORDS.has(journalled.type)) continue
    while (isUnwritten(expected[taken], unwritten)) taken++
    const replay = expected[taken++]?.body ?? null
    if (replay === null || !sameDecision(journalled, replay)) return { n: journalled.n, journal: journalled, replay }
  }
  return null
}

/** Instances that ended without a line about waiting or starting: a host leaves those out for what it satisfies. */
function neverStarted(events: readonly JournalEvent[]): ReadonlySet<string> {
  const settled = new Set<string>()
  const began = new Set<string>()
  const lives = new Lives()
  for (const event of events) {
    const key = lives.keyOf(event)
    if (event.type === 'settled') settled.add(key)
    else if (event.type === 'queued' || event.type === 'starting') began.add(key)
  }
  for (const key of began) settled.delete(key)
  return settled
}

interface ExpectedBody {
  readonly body: JournalBody
  readonly key: string
}

function isUnwritten(expected: ExpectedBody | undefined, unwritten: ReadonlySet<string>): boolean {
  const type = expected?.body.type
  return (type === 'queued' || type === 'starting') && unwritten.has(expected!.key)
}

/** An instance lives anew with every reset, its own or its task's: what it did before says nothing of what it does then. */
class Lives {
  private readonly counts = new Map<string, number>()

  /** The instance of a body and its life; '' where the body is about none. Bodies must come in order. */
  keyOf(body: JournalBody): string {
    if (!('task' in body && 'index' in body)) return ''
    const label = instanceLabel(body.task, body.index)
    if (body.type === 'reset') this.counts.set(label, (this.counts.get(label) ?? 0) + 1)
    return `${label} ${this.counts.get(body.task) ?? 0} ${this.counts.get(label) ?? 0}`
  }
}

const RECORDS: ReadonlySet<string> = new Set(['queued', 'starting', 'retrying', 'settled', 'reset', 'ended'])

/** Origins and outputs are the host's, wording may change between versions: decisions are compared without them. */
function sameDecision(journalled: JournalEvent, replay: JournalBody): boolean {
  return decision(journalled) === decision(replay)
}

function decision(body: JournalBody): string {
  switch (body.type) {
    case 'queued':
    case 'reset':
      return JSON.stringify([body.type, body.task, body.index])
    case 'starting': {
      const { cause } = body
      const by = 'task' in cause ? [cause.task, cause.index] : []
      return JSON.stringify([body.type, body.task, body.index, body.attempt, body.readyAt, cause.type, ...by])
    }
    case 'retrying':
      return JSON.stringify([body.type, body.task, body.index, body.attempt, body.until])
    case 'settled':
      return JSON.stringify([body.type, body.task, body.index, body.state])
    case 'ended':
      return JSON.stringify([body.type, body.state, body.reason?.code ?? null])
    default:
      return body.type
  }
}
