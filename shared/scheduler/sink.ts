import type { Plan } from './plan.ts'
import type { SchedulerState } from './state.ts'
import type { InstanceNumber, TaskNumber } from './types.ts'

/** Why a node ended as it did; worded in reason.ts. */
export const Why = {
  none: 0,
  rule: 1,
  edgeFalse: 2,
  whenFalse: 3,
  notTaken: 4,
  emptyMap: 5,
  expression: 6,
  attempt: 7,
  cancelled: 8,
  failFast: 9,
  marked: 10,
  instances: 11,
  cleared: 12,
  stopAtFailure: 13,
  handler: 14,
  runTimeout: 15,
} as const
export type Why = (typeof Why)[keyof typeof Why]

/** Of a run that is being stopped: by a person, or by its own timeout. */
export function whyCancelled({ overrun }: SchedulerState): Why {
  return overrun < 0 ? Why.cancelled : Why.runTimeout
}

export type Question = 'edge' | 'when' | 'branch'

/**
 * Where decisions go, as bare numbers so that a simulation allocates nothing. A node is a task, or an instance of a
 * mapped one; what else a command carries (attempt, cause, until) stands in the state at that node.
 */
export interface Sink {
  ask(question: Question, task: TaskNumber, index: number, upstream: TaskNumber): void
  expand(task: TaskNumber): void
  queue(node: InstanceNumber): void
  start(node: InstanceNumber): void
  retry(node: InstanceNumber): void
  settle(node: InstanceNumber, why: Why, by: InstanceNumber): void
  stop(node: InstanceNumber, why: Why, by: InstanceNumber): void
  /** Back to pending: a person cleared it, or marked something above. A mapped task has no instances any more. */
  reset(node: InstanceNumber): void
  end(): void
}

/** A list that keeps its memory when it is emptied: setting an array's length to 0 would give it back each time. */
export interface NodeList {
  readonly nodes: InstanceNumber[]
  size: number
}

export function addNode(list: NodeList, node: InstanceNumber): void {
  list.nodes[list.size++] = node
}

/** One scheduler at work. */
export interface Core {
  readonly plan: Plan
  readonly state: SchedulerState
  readonly sink: Sink
  /** Settled nodes whose downstreams do not know it yet; empty between events. A list instead of recursion: chains may be any length. */
  readonly settled: NodeList
  /** Nodes made ready by this event; empty between events. */
  readonly readied: NodeList
}

export function createCore(plan: Plan, state: SchedulerState, sink: Sink): Core {
  return { plan, state, sink, settled: { nodes: [], size: 0 }, readied: { nodes: [], size: 0 } }
}

/** Asks the host; it answers every question once, in its own time. */
export function ask(core: Core, question: Question, task: TaskNumber, index: number, upstream: TaskNumber): void {
  core.state.questions++
  core.sink.ask(question, task, index, upstream)
}

/** An answer came, whether or not it still matters. */
export function answered(core: Core): void {
  if (core.state.questions > 0) core.state.questions--
}
