import { type Steps, takeAll } from '../model/steps.ts'
import type { FinalState, InstanceRef, InstanceState, JournalBody, JournalEvent, RunHeader } from './event.ts'
import { type AttemptView, type InstanceView, noCounts, type RunView, type TaskView } from './run-view.ts'

/**
 * The fold from journal to RunView, used by the renderer, the CLI and the api.
 *
 * createRunView  a view of a run before its first event
 * applyEvent     one event; returns the id of the task it changed
 * foldRun        all of a journal
 * foldSteps      the same in steps
 */

/** A millisecond's or less. */
const EVENTS_A_STEP = 1000
/** A hostile or broken journal must not fill the memory; more instances than this are not shown. */
const MOST_INSTANCES = 1_000_000

type EventOf<T extends JournalBody['type']> = Extract<JournalEvent, { readonly type: T }>

const WORST_FIRST: readonly FinalState[] = ['failed', 'upstream_failed', 'cancelled', 'success', 'skipped']

/**
 * `taskIds`: the tasks that take part, in file order, so that those still pending show. Default: those of the header's
 * basis.
 */
export function createRunView(header: RunHeader, taskIds: readonly string[] = Object.keys(header.basis)): RunView {
  const view: RunView = {
    header,
    version: 0,
    lastEvent: Number.NEGATIVE_INFINITY,
    state: 'queued',
    t: 0,
    endedAt: null,
    reason: null,
    cancelling: false,
    lastSettledAt: null,
    tasks: new Map(),
    order: [],
    counts: noCounts(),
    anchors: [],
    interpreters: [],
  }
  for (const id of taskIds) addTask(view, id)
  return view
}

/** null where the events do not begin with a header. */
export function foldRun(events: readonly JournalEvent[], taskIds?: readonly string[]): RunView | null {
  return takeAll(foldSteps(events, taskIds))
}

export function* foldSteps(events: readonly JournalEvent[], taskIds?: readonly string[]): Steps<RunView | null> {
  const header = events[0]
  if (header?.type !== 'run') return null
  const view = createRunView(header, taskIds)
  for (const [at, event] of events.entries()) {
    if (at % EVENTS_A_STEP === 0) yield
    applyEvent(view, event)
  }
  return view
}

/**
 * Applies one event, in time constant in the size of the run. Returns the task that changed, null where only the run
 * did. An event already applied (its number is not greater than `lastEvent`) changes nothing, so that a watcher may
 * apply overlapping batches.
 */
export function applyEvent(view: RunView, event: JournalEvent): string | null {
  if (event.n <= view.lastEvent) return null
  view.lastEvent = event.n
  view.version++
  view.t = event.t
  switch (event.type) {
    case 'run':
    case 'suspended':
      view.anchors.push({ t: event.t, wall: event.wall })
      return null
    case 'resumed':
      view.anchors.push({ t: event.t, wall: event.wall })
      view.state = 'running'
      view.cancelling = false
      view.endedAt = null
      view.reason = null
      return null
    case 'cancel':
      view.cancelling = true
      return null
    case 'capacity':
    case 'marked':
      return null
    case 'interpreter':
      if (view.interpreters.every(({ path }) => path !== event.path)) {
        view.interpreters.push({ program: event.program, path: event.path, version: event.version })
      }
      return null
    case 'ended':
      view.state = event.state
      view.endedAt = event.t
      view.reason = event.reason
      return null
    default:
      if (view.state === 'queued') view.state = 'running'
      return applyTaskEvent(view, event)
  }
}

type TaskEvent = Extract<JournalEvent, { readonly task: string }>

function applyTaskEvent(view: RunView, event: TaskEvent): string | null {
  if (event.type === 'answered' || event.type === 'satisfied') return null
  const task = view.tasks.get(event.task) ?? addTask(view, event.task)
  const before = task.state
  if (event.type === 'expanded') expand(task, event)
  else if (event.type === 'settled' && isWhole(task, event)) settleWhole(view, task, event)
  else if (event.type === 'reset' && isWhole(task, event)) takeInstances(task)
  else {
    const instance = task.instances[event.index ?? 0]
    if (instance?.index === event.index) applyInstanceEvent(view, task, instance, event)
  }
  task.state = stateOfTask(task)
  view.counts[before]--
  view.counts[task.state]++
  task.version = view.version
  return task.id
}

