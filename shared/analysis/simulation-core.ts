import type { AttemptOutcome } from '../journal/event.ts'
import type { Micros } from '../model/time.ts'
import { branchAnswered, edgeAnswered, whenAnswered } from '../scheduler/answer.ts'
import { cancel, finished, satisfied, timer } from '../scheduler/attempt.ts'
import { drain } from '../scheduler/core.ts'
import { setCapacity } from '../scheduler/dispatch.ts'
import { expanded } from '../scheduler/mapping.ts'
import { clear, mark } from '../scheduler/mark.ts'
import type { Plan } from '../scheduler/plan.ts'
import { begin, finishEvent } from '../scheduler/run.ts'
import { type Core, createCore, type Question, type Sink, type Why } from '../scheduler/sink.ts'
import { createState, instanceOf, resetState, type SchedulerState, Status, Wish } from '../scheduler/state.ts'
import type { InstanceNumber, Room, TaskNumber } from '../scheduler/types.ts'
import { EventQueue } from './event-queue.ts'
import type { SimulationModel } from './simulation-model.ts'

export interface SimulationOptions {
  /** From a start's decision to the attempt's own beginning; the slot is held meanwhile. Default 0. */
  readonly releaseLatency?: Micros
  /** A person cancels the run at this instant; attempts that run end with it. Default: nobody does. */
  readonly cancelAt?: Micros
  /** The longest the run may take; who opens an ended run again gives it its time again. Default: any time. */
  readonly timeout?: Micros
  /** Per task: the longest an attempt may take; what would take longer ends then, timed out. Default: any time. */
  readonly limits?: Float64Array
  /**
   * Per task: how much later each of its instances is ready than it would be. It holds no slot meanwhile, and the cause
   * of its start stays what it was. Of a root: when it is released. Default: none.
   */
  readonly late?: Float64Array
  /** Slots over time, by rising `at`; what runs is never stopped. Slots are never more than the plan's. */
  readonly capacity?: readonly CapacityStep[]
  /** What a person marks or clears, and when; after the end, too. */
  readonly marks?: readonly SimulatedMark[]
}

export interface SimulatedMark {
  readonly at: Micros
  readonly task: TaskNumber
  /** null: an unmapped task, or all instances of a mapped one. */
  readonly index: number | null
  readonly as: 'success' | 'failed' | 'cleared'
  /** Of `cleared`. */
  readonly downstream: boolean
}

export interface CapacityStep extends Room {
  readonly at: Micros
}

/** Is told what happens while it happens. `node` is a task or an instance of a mapped one. */
export interface SimulationObserver {
  /** An attempt begins; its number and cause stand in the state. */
  started(node: InstanceNumber): void
  /** The running attempt of the node ends. */
  finished(node: InstanceNumber): void
  /** The node is final; `by`: the node that brought it about, -1: none. */
  settled(node: InstanceNumber, by: InstanceNumber): void
}

interface OpenQuestion {
  readonly question: Question | 'expand'
  readonly task: TaskNumber
  readonly index: number
  readonly upstream: TaskNumber
}

/**
 * In place of a node: the person who cancels, the run's timeout; from `CAPACITY` down, the steps of the capacity, and then
 * the marks.
 */
const CANCEL = -1
const TIMEOUT = -2
const CAPACITY = -3

/**
 * The scheduler under a virtual clock, for any number of simulations of one plan: nothing is allocated per event.
 * After `run` the final state and the times per node can be read until the next `run`. What happens at the same instant
 * happens in the order in which it was set off; questions are answered at once.
 */
export class SimulationCore implements Sink {
  readonly state: SchedulerState
  /** Per node: when its first attempt started. Only for nodes with an attempt. */
  starts: Float64Array
  /** Per node: when it became final. */
  ends: Float64Array
  /** Per task: 1 where an attempt would have taken longer than it may. */
  readonly timedOut: Uint8Array
  private readonly core: Core
  private readonly fresh: SchedulerState
  private readonly latency: Micros
  private readonly cancelAt: Micros
  private readonly timeout: Micros
  private readonly limits: Float64Array | null
  /** The number of the event at which the run's time is over; an earlier one is void. */
  private deadline = -1
  private readonly marks: readonly SimulatedMark[]
  private readonly capacity: readonly CapacityStep[]
  private readonly late: Float64Array | null
  /** Nodes that were ready and are held back, with the cause they had. */
  private readonly held = new Map<InstanceNumber, { readonly type: number; readonly by: InstanceNumber }>()
  /** Nodes whose earlier result is being looked for, with the number of the event that finds it. */
  private readonly looking = new Map<InstanceNumber, number>()
  private readonly observer: SimulationObserver | null
  private model: SimulationModel | null = null
  private readonly questions: OpenQuestion[] = []
  private readonly clock = new EventQueue()
  /** Per node: the number of the event that ends its running attempt; an earlier one is void. */
  private ending: Int32Array

