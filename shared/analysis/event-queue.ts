import type { Micros } from '../model/time.ts'
import type { InstanceNumber } from '../scheduler/types.ts'

/** A binary heap of events by time, then by the order in which they were pushed. */
export class EventQueue {
  size = 0
  /** Of the event popped last. */
  time: Micros = 0
  node: InstanceNumber = -1
  sequence = 0
  private pushed = 0
  private times = new Float64Array(64)
  private sequences = new Int32Array(64)
  private nodes = new Int32Array(64)

  clear(): void {
    this.size = 0
    this.pushed = 0
  }

  /** Returns the event's number. */
  push(time: Micros, node: InstanceNumber): number {
    if (this.size === this.times.length) this.grow()
    const { times } = this
    const sequence = this.pushed++
    let at = this.size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((times[parent] as number) <= time) break
      this.move(parent, at)
      at = parent
    }
    this.put(at, time, sequence, node)
    return sequence
  }

  pop(): void {
    const { times, sequences } = this
    this.time = times[0] as number
    this.sequence = sequences[0] as number
    this.node = this.nodes[0] as number
    const size = --this.size
    const time = times[size] as number
    const sequence = sequences[size] as number
    let at = 0
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && this.before(child + 1, times[child] as number, sequences[child] as number)) child++
      if (!this.before(child, time, sequence)) break
      this.move(child, at)
      at = child
    }
    this.put(at, time, sequence, this.nodes[size] as number)
  }

  private before(at: number, time: Micros, sequence: number): boolean {
    const own = this.times[at] as number
    return own < time || (own === time && (this.sequences[at] as number) < sequence)
  }

  private move(from: number, to: number): void {
    this.put(to, this.times[from] as number, this.sequences[from] as number, this.nodes[from] as number)
  }

  private put(at: number, time: Micros, sequence: number, node: InstanceNumber): void {
    this.times[at] = time
    this.sequences[at] = sequence
    this.nodes[at] = node
  }

  private grow(): void {
    const times = new Float64Array(this.times.length * 2)
    const sequences = new Int32Array(times.length)
    const nodes = new Int32Array(times.length)
    times.set(this.times)
    sequences.set(this.sequences)
    nodes.set(this.nodes)
    this.times = times
    this.sequences = sequences
    this.nodes = nodes
  }
}