function isWhole(task: TaskView, event: InstanceRef): boolean {
  return task.mapped && event.index === null
}

function applyInstanceEvent(
  view: RunView,
  task: TaskView,
  instance: InstanceView,
  event: Exclude<TaskEvent, { type: 'answered' | 'expanded' | 'satisfied' }>,
): void {
  if (event.type === 'queued') {
    instance.readyAt ??= event.t
    setState(task, instance, 'queued')
  } else if (event.type === 'starting') {
    start(task, instance, event)
  } else if (event.type === 'started') {
    noteStarted(instance, event)
  } else if (event.type === 'finished') {
    finish(task, instance, event)
  } else if (event.type === 'retrying') {
    instance.retryUntil = event.until
    setState(task, instance, 'retrying')
  } else if (event.type === 'inputs') {
    instance.inputs = event.files
  } else if (event.type === 'settled') {
    view.lastSettledAt = Math.max(view.lastSettledAt ?? 0, event.t)
    settle(task, instance, event)
  } else if (event.type === 'reset') {
    clear(task, instance)
  }
}

/** Of a run whose engine died: what ran was lost with it, as its journal will say first when it is resumed. */
export function loseRunning(view: RunView): void {
  view.version++
  for (const task of view.tasks.values()) {
    for (const instance of task.instances) {
      const attempt = instance.attempts.at(-1)
      if (instance.state !== 'running' || attempt === undefined) continue
      attempt.state = 'lost'
      attempt.finishedAt = view.t
      setState(task, instance, 'pending')
      task.version = view.version
    }
    const before = task.state
    task.state = stateOfTask(task)
    view.counts[before]--
    view.counts[task.state]++
  }
}

function noteStarted(instance: InstanceView, event: EventOf<'started'>): void {
  const attempt = lastAttempt(instance, event.attempt)
  if (attempt === undefined) return
  if (instance.startedAt === attempt.startingAt) instance.startedAt = event.t
  attempt.startedAt = event.t
  attempt.pid = event.pid
}

function expand(task: TaskView, event: EventOf<'expanded'>): void {
  if (event.error !== undefined) return
  const count = Math.min(Math.max(0, Math.trunc(event.count)), MOST_INSTANCES)
  task.mapped = true
  task.items = event.items
  task.settled = null
  const earlier = task.earlier
  task.instances = Array.from({ length: count }, (_, index) => {
    const instance = newInstance(index)
    return { ...instance, attempts: earlier[index]?.attempts ?? instance.attempts }
  })
  Object.assign(task.counts, noCounts(), { pending: count })
}

function start(task: TaskView, instance: InstanceView, event: EventOf<'starting'>): void {
  instance.readyAt ??= event.readyAt
  instance.startedAt ??= event.t
  instance.retryUntil = null
  instance.attempts.push({
    attempt: event.attempt,
    state: 'running',
    readyAt: event.readyAt,
    cause: event.cause,
    startingAt: event.t,
    startedAt: null,
    finishedAt: null,
    pid: null,
    exitCode: null,
    signal: null,
    peakMemory: null,
    logged: false,
    cpu: null,
    reason: null,
  })
  setState(task, instance, 'running')
}

/** The instance's own state follows in `retrying` or `settled` of the same batch; a lost attempt waits to run again. */
function finish(task: TaskView, instance: InstanceView, event: EventOf<'finished'>): void {
  const attempt = lastAttempt(instance, event.attempt)
  if (attempt === undefined) return
  attempt.state = event.outcome
  attempt.finishedAt = event.t
  attempt.exitCode = event.exitCode
  attempt.signal = event.signal
  attempt.peakMemory = event.peakMemory
  attempt.cpu = event.cpu
  attempt.reason = event.reason
  attempt.logged = event.logged === true
  if (event.outcome === 'success') instance.outputs = event.outputs
  if (event.outcome === 'lost') setState(task, instance, 'pending')
}