  constructor(plan: Plan, options: SimulationOptions = {}, observer: SimulationObserver | null = null) {
    this.state = createState(plan)
    this.fresh = createState(plan)
    this.core = createCore(plan, this.state, this)
    this.latency = options.releaseLatency ?? 0
    this.cancelAt = options.cancelAt ?? -1
    this.timeout = options.timeout ?? -1
    this.limits = options.limits?.some((limit) => limit !== Infinity) ? options.limits : null
    this.marks = options.marks ?? []
    this.capacity = options.capacity ?? []
    this.late = options.late?.some((time) => time > 0) ? options.late : null
    this.observer = observer
    this.starts = new Float64Array(plan.count)
    this.ends = new Float64Array(plan.count)
    this.ending = new Int32Array(plan.count)
    this.timedOut = new Uint8Array(plan.count)
  }

  /** Runs to the end and returns the makespan. Where slots are taken away for good it may never end: see `state.ended`. */
  run(model: SimulationModel): Micros {
    const { state, core, clock } = this
    resetState(state, this.fresh)
    this.model = model
    this.held.clear()
    this.looking.clear()
    this.timedOut.fill(0)
    clock.clear()
    if (this.cancelAt >= 0) clock.push(this.cancelAt, CANCEL)
    this.allowTime()
    const firstMark = CAPACITY - this.capacity.length
    let marksLeft = this.marks.length
    this.marks.forEach((mark, number) => {
      clock.push(mark.at, firstMark - number)
    })
    this.capacity.forEach((step, number) => {
      if (step.at > 0) clock.push(step.at, CAPACITY - number)
      else setCapacity(core, step.slots, step.pools)
    })
    begin(core)
    this.finish()
    while (clock.size > 0 && (!state.ended || marksLeft > 0)) {
      clock.pop()
      const node = clock.node
      if (state.ended && node > firstMark) continue
      if (node >= 0 && state.status[node] === Status.running && clock.sequence !== this.ending[node]) continue
      state.now = clock.time
      if (node <= firstMark) {
        marksLeft--
        this.mark(this.marks[firstMark - node] as SimulatedMark)
      } else if (node <= CAPACITY) this.setCapacity(this.capacity[CAPACITY - node] as CapacityStep)
      else if (node === CANCEL) cancel(core, -1)
      else if (node === TIMEOUT) {
        if (clock.sequence === this.deadline) cancel(core, this.timeout)
      } else if (this.looking.get(node) === clock.sequence) this.find(node)
      else if (state.status[node] === Status.running) this.endAttempt(node)
      else this.wake(node)
      this.finish()
    }
    this.model = null
    return state.now
  }

  /** From now on the run may take its time. */
  private allowTime(): void {
    if (this.timeout >= 0) this.deadline = this.clock.push(this.state.now + this.timeout, TIMEOUT)
  }

  private setCapacity({ slots, pools }: CapacityStep): void {
    setCapacity(this.core, slots, pools)
  }

  private mark({ task, index, as, downstream }: SimulatedMark): void {
    const node = instanceOf(this.state, task, index) ?? -1
    if (this.state.ended) this.allowTime()
    if (as === 'cleared') clear(this.core, node, downstream)
    else mark(this.core, node, as)
  }

  private finish(): void {
    const { questions } = this
    this.settleEvent()
    for (let at = 0; at < questions.length; at++) {
      this.reply(questions[at] as OpenQuestion)
      this.settleEvent()
    }
    if (questions.length > 0) questions.length = 0
  }

  private settleEvent(): void {
    const { core } = this
    if (this.late !== null) {
      drain(core)
      this.holdBack(this.late)
    }
    finishEvent(core)
  }

  /** What this event made ready for its first attempt and is late waits for its time, as a retry does. */
  private holdBack(late: Float64Array): void {
    const { core, state, held } = this
    for (let at = 0; at < core.readied.size; at++) {
      const node = core.readied.nodes[at] as number
      const delay = late[state.task[node] as number] as number
      if (delay === 0 || state.attempt[node] !== 0 || state.status[node] !== Status.queued || held.has(node)) continue
      held.set(node, { type: state.causeType[node] as number, by: state.causeBy[node] as number })
      state.status[node] = Status.retrying
      state.until[node] = state.now + delay
      this.clock.push(state.now + delay, node)
    }
  }

