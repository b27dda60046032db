import type { Micros } from '../model/time.ts'
import { CauseCode, type SchedulerState } from '../scheduler/state.ts'
import type { InstanceNumber } from '../scheduler/types.ts'
import type { SimulationCore, SimulationObserver } from './simulation-core.ts'

/**
 * The attempts of a simulation and what brought each about, in arrays that are used again: what the realized critical
 * path and the use of slots over time are read from. `clear` before each run of the core it observes.
 */
export class SimulationTrace implements SimulationObserver {
  /** Attempts so far; they are numbered in the order of their starts. */
  size = 0
  node = new Int32Array(256)
  start = new Float64Array(256)
  end = new Float64Array(256)
  private causeType = new Uint8Array(256)
  private causeBy = new Int32Array(256)
  /** The attempt of the same node before; -1: none. */
  private before = new Int32Array(256)
  /** Per node: its latest attempt, and what settled it; -1: none. */
  private latest = new Int32Array(256)
  private settledBy = new Int32Array(256)
  private core: SimulationCore | null = null

  /** `core`: the one that is about to run, with this as its observer. */
  clear(core: SimulationCore): void {
    this.core = core
    this.size = 0
    this.latest.fill(-1)
    this.settledBy.fill(-1)
  }

  started(node: InstanceNumber): void {
    const { state } = this.core as SimulationCore
    const at = this.size++
    if (at === this.node.length) this.growAttempts()
    if (node >= this.latest.length) this.growNodes(node)
    this.node[at] = node
    this.start[at] = state.now
    this.causeType[at] = state.causeType[node] as number
    this.causeBy[at] = state.causeBy[node] as number
    this.before[at] = this.latest[node] as number
    this.latest[node] = at
  }

  finished(node: InstanceNumber): void {
    const attempt = this.latest[node] as number
    if (attempt >= 0) this.end[attempt] = (this.core as SimulationCore).state.now
  }

  settled(node: InstanceNumber, by: InstanceNumber): void {
    if (node >= this.latest.length) this.growNodes(node)
    const { state } = this.core as SimulationCore
    this.settledBy[node] = by >= 0 ? by : (state.causeBy[node] as number)
  }

  /**
   * Visits the nodes of the realized critical path (DESIGN section 5), last to first: from what ended last back along
   * binding causes. The same walk as realizedPath makes over a journal.
   */
  walk(visit: (node: InstanceNumber) => void): void {
    const { state, ends } = this.core as SimulationCore
    let node = lastNode(state, ends, this.latest)
    let attempt = node < 0 ? -1 : (this.latest[node] as number)
    // Instants of no length may cause each other in a circle.
    let steps = this.size + state.nodes
    while (node >= 0 && steps-- > 0) {
      visit(node)
      if (attempt < 0) {
        const by = this.settledBy[node] as number
        node = by < 0 || by === node ? -1 : this.lastEnded(by, ends[node] as number)
        attempt = node < 0 ? -1 : (this.latest[node] as number)
        continue
      }
      const type = this.causeType[attempt]
      const by = this.causeBy[attempt] as number
      const start = this.start[attempt] as number
      if (type === CauseCode.retry) attempt = this.before[attempt] as number
      else if (type === CauseCode.begin || by < 0) return
      else if (type === CauseCode.dependency) {
        node = this.lastEnded(by, start)
        attempt = node < 0 ? -1 : (this.latest[node] as number)
      } else {
        node = by
        attempt = this.attemptEndedBy(by, start)
      }
      if (attempt < 0 && type !== CauseCode.dependency) return
    }
  }

  /** The node itself, or of a mapped task as a whole the instance that ended last, not after `limit`. */
  private lastEnded(node: InstanceNumber, limit: Micros): InstanceNumber {
    const { state, ends } = this.core as SimulationCore
    const size = node < state.first.length ? (state.size[node] as number) : -1
    if (size <= 0) return node
    const first = state.first[node] as number
    let found = -1
    for (let instance = first; instance < first + size; instance++) {
      const end = ends[instance] as number
      if (end <= limit && (found < 0 || end > (ends[found] as number))) found = instance
    }
    return found
  }

  private attemptEndedBy(node: InstanceNumber, limit: Micros): number {
    let attempt = this.latest[node] as number
    while (attempt >= 0 && (this.start[attempt] as number) > limit) attempt = this.before[attempt] as number
    while (attempt >= 0 && (this.end[attempt] as number) > limit) attempt = this.before[attempt] as number
    return attempt
  }

  private growAttempts(): void {
    const size = this.node.length * 2
    this.node = grown(this.node, new Int32Array(size))
    this.start = grown(this.start, new Float64Array(size))
    this.end = grown(this.end, new Float64Array(size))
    this.causeType = grown(this.causeType, new Uint8Array(size))
    this.causeBy = grown(this.causeBy, new Int32Array(size))
    this.before = grown(this.before, new Int32Array(size))
  }

  private growNodes(node: InstanceNumber): void {
    const size = Math.max(node + 1, this.latest.length * 2)
    this.latest = grown(this.latest, new Int32Array(size).fill(-1))
    this.settledBy = grown(this.settledBy, new Int32Array(size).fill(-1))
  }
}

function grown<A extends Uint8Array | Int32Array | Float64Array>(values: A, larger: A): A {
  larger.set(values)
  return larger
}

/** What ended last; ties: what ran before what did not, then file order. -1: nothing did. */
function lastNode(state: SchedulerState, ends: Float64Array, latest: Int32Array): InstanceNumber {
  let found = -1
  for (let node = 0; node < state.nodes; node++) {
    if (isWhole(state, node) || ends[node] === undefined) continue
    const end = ends[node] as number
    const ran = (latest[node] as number) >= 0
    if (found < 0 || end > (ends[found] as number)) found = node
    else if (end === ends[found] && ran && (latest[found] as number) < 0) found = node
  }
  return found
}

/** A mapped task with instances: they stand for it. */
function isWhole(state: SchedulerState, node: InstanceNumber): boolean {
  return node < state.size.length && (state.size[node] as number) > 0
}