function settle(task: TaskView, instance: InstanceView, event: EventOf<'settled'>): void {
  instance.origin = event.origin
  instance.source = event.source ?? null
  instance.reason = event.reason
  instance.endedAt = event.t
  instance.retryUntil = null
  if (event.outputs !== undefined) instance.outputs = event.outputs
  if (event.state !== 'success') instance.outputs = null
  if (event.origin === 'cached') withdrawAttempt(instance)
  setState(task, instance, event.state)
}

/** It held a slot while its result was looked for, and was found: nothing ran. */
function withdrawAttempt(instance: InstanceView): void {
  if (instance.attempts.at(-1)?.state !== 'running') return
  instance.attempts.pop()
  if (instance.attempts.length === 0) instance.startedAt = null
}

function settleWhole(view: RunView, task: TaskView, event: EventOf<'settled'>): void {
  view.lastSettledAt = Math.max(view.lastSettledAt ?? 0, event.t)
  task.settled = { state: event.state, origin: event.origin, reason: event.reason }
}

/** A mapped task is cleared: its list may be another one next time. */
function takeInstances(task: TaskView): void {
  const last = task.mapped ? task.instances : []
  task.earlier = [...last, ...task.earlier.slice(last.length)]
  task.instances = [newInstance(null)]
  task.mapped = false
  task.items = null
  task.settled = null
  Object.assign(task.counts, noCounts(), { pending: 1 })
}

function clear(task: TaskView, instance: InstanceView): void {
  task.settled = null
  instance.origin = null
  instance.source = null
  instance.reason = null
  instance.readyAt = null
  instance.startedAt = null
  instance.endedAt = null
  instance.retryUntil = null
  instance.outputs = null
  instance.inputs = null
  setState(task, instance, 'pending')
}

function setState(task: TaskView, instance: InstanceView, state: InstanceState): void {
  task.counts[instance.state]--
  task.counts[state]++
  instance.state = state
}

/**
 * DESIGN 4.4, worst first. While instances are open a mapped task is running as soon as one of them has got anywhere,
 * and its verdict as a whole, where the journal has one, stands for it.
 */
function stateOfTask(task: TaskView): InstanceState {
  if (!task.mapped) return task.instances[0]!.state
  const { counts } = task
  const size = task.instances.length
  let ended = 0
  for (const state of WORST_FIRST) ended += counts[state]
  if (ended === size) return task.settled?.state ?? (size === 0 ? 'skipped' : worstOf(counts))
  if (counts.running + counts.retrying > 0) return 'running'
  if (ended > 0) return 'running'
  return counts.queued > 0 ? 'queued' : 'pending'
}

function worstOf(counts: Readonly<Record<InstanceState, number>>): FinalState {
  return WORST_FIRST.find((state) => counts[state] > 0)!
}

function lastAttempt(instance: InstanceView, number: number): AttemptView | undefined {
  return instance.attempts.findLast((attempt) => attempt.attempt === number)
}

function addTask(view: RunView, id: string): TaskView {
  const existing = view.tasks.get(id)
  if (existing !== undefined) return existing
  const task: TaskView = {
    id,
    version: view.version,
    state: 'pending',
    mapped: false,
    instances: [newInstance(null)],
    counts: { ...noCounts(), pending: 1 },
    items: null,
    earlier: [],
    settled: null,
  }
  view.tasks.set(id, task)
  view.order.push(id)
  view.counts.pending++
  return task
}

function newInstance(index: number | null): InstanceView {
  return {
    index,
    state: 'pending',
    origin: null,
    source: null,
    reason: null,
    attempts: [],
    readyAt: null,
    startedAt: null,
    endedAt: null,
    retryUntil: null,
    outputs: null,
    inputs: null,
  }
}