  /** The retry delay of a node is over, or the time by which it was late. */
  private wake(node: InstanceNumber): void {
    const { state } = this
    timer(this.core, node)
    const cause = state.attempt[node] === 0 ? this.held.get(node) : undefined
    if (cause === undefined) return
    state.causeType[node] = cause.type
    state.causeBy[node] = cause.by
  }

  /** An earlier result takes the place of running. */
  private find(node: InstanceNumber): void {
    this.looking.delete(node)
    if (this.state.status[node] === Status.running) this.observer?.finished(node)
    satisfied(this.core, node)
  }

  /** Begins to look for an earlier result, where there is one; the number of the event that finds it, else -1. */
  private look(node: InstanceNumber): number {
    if (this.model?.found === undefined) return -1
    const known = this.looking.get(node)
    if (known !== undefined) return known
    const { state } = this
    const after = this.model.found(state.task[node] as number, state.index[node] as number)
    if (after < 0) return -1
    const sequence = this.clock.push(state.now + after, node)
    this.looking.set(node, sequence)
    return sequence
  }

  private reply({ question, task, index, upstream }: OpenQuestion): void {
    const { core } = this
    const model = this.model as SimulationModel
    if (question === 'expand') {
      const count = model.count(task)
      expanded(core, task, count, count < 0)
      return
    }
    const { value, chosen, failed } = model.answer(question, task, index, upstream)
    if (question === 'edge') edgeAnswered(core, task, index, upstream, value, failed)
    else if (question === 'when') whenAnswered(core, task, index, value, failed)
    else branchAnswered(core, task, index, chosen, failed)
  }

  private endAttempt(node: InstanceNumber): void {
    const { state, core } = this
    const model = this.model as SimulationModel
    const task = state.task[node] as number
    const index = state.index[node] as number
    const attempt = state.attempt[node] as number
    const stopped = state.wish[node] !== Wish.none
    this.observer?.finished(node)
    const late = !stopped && this.takesTooLong(task, index, attempt)
    if (late) this.timedOut[task] = 1
    const outcome: AttemptOutcome = stopped ? 'cancelled' : late ? 'timed_out' : model.outcome(task, index, attempt)
    if (outcome === 'success') {
      finished(core, node, outcome, false, 0, -1)
      return
    }
    const delay = late ? -1 : model.retryDelay(task, index, attempt)
    const until = delay < 0 ? -1 : state.now + delay
    const retryable = late || model.retryable(task, index, attempt)
    finished(core, node, outcome, retryable, model.random(task, index, attempt), until)
  }

  private takesTooLong(task: TaskNumber, index: number, attempt: number): boolean {
    if (this.limits === null || this.limits[task] === Infinity || this.model === null) return false
    return this.model.duration(task, index, attempt) > (this.limits[task] as number)
  }

  ask(question: Question, task: TaskNumber, index: number, upstream: TaskNumber): void {
    this.questions.push({ question, task, index, upstream })
  }

  expand(task: TaskNumber): void {
    this.questions.push({ question: 'expand', task, index: -1, upstream: -1 })
  }

  queue(node: InstanceNumber): void {
    this.look(node)
  }

  start(node: InstanceNumber): void {
    const { state } = this
    if (node >= this.starts.length) this.grow()
    const attempt = state.attempt[node] as number
    if (attempt === 1) this.starts[node] = state.now
    const model = this.model as SimulationModel
    const finding = this.look(node)
    if (finding >= 0) {
      this.ending[node] = finding
      if ((model.found?.(state.task[node] as number, state.index[node] as number) ?? 0) > 0)
        this.observer?.started(node)
      return
    }
    const task = state.task[node] as number
    const duration = model.duration(task, state.index[node] as number, attempt)
    const taken = this.limits === null ? duration : Math.min(duration, this.limits[task] as number)
    this.ending[node] = this.clock.push(state.now + this.latency + taken, node)
    this.observer?.started(node)
  }

  retry(node: InstanceNumber): void {
    this.clock.push(this.state.until[node] as number, node)
  }

  settle(node: InstanceNumber, _why: Why, by: InstanceNumber): void {
    if (node >= this.ends.length) this.grow()
    this.ends[node] = this.state.now
    this.observer?.settled(node, by)
  }

  stop(node: InstanceNumber): void {
    this.ending[node] = this.clock.push(this.state.now, node)
  }

  reset(): void {}

  end(): void {}

  private grow(): void {
    const size = this.state.status.length
    const larger = <A extends Float64Array | Int32Array>(from: A, to: A): A => {
      to.set(from)
      return to
    }
    this.starts = larger(this.starts, new Float64Array(size))
    this.ends = larger(this.ends, new Float64Array(size))
    this.ending = larger(this.ending, new Int32Array(size))
  }
}
