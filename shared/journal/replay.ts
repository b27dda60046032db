import type { Micros } from '../model/time.ts'
import type { JournalEvent } from './event.ts'
import { applyEvent, createRunView } from './fold.ts'
import type { InstanceView, RunView, TaskView } from './run-view.ts'

/** A view after `applied` events. Its tasks are shared with later views, and copied before an event changes them. */
interface Checkpoint {
  readonly applied: number
  readonly view: RunView
  readonly tasks: readonly TaskView[]
}

/** A checkpoint at least this many events after the last, and at most 64 of them while the journal doubles. */
const SPACING = 512
const MOST_PER_DOUBLING = 64

/**
 * A run as it was at any instant: the fold of its journal up to there. `view` is one object that `seek` changes. Going
 * on applies events; going back starts at a checkpoint, of which only what changed since the one before is held twice.
 * A seek costs at most the events between two checkpoints and one step for every task.
 */
export class RunReplay {
  readonly view: RunView
  private readonly spacing: number
  private readonly events: JournalEvent[] = []
  /** Of each event, never less than of the one before: a damaged journal may go back in time. */
  private readonly times: Micros[] = []
  private readonly checkpoints: Checkpoint[] = []
  /** Made since the last checkpoint, so changed in place. */
  private owned = new Set<TaskView | InstanceView>()
  private count = 0

  /** `events`: a journal, its header first. Throws a RangeError where there is none. */
  constructor(events: readonly JournalEvent[], spacing = SPACING) {
    const header = events[0]
    if (header?.type !== 'run') throw new RangeError('A journal begins with its header')
    this.spacing = spacing
    this.view = createRunView(header)
    this.extend(events)
    this.keep()
    this.seekEvent(1)
  }

  /** How many events the view holds; at least the header. */
  get applied(): number {
    return this.count
  }

  /** Adds what came after: `events` is the whole journal, as far as it goes now. */
  extend(events: readonly JournalEvent[]): void {
    for (let index = this.events.length; index < events.length; index++) {
      const event = events[index]!
      this.events.push(event)
      this.times.push(Math.max(event.t, this.times.at(-1) ?? 0))
    }
  }

  /** Shows the run as it was at `t`: every event up to and at that instant has happened. */
  seek(t: Micros): void {
    this.seekEvent(this.countAt(t))
  }

  /** Shows the run after its first `count` events; less than the header or more than all there are is cut. */
  seekEvent(count: number): void {
    const wanted = Math.max(1, Math.min(count, this.events.length))
    const from = this.checkpoints.findLast(({ applied }) => applied <= wanted)!
    if (wanted < this.count || from.applied > this.count) this.restore(from)
    while (this.count < wanted) this.advance()
  }

  /** The instant of the first event after `t` (`step` 1) or of the last before it (-1); null where there is none. */
  neighbour(t: Micros, step: 1 | -1): Micros | null {
    if (step > 0) return this.times[this.countAt(t)] ?? null
    let low = this.countAt(t)
    while (low > 0 && this.times[low - 1]! >= t) low--
    return low === 0 ? null : this.times[low - 1]!
  }

  /** How many events had happened at `t`. */
  private countAt(t: Micros): number {
    let [low, high] = [0, this.times.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.times[middle]! <= t) low = middle + 1
      else high = middle
    }
    return low
  }

  private advance(): void {
    const event = this.events[this.count]!
    this.own(event)
    applyEvent(this.view, event)
    this.count++
    const last = this.checkpoints.at(-1)!.applied
    if (this.count - last >= Math.max(this.spacing, this.count / MOST_PER_DOUBLING)) this.keep()
  }

  /** Copies what the event may change and a checkpoint holds. */
  private own(event: JournalEvent): void {
    if (!('task' in event)) return
    let task = this.view.tasks.get(event.task)
    if (task === undefined) return
    if (!this.owned.has(task)) {
      task = { ...task, counts: { ...task.counts }, instances: task.instances.slice() }
      this.owned.add(task)
      this.view.tasks.set(event.task, task)
    }
    const place = ('index' in event ? event.index : null) ?? 0
    const instance = task.instances[place]
    if (instance === undefined || this.owned.has(instance)) return
    const own = { ...instance, attempts: instance.attempts.map((attempt) => ({ ...attempt })) }
    this.owned.add(own)
    task.instances[place] = own
  }

  private keep(): void {
    this.checkpoints.push({
      applied: this.count,
      view: {
        ...this.view,
        order: [...this.view.order],
        counts: { ...this.view.counts },
        anchors: [...this.view.anchors],
        interpreters: [...this.view.interpreters],
      },
      tasks: [...this.view.tasks.values()],
    })
    this.owned = new Set()
  }

  private restore({ applied, view, tasks }: Checkpoint): void {
    const { tasks: byId, order, counts, anchors, interpreters } = this.view
    Object.assign(this.view, view, { tasks: byId, order, counts, anchors, interpreters })
    for (const id of order.slice(view.order.length)) byId.delete(id)
    for (const task of tasks) byId.set(task.id, task)
    become(order, view.order)
    become(anchors, view.anchors)
    become(interpreters, view.interpreters)
    Object.assign(counts, view.counts)
    this.owned = new Set()
    this.count = applied
  }
}

function become<T>(list: T[], other: readonly T[]): void {
  list.length = other.length
  other.forEach((item, index) => {
    list[index] = item
  })
}
