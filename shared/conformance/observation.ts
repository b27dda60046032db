import { type Cause, instanceLabel, type JournalEvent } from '../journal/event.ts'
import { secondsOf } from '../model/time.ts'
import type { ConformanceCase } from './case.ts'

/** What happened, in the words of a case. */
export interface Observation {
  readonly state: string
  /** In seconds. */
  readonly makespan: number
  readonly states: ReadonlyMap<string, string>
  readonly starts: readonly { readonly label: string; readonly time: number; readonly cause: string }[]
  readonly reasons: ReadonlyMap<string, string>
}

/** A run as its journal tells it: from a real engine, or from the scheduler under test. */
export function observe(events: readonly JournalEvent[]): Observation {
  const states = new Map<string, string>()
  const reasons = new Map<string, string>()
  const starts: { label: string; time: number; cause: string }[] = []
  let state = 'interrupted'
  let makespan = 0
  for (const event of events) {
    if (event.type === 'starting') {
      const label = startLabel(event.task, event.index, event.attempt)
      starts.push({ label, time: secondsOf(event.t), cause: causeText(event.cause) })
    } else if (event.type === 'settled') {
      const label = instanceLabel(event.task, event.index)
      states.set(label, event.state)
      if (event.reason !== null) reasons.set(label, event.reason.code)
      makespan = secondsOf(event.t)
    } else if (event.type === 'reset') {
      for (const label of states.keys()) if (isOf(label, event.task, event.index)) states.delete(label)
    } else if (event.type === 'ended') state = event.state
  }
  return { state, makespan, states, starts, reasons }
}

/** Whether the label is the instance's, or one of the task's where `index` is null. */
function isOf(label: string, task: string, index: number | null): boolean {
  return label === instanceLabel(task, index) || (index === null && label.startsWith(`${task}[`))
}

/** `a`, `m[1]`, `a#2` for the second attempt. */
export function startLabel(task: string, index: number | null, attempt: number): string {
  return attempt === 1 ? instanceLabel(task, index) : `${instanceLabel(task, index)}#${attempt}`
}

/** `dependency a`, `pool warehouse m[1]`, `begin`. */
export function causeText(cause: Cause): string {
  if (!('task' in cause)) return cause.type
  const by = cause.task === null ? 'another run' : instanceLabel(cause.task, cause.index)
  return cause.type === 'pool' ? `pool ${cause.pool} ${by}` : `${cause.type} ${by}`
}

export interface Comparison {
  /** How far a time may lie beside the expected one, in seconds; null: times are not compared. */
  readonly tolerance: number | null
  /** Real seconds for one second of the case. */
  readonly scale: number
}

/** Every difference between what happened and what the case expects, a line each; empty if it conforms. */
export function differences(
  { expect }: ConformanceCase,
  seen: Observation,
  { tolerance, scale }: Comparison = { tolerance: 0, scale: 1 },
): string[] {
  const found: string[] = []
  const compare = (what: string, actual: unknown, expected: unknown) => {
    if (actual !== expected) found.push(`${what}: ${String(actual)}, expected ${String(expected)}`)
  }
  const near = (actual: number, expected: number) =>
    tolerance === null || Math.abs(actual - expected * scale) <= tolerance + 1e-9
  compare('run', seen.state, expect.state)
  for (const label of new Set([...Object.keys(expect.states), ...seen.states.keys()])) {
    compare(label, seen.states.get(label), Object.hasOwn(expect.states, label) ? expect.states[label] : undefined)
  }
  for (const [label, code] of Object.entries(expect.reasons))
    compare(`reason of ${label}`, seen.reasons.get(label), code)
  if (!near(seen.makespan, expect.makespan)) {
    found.push(`makespan: ${seen.makespan} s, expected ${expect.makespan * scale} s`)
  }
  const count = Math.max(expect.starts.length, seen.starts.length)
  for (let at = 0; at < count; at++) {
    const actual = seen.starts[at]
    const wanted = /^(\S+) @(\S+) (.*)$/.exec(expect.starts[at] ?? '')
    const text = actual === undefined ? 'none' : `${actual.label} @${actual.time} ${actual.cause}`
    const same = actual !== undefined && wanted !== null && actual.label === wanted[1] && actual.cause === wanted[3]
    if (!(same && near(actual.time, Number(wanted[2])))) {
      found.push(`start ${at + 1}: ${text}, expected ${expect.starts[at] ?? 'none'}`)
    }
  }
  return found
}
